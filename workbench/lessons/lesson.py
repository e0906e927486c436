"""A lesson in a notebook: `lesson.session` to work with, `lesson.check("rfm-1", answer)` to hear how it went."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from workbench.errors import ChoiceError, StoreError
from workbench.i18n import t
from workbench.lessons.exercises import exercises
from workbench.lessons.in_notebook import prepare_notebook
from workbench.load import load
from workbench.panels import Session, page_language
from workbench.panels.exercise import Exercise, is_finite_number, same
from workbench.panels.guarded_widgets import log_to_file
from workbench.samples import generate
from workbench.store import Store, open_store
from workbench.store.folder import locate
from workbench.visible_text import html_text

SAMPLE_STORE = "sample.store"


@dataclass(frozen=True)
class ExerciseQuestion:
    """What an exercise asks."""

    words: str

    def __str__(self) -> str:
        return self.words

    def _repr_html_(self) -> str:
        return f'<p style="max-width:48rem">{html_text(self.words)}</p>'


@dataclass(frozen=True)
class Verdict:
    """Whether an answer is right, and what to say about it."""

    is_right: bool
    words: str

    def __str__(self) -> str:
        return self.words

    def _repr_html_(self) -> str:
        mark, colour = ("✓", "#0B5F5A") if self.is_right else ("→", "#A0561F")
        style = f"border-left:3px solid {colour};padding:4px 12px;max-width:48rem"
        return f'<div style="{style}"><b style="color:{colour}">{mark}</b> {html_text(self.words)}</div>'


class Lesson:
    """A learner's session and the exercises on its data.

    Without a store's address it opens what WORKBENCH_STORE names, else ./crm.store; where there is none yet, the
    sample company is loaded into a store beside it first, so that a class can begin. In a notebook it shows the
    language switch, which the panels, the text between the cells and the results of code follow.
    """

    def __init__(self, *, lang: str | None = None, store: str | Path | None = None) -> None:
        log_to_file()
        self.session = Session(_opened(store), lang=lang or page_language())
        self.switch = prepare_notebook(self.session, is_given=lang is not None)

    def ask(self, name: str) -> ExerciseQuestion:
        """Return the question of an exercise, e.g. "rfm-1"."""
        _known(name)
        return ExerciseQuestion(t(f"lessons.{name}.question", self.session.lang))

    def check(self, name: str, answer: Any) -> Verdict:
        """Say whether the answer is right; if not, what the mistake may have been, never the answer itself."""
        exercise = _known(name)
        if answer is None or answer is ...:
            return self._say("lessons.none_yet")
        expected = self._computed(name, "right", exercise.solve)
        called = isinstance(answer, str) and answer.strip() in exercise.names(expected)
        if called or same(answer, expected, exercise.tolerance):
            return self._say(f"lessons.{name}.right", is_right=True)
        return self._say(self._hint(name, exercise, answer, expected))

    def _hint(self, name: str, exercise: Exercise, answer: Any, expected: Any) -> str:
        """Find the most telling hint: a known mistake, another kind of answer, another unit, too much or too little."""
        for mistake, give in exercise.mistakes.items():
            if same(answer, self._computed(name, mistake, give), exercise.tolerance):
                return f"lessons.{name}.{mistake}"
        if isinstance(expected, str):
            return f"lessons.{name}.hint" if isinstance(answer, str) else "lessons.expects_text"
        if not is_finite_number(answer):
            return "lessons.expects_number"
        if same(float(answer) / 100, expected, exercise.tolerance):
            return "lessons.share_not_percent"
        return "lessons.too_high" if float(answer) > float(expected) else "lessons.too_low"

    def _computed(self, name: str, which: str, compute: Callable[[Session], Any]) -> Any:
        """Work an answer out once for the filters in force: a learner who tries again does not wait again."""
        return self.session.remember(("exercise", name, which), lambda: compute(self.session))

    def _say(self, key: str, *, is_right: bool = False) -> Verdict:
        return Verdict(is_right, t(key, self.session.lang))


def _known(name: str) -> Exercise:
    known = exercises()
    if name not in known:
        raise ChoiceError("unknown_choice", name="exercise", value=name, allowed=sorted(known))
    return known[name]


def _opened(address: str | Path | None) -> Store:
    """Open the learner's store; where there is none, the sample company's.

    That one stands beside the store that was looked for, so that nobody's own data are mixed with invented ones.
    """
    try:
        return open_store(address)
    except StoreError as error:
        if error.key not in ("no_store", "no_snapshot"):
            raise
    if address is None:
        return _opened(locate(None).with_name(SAMPLE_STORE))
    with tempfile.TemporaryDirectory() as folder:
        generate(folder)
        load([folder], store=address, mapping=Path(folder) / "mapping.toml")
    return open_store(address)
