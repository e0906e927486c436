"""Which end of a scale is the good one: what a legend, the numbers of options and a mark of turned questions say."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from workbench.load.suggesting.column_shapes import RowSample
from workbench.load.suggesting.item_proposal import ItemProposal
from workbench.load.suggesting.proposal_draft import ProposalDraft
from workbench.load.suggesting.question_texts import is_better_denied, lowest_is_best, stated_scale

OPTION_NUMBERS = re.compile(
    r"按(?:选项)?序号|选项(?:序号|编码)|(?:option|choice)[ _-]?(?:numbers?|codes?)", re.IGNORECASE
)
"""What tools put into the name of a file that holds the place of each answer among its options, and no mark."""

TURNED_QUESTION = re.compile(
    r"[ _.-](?:r|rev|reversed?)$|[(（\[](?:r|rev|reversed?|反向?)[)）\]]|反向(?:计分|题)", re.IGNORECASE
)
"""How those who make questionnaires mark a question that is put the other way round."""


def turned_by_legend(draft: ProposalDraft, proposals: Iterable[ItemProposal]) -> list[ItemProposal]:
    """Turn the ratings round where a line above or below the table says that the lowest number is the best."""
    legend = _legend(draft.sample)
    if legend is None:
        return [*proposals]
    return [
        replace(one, item=replace(one.item, reversed=True)) if _is_silent(draft, one) and _fits(legend, one) else one
        for one in proposals
    ]


def ask_directions(draft: ProposalDraft, proposals: Sequence[ItemProposal]) -> None:
    """Ask which end is the good one where something outside a question, or its own words, make that doubtful.

    Of a legend, and of a file with the numbers of options, all questions are asked about at once; one that is put the
    other way round, or names something bad, by itself.
    """
    legend = _legend(draft.sample)
    silent = [one for one in proposals if _is_silent(draft, one)]
    if legend is not None:
        _ask_of_all(draft, [one for one in silent if _fits(legend, one)], "legend_direction", "lowest", legend=legend)
    elif OPTION_NUMBERS.search(draft.sample.file):
        _ask_of_all(draft, silent, "option_direction", "")
    else:
        for one in silent:
            if TURNED_QUESTION.search(one.header):
                _ask_of_one(draft, one, "turned_question")
    for one in proposals:
        if _is_rated(one) and _is_denied(draft, one) and lowest_is_best(draft.question_text(one.header)) is None:
            _ask_of_one(draft, one, "answer_direction")


def _legend(sample: RowSample) -> str | None:
    """The line outside the table that says that the lowest number is the best."""
    return next((text for text in (*sample.titles, *sample.notes) if lowest_is_best(text)), None)


def _fits(legend: str, proposal: ItemProposal) -> bool:
    scale = stated_scale(legend)
    return scale is None or scale == proposal.item.scale


def _is_rated(proposal: ItemProposal) -> bool:
    return proposal.doubt not in ("words", "choices") and proposal.item.kind != "nps"


def _is_denied(draft: ProposalDraft, proposal: ItemProposal) -> bool:
    return is_better_denied(draft.question_text(proposal.header))


def _is_silent(draft: ProposalDraft, proposal: ItemProposal) -> bool:
    """Whether a rating's own words say nothing of its direction."""
    text = draft.question_text(proposal.header)
    return _is_rated(proposal) and lowest_is_best(text) is None and not is_better_denied(text)


def _ask_of_all(
    draft: ProposalDraft, proposals: Iterable[ItemProposal], key: str, suggested: str, **facts: object
) -> None:
    groups: dict[tuple[float | None, float | None], list[ItemProposal]] = {}
    for one in proposals:
        groups.setdefault(one.item.scale, []).append(one)
    for (low, high), members in groups.items():
        headers = [one.header for one in members]
        questions = [draft.question_text(header) for header in headers]
        of_items = {"items": headers, "questions": questions, "low": low, "high": high}
        draft.ask(key, _ends(members[0]), **of_items, **facts, suggested=suggested)


def _ask_of_one(draft: ProposalDraft, proposal: ItemProposal, key: str) -> None:
    low, high = proposal.item.scale
    facts = {"items": [proposal.header], "question": draft.question_text(proposal.header), "low": low, "high": high}
    draft.ask(key, _ends(proposal), **facts, suggested="")


def _ends(proposal: ItemProposal) -> dict[str, tuple[str, ...]]:
    low, high = proposal.item.scale
    return {"highest": (f"{high:g} > {low:g}",), "lowest": (f"{low:g} > {high:g}",)}
