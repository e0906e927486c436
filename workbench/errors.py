"""The errors the workbench raises: a key and facts, worded in the reader's language only where they are shown."""

from __future__ import annotations

import logging
from functools import partial

from workbench.i18n import catalog, t, usual_language

log = logging.getLogger("workbench.errors")


class WorkbenchError(Exception):
    """Something the user can mend: what is wrong; what was expected or exists; what to do.

    `key` names the sentence in the catalogs (`errors.<key>`), `facts` fill its blanks.
    Facts are names, counts and places, never the values of a customer's row. One that is the key of a term
    (`terms.nps`) is worded with the sentence.
    """

    def __init__(self, key: str, **facts: object) -> None:
        self.key = key
        self.facts = facts
        super().__init__(key, facts)

    def words(self, lang: str) -> str:
        """Say the error in the reader's language, "en" or "zh"."""
        said = {name: t(str(fact), lang) if _is_term(fact) else fact for name, fact in self.facts.items()}
        return t(f"errors.{self.key}", lang, **said)

    def __reduce__(self) -> tuple[object, ...]:
        """Travel between processes whole: pickling an exception would give back its arguments alone."""
        return partial(type(self), self.key, **self.facts), ()

    def __str__(self) -> str:
        return self.words("en")

    def _render_traceback_(self) -> list[str]:
        """Say the error in a notebook: IPython asks for this in place of a traceback, which the log has.

        After `%xmode Verbose` the traceback is shown as that of any other exception.
        """
        from IPython.core.getipython import get_ipython

        lang, shell = usual_language(), get_ipython()
        if shell is not None and shell.InteractiveTB.mode == "Verbose":
            lines: list[str] = shell.InteractiveTB.structured_traceback(type(self), self, self.__traceback__)
            return lines
        log.warning("shown in a notebook: %s", self, exc_info=self)
        return [self.words(lang), t("errors.whole_traceback", lang)]


def _is_term(fact: object) -> bool:
    return isinstance(fact, str) and fact.startswith("terms.") and fact in catalog()


class LoadError(WorkbenchError):
    """A file or mapping that cannot be loaded as it is."""

    def words(self, lang: str) -> str:
        """Say the error; `reasons` for which rows were rejected are keys of sentences themselves."""
        reasons = self.facts.get("reasons")
        if not isinstance(reasons, list):
            return super().words(lang)
        keys = [f"load.reject_{reason}" for reason in reasons]
        named = [t(key, lang) if key in catalog() else reason for key, reason in zip(keys, reasons, strict=True)]
        return t(f"errors.{self.key}", lang, **{**self.facts, "reasons": named})


class StoreError(WorkbenchError):
    """A store that is missing, damaged, of another version, busy or full."""


class ChoiceError(WorkbenchError):
    """An argument or a control set to something that cannot be: names the choice and what is allowed."""


class NothingToShow(WorkbenchError):  # noqa: N818  an answer in words, not a mistake
    """The question is sound, but no rows answer it (an empty filter, too few answers)."""


class ExportError(WorkbenchError):
    """A table or chart that cannot leave as the file asked for."""


class InstallError(WorkbenchError):
    """A part of the workbench that should have come with it is not there."""
