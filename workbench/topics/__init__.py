"""The topics, one folder each: `from workbench.topics import pareto` and `pareto.abc_classes(facts)`."""

from types import ModuleType


def __getattr__(name: str) -> ModuleType:
    """Import a topic when it is asked for; the error for an unknown name lists the topics there are."""
    from importlib import import_module

    from workbench.discovery import topic_names

    if name not in topic_names():
        raise AttributeError(f"There is no topic {name!r}. There are: {', '.join(topic_names())}.")
    return import_module(f"{__name__}.{name}")
