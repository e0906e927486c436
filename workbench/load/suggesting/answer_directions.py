"""Which end of a scale is the good one: what a legend, the numbers of options and a mark of turned questions say."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from workbench.load.suggesting.answer_words import word_scales
from workbench.load.suggesting.column_shapes import RowSample
from workbench.load.suggesting.item_proposal import ItemProposal
from workbench.load.suggesting.proposal_draft import ProposalDraft
from workbench.load.suggesting.question_texts import is_better_denied, lowest_is_best, stated_scale
from workbench.load.suggesting.word_items import is_plain_number, is_worded

OPTION_NUMBERS = re.compile(
    r"按(?:选项)?序号|选项(?:序号|编码)|(?:option|choice)[ _-]?(?:numbers?|codes?)", re.IGNORECASE
)
"""What tools put into the name of a file that holds the place of each answer among its options, and no mark."""

KEYS_PRESSED = re.compile(r"按键|键值|\b(?:dtmf|ivr|key ?press(?:ed)?)\b", re.IGNORECASE)
"""How a telephone's menu calls its answers: the key that was pressed, of which 1 mostly stands for the best."""

FEWEST_PAIRS = 3
"""So many numbers that each stand beside a word of their own tell what the numbers mean."""

TURNED_QUESTION = re.compile(
    r"[ _.-](?:r|rev|reversed?)$|[(（\[](?:r|rev|reversed?|反向?)[)）\]]|反向(?:计分|题)", re.IGNORECASE
)
"""How those who make questionnaires mark a question that is put the other way round."""


def turned_by_legend(draft: ProposalDraft, proposals: Iterable[ItemProposal]) -> list[ItemProposal]:
    """Turn the ratings round where a line outside the table, or a column of words, says that the lowest is best."""
    legend = _legend(draft.sample)
    return [
        replace(one, item=replace(one.item, reversed=True))
        if _is_silent(draft, one) and ((legend is not None and _fits(legend, one)) or _words_beside(draft, one))
        else one
        for one in proposals
    ]


def ask_directions(draft: ProposalDraft, proposals: Sequence[ItemProposal]) -> None:
    """Ask which end is the good one where something outside a question, or its own words, make that doubtful.

    Of a legend, and of a file with the numbers of options, all questions are asked about at once; one that is put the
    other way round, or names something bad, by itself.
    """
    legend = _legend(draft.sample)
    silent = [one for one in proposals if _is_silent(draft, one)]
    for one in silent:
        if words := _words_beside(draft, one):
            other, pairs = words
            _ask_of_one(draft, one, "paired_direction", "lowest", other=other, legend=", ".join(pairs))
    silent = [one for one in silent if not _words_beside(draft, one)]
    if legend is not None:
        _ask_of_all(draft, [one for one in silent if _fits(legend, one)], "legend_direction", "lowest", legend=legend)
    elif OPTION_NUMBERS.search(draft.sample.file):
        _ask_of_all(draft, silent, "option_direction", "")
    else:
        _ask_of_all(draft, [one for one in silent if KEYS_PRESSED.search(one.header)], "key_direction", "")
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


def _ask_of_one(draft: ProposalDraft, proposal: ItemProposal, key: str, suggested: str = "", **facts: object) -> None:
    low, high = proposal.item.scale
    of_item = {"items": [proposal.header], "question": draft.question_text(proposal.header), "low": low, "high": high}
    draft.ask(key, _ends(proposal), **of_item, **facts, suggested=suggested)


def _words_beside(draft: ProposalDraft, proposal: ItemProposal) -> tuple[str, Sequence[str]] | None:
    """The column that writes a rating's numbers out in words, and the pairs, where the best word has the lowest one."""
    numbers = draft.sample.values.get(proposal.header)
    if numbers is None:  # a long survey
        return None
    for header, shape in draft.shapes.items():
        if header != proposal.header and shape.few and is_worded(shape):
            rows = {*zip(numbers, draft.sample.values[header], strict=True)}
            pairs = {
                float(number): word.strip() for number, word in rows if number and word and is_plain_number(number)
            }
            if len(pairs) == len({*pairs.values()}) >= FEWEST_PAIRS and _run_down(pairs):
                return header, [f"{number:g} = {word}" for number, word in sorted(pairs.items())]
    return None


def _run_down(pairs: Mapping[float, str]) -> bool:
    """Whether the words get worse from number to number."""
    scales = word_scales(pairs.values())
    scores = [scales[0].scores.get(word) for _, word in sorted(pairs.items())] if scales else [None]
    known = [score for score in scores if score is not None]
    return len(known) == len(scores) == len({*known}) and known == sorted(known, reverse=True)


def _ends(proposal: ItemProposal) -> dict[str, tuple[str, ...]]:
    low, high = proposal.item.scale
    return {"highest": (f"{high:g} > {low:g}",), "lowest": (f"{low:g} > {high:g}",)}
