"""Which analyses the data allow: every panel with its verdict, what is missing, and the line to add to the mapping."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial

import pandas as pd

from workbench.charts.words import count_words
from workbench.i18n import catalog, t
from workbench.panels.base import Answer, Panel, Parts
from workbench.panels.columns import column_words
from workbench.panels.layout import Figure, text
from workbench.panels.needs import GateVerdict, Lack, verdicts
from workbench.panels.privacy import Privacy
from workbench.panels.session import Session
from workbench.panels.worded_rows import ValueNames

STATES = ("possible", "limited", "impossible")


@dataclass(frozen=True)
class PossibleAnswer(Answer):
    """One row per panel (`rows`: panel, possible, lacking), and the verdicts they are made of."""

    judged: tuple[GateVerdict, ...]


def possible_analyses_panel(session: Session) -> Panel:
    """List every analysis: possible, possible in part, or not; what is missing, and what to do."""
    return Panel(
        session,
        topic="possible_analyses",
        controls={},
        analyse=partial(_analyse, session),
        analyses=(verdicts,),
        follows_filters=False,
        privacy=Privacy(()),
        draw={},
        parts=Parts(figures=_figures, summary=_summary, names=_names, recipe=lambda _: _RECIPE, imports=_IMPORTS),
    )


_IMPORTS = (("topics.data_quality", ("possible_analyses_panel",)),)
_RECIPE = ("rows = possible_analyses_panel(session).rows",)


def _analyse(session: Session) -> PossibleAnswer:
    """Judge by all data: what a filter leaves is said where it is set."""
    judged = tuple(verdicts(session.unfiltered()))
    rows = pd.DataFrame(
        {
            "panel": [one.panel for one in judged],
            "possible": [one.possible for one in judged],
            "lacking": [one.panel if one.lacks else "" for one in judged],
        }
    )
    return PossibleAnswer(lambda: session.store.sources, rows, session.store.snapshot.as_of, judged)


def _title(panel: str, lang: str) -> str:
    return t(f"panels.{panel}.title", lang)


def _names(answer: PossibleAnswer, lang: str) -> ValueNames:
    return {
        "panel": {one.panel: _title(one.panel, lang) for one in answer.judged},
        "possible": {state: t(f"panels.possible_analyses.states.{state}", lang) for state in STATES},
        "lacking": {one.panel: " ".join(_said(lack, lang) for lack in one.lacks) for one in answer.judged if one.lacks},
    }


def _figures(answer: PossibleAnswer, lang: str) -> Sequence[Figure]:
    counts = answer.rows["possible"].value_counts()
    return [
        Figure(t(f"panels.possible_analyses.states.{state}", lang), count_words(int(counts.get(state, 0)), lang))
        for state in STATES
    ]


def _summary(answer: PossibleAnswer, lang: str) -> str:
    """Return the analyses by verdict, what is not possible first, each with the sentences that say what is missing."""
    parts = []
    for state in reversed(STATES):
        judged = [one for one in answer.judged if one.possible == state]
        if judged:
            parts.append(text("h3", t(f"panels.possible_analyses.states.{state}", lang), "wb-section"))
            parts.append(f"<ul>{''.join(_items(judged, lang))}</ul>")
    return f'<div class="wb-possible">{"".join(parts)}</div>'


def _items(judged: Sequence[GateVerdict], lang: str) -> Iterator[str]:
    """Put analyses that lack the same together; those that lack nothing stand one by one."""
    together: dict[tuple[str, ...], list[str]] = {}
    for place, one in enumerate(judged):
        key = tuple(_said(lack, lang) for lack in one.lacks) or (str(place),)
        together.setdefault(key, []).append(_title(one.panel, lang))
    for key, titles in together.items():
        lacks = "".join(text("p", sentence) for sentence in key) if judged[0].lacks else ""
        yield f"<li>{''.join(text('p', title, 'wb-analysis') for title in titles)}{lacks}</li>"


def _said(lack: Lack, lang: str) -> str:
    """Say what is missing, and the lines of the mapping that would bring it."""
    sentence = lack.sentence.words(lang)
    if not lack.need.columns:
        return sentence
    table = lack.need.columns[0].partition(".")[0]
    lines = "  ".join(_line(column, lang) for column in lack.need.columns)
    space = "" if lang == "zh" else " "
    return sentence + space + t("panels.possible_analyses.add", lang, table=t(f"tables.{table}", lang), lines=lines)


def _line(column: str, lang: str) -> str:
    """Write the line for a column as a mapping has it, with the usual header in its place."""
    name = column.partition(".")[2]
    header = t(f"columns.{name}", lang) if f"columns.{name}" in catalog() else column_words(name, lang)
    return f'"{header}" = "{name}"'
