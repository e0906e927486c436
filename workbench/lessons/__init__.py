"""Lessons: a session on the learner's store, and exercises that answer in words what is right and what went wrong."""

from workbench.lessons.lesson import Lesson, Verdict

__all__ = ["Lesson", "Verdict"]
