"""A survey's proposal: all its items, rated, in words or with several choices, and the questions that remain."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import cast

from workbench.load.mapping.source_mapping import Item, SourceMapping, Suggestion
from workbench.load.suggesting.answer_directions import OPTION_NUMBERS, ask_directions, turned_by_legend
from workbench.load.suggesting.answer_words import are_option_codes, may_be_word_of
from workbench.load.suggesting.column_shapes import ColumnShape, RowSample, column_shapes
from workbench.load.suggesting.item_proposal import ItemProposal
from workbench.load.suggesting.proposal_draft import EXAMPLE_LINES, ProposalDraft
from workbench.load.suggesting.question_texts import asks_for_rating, is_better_denied, is_derived
from workbench.load.suggesting.survey_items import (
    doubting_tens,
    fills_zero_to_ten,
    find_items,
    find_lone_ratings,
    is_from_zero_to_ten,
    is_mark,
    may_be_positions,
    may_begin_at_one,
    times_of_zero,
)
from workbench.load.suggesting.word_items import find_choice_items, find_word_items

MOST_ITEMS_OF_LONG = 200
"""More different texts than so many in the column of questions are no questions."""

MOST_UNKNOWN_WORDS = 3
"""Of more words that no scale is known to have it is asked at once: they are hardly levels of one."""

MOST_LEVELS = 10
"""Of a longer scale the levels are no choices."""

SERVQUAL_KINDS = ("servqual_expectation", "servqual_perception")
EXPECTATIONS = re.compile(r"期望|感知|servqual|\bexpect|\bpercei|\bpercept", re.IGNORECASE)

SCALES_TO_FIVE = ((1, 3), (1, 4), (1, 5))
SCALES_TO_HUNDRED = ((0, 100), (1, 100))


def propose_items(
    sample: RowSample,
    shapes: Mapping[str, ColumnShape],
    taken: Sequence[str],
    *,
    is_survey: bool = False,
    every_rating: bool = False,
) -> list[ItemProposal]:
    """Propose the items of a wide survey, in the file's order.

    `is_survey` says that the file is known to be one: then cells with several choices are asked about, and columns
    answered from 0 to 10 under any header; where no question is known, or for `every_rating`, all small whole numbers.
    """
    texts = sample.labels
    taken = [*taken, *filter(is_derived, sample.header)]
    worded = find_word_items(shapes, taken, texts, is_survey=is_survey)
    taken = [*taken, *(one.header for one in worded)]
    proposals = [*worded, *find_items(shapes, taken, texts)]
    if is_survey:
        taken = [*taken, *(one.header for one in proposals)]
        proposals += find_choice_items(sample, shapes, taken)
        alone = find_lone_ratings(shapes, taken, texts)
        proposals += [
            one
            for one in alone
            if every_rating
            or not proposals
            or fills_zero_to_ten(one)
            or asks_for_rating(texts.get(one.header, one.header))
        ]
    by_header = {one.header: one for one in doubting_tens(proposals)}
    names = _item_texts(sample)
    return [
        replace(by_header[header], item=replace(by_header[header].item, text=names.get(header)), shape=shapes[header])
        for header in sample.header
        if header in by_header
    ]


def _long_items(draft: ProposalDraft, source: SourceMapping) -> list[ItemProposal]:
    """Propose the kind and scale of each question of a survey with one answer per row."""
    item_header, score_header = source.header_of("item"), source.header_of("score")
    if item_header is None or score_header is None or {"kind", "scale_high"} <= set(source.columns.values()):
        return []
    answers: dict[str, list[str | None]] = {}
    for item, score in zip(draft.sample.values[item_header], draft.sample.values[score_header], strict=True):
        if item and item.strip():
            answers.setdefault(item.strip(), []).append(score)
    if not answers or len(answers) > MOST_ITEMS_OF_LONG:
        return []
    sample = RowSample(draft.sample.file, draft.sample.sheet, tuple(answers), answers)
    proposals = propose_items(sample, column_shapes(sample), [], is_survey=True, every_rating=True)
    return [one for one in proposals if one.doubt != "choices"]


def with_items(draft: ProposalDraft, source: SourceMapping) -> SourceMapping:
    """Add its items to a survey's mapping; whatever the file does not say of them for certain is asked about."""
    if "item" in source.columns.values():
        proposals = _long_items(draft, source)
        source = replace(source, layout="long")
    else:
        proposals = propose_items(draft.sample, draft.shapes, list(source.columns), is_survey=True)
        source = replace(source, layout="wide" if proposals else "long")
    proposals = turned_by_legend(draft, proposals)
    source = replace(source, items={one.header: one.item for one in proposals})
    source = replace(source, missing={**source.missing, **_missing(source, proposals)})
    if source.layout == "wide":
        draft.suggestions += [_suggestion(one) for one in proposals]
    _ask_about_family(draft, proposals)
    for one in proposals:
        if one.doubt == "kind" or (one.doubt == "words" and is_from_zero_to_ten(one)):
            _ask_kind(draft, one)
        elif one.doubt == "scale" or one.rival_scale:
            _ask_scale(draft, one)
        elif one.doubt == "choices":
            _ask_choices(draft, one)
    _ask_about_words(draft, proposals)
    ask_directions(draft, proposals)
    _ask_about_zero(draft, proposals)
    _ask_about_no_answers(draft, proposals)
    return source


def _suggestion(proposal: ItemProposal) -> Suggestion:
    """Why a column is an item: its header, its words, or its likeness to the columns beside it."""
    low, high = proposal.item.scale
    facts = {"header": proposal.header, "low": low, "high": high, "known_as": proposal.known_as or ""}
    reason, confidence = ("item_header", 0.9) if proposal.known_as else ("item_family", 0.6)
    if proposal.doubt in ("words", "choices"):
        reason = f"item_{proposal.doubt}"
    elif proposal.doubt == "kind" and not proposal.known_as:
        reason = "item_answers"
    sure = not proposal.doubt and not proposal.no_answers
    return Suggestion(proposal.header, f"item:{proposal.item.kind}", reason, confidence, sure, facts)


def _missing(source: SourceMapping, proposals: Sequence[ItemProposal]) -> dict[str, tuple[str, ...]]:
    """The words for no answer by header; in a long survey those that are outside every scale, under its one header."""
    if source.layout == "wide":
        words = {one.header: (*one.skipped, *one.no_answers) for one in proposals}
        return {header: texts for header, texts in words.items() if texts}
    texts = dict.fromkeys(text for one in proposals for text in (*one.skipped, *one.no_answers))
    score = source.header_of("score")
    outside = tuple(text for text in texts if not any(_is_on(text, one.item) for one in proposals))
    return {score: outside} if score is not None and outside else {}


def _is_on(text: str, item: Item) -> bool:
    low, high = item.scale
    try:
        return text in item.words or (low is not None and high is not None and low <= float(text) <= high)
    except ValueError:
        return False


def _item_texts(sample: RowSample) -> dict[str, str]:
    """What the items are called in the store, where the header is only a code: the question, if no other has it too."""
    labels = list(sample.labels.values())
    return {
        header: label if labels.count(label) == 1 else f"{header}: {label}"
        for header, label in sample.labels.items()
        if label != header
    }


def _ask_about_family(draft: ProposalDraft, proposals: Iterable[ItemProposal]) -> None:
    families: dict[tuple[float | None, float | None], list[ItemProposal]] = {}
    for one in proposals:
        if one.doubt == "family":
            families.setdefault(one.item.scale, []).append(one)
    for (low, high), members in families.items():
        headers, questions = [one.header for one in members], [draft.question_text(one.header) for one in members]
        facts = {"items": headers, "questions": questions, "low": low, "high": high}
        draft.ask("survey_items", {"yes": tuple(headers), "no": ()}, **facts, suggested="yes")


def _ask_kind(draft: ProposalDraft, proposal: ItemProposal) -> None:
    """Ask what one question is about, with its full text and how it was answered."""
    low, high = proposal.item.scale
    counts = _counts(proposal)
    suggested = proposal.item.kind if proposal.item.kind in ("nps", "csat", "ces") else ""
    kinds = (*proposal.kinds, *(SERVQUAL_KINDS if _compares_expectations(draft) else ()), "no")
    draft.ask(
        "item_kind",
        dict.fromkeys(kinds, counts),
        items=[proposal.header],
        question=draft.question_text(proposal.header),
        low=low,
        high=high,
        suggested=suggested,
    )


def _ask_choices(draft: ProposalDraft, proposal: ItemProposal) -> None:
    """Ask whether each choice of a cell with several becomes an item."""
    choices = proposal.item.choices
    facts = {"items": [proposal.header], "question": draft.question_text(proposal.header), "options": list(choices)}
    draft.ask("multiple_choice", {"yes": choices, "no": ()}, **facts, suggested="yes")


def _compares_expectations(draft: ProposalDraft) -> bool:
    """Whether the survey asks what was expected beside what was found."""
    spoken = (draft.sample.file, *draft.sample.titles, *draft.sample.header, *draft.sample.labels.values())
    return any(EXPECTATIONS.search(text) for text in spoken)


def _ask_scale(draft: ProposalDraft, proposal: ItemProposal) -> None:
    """Ask for the scale where nobody gave its highest mark."""
    scales = SCALES_TO_HUNDRED if (proposal.item.low, proposal.item.high) in SCALES_TO_HUNDRED else SCALES_TO_FIVE
    if proposal.rival_scale:
        scales = (cast("tuple[int, int]", proposal.item.scale), proposal.rival_scale)
    counts = _counts(proposal)
    choices = {f"{low}-{end}": counts for low, end in scales if end >= _highest_seen(proposal)}
    facts = {"items": [proposal.header], "question": draft.question_text(proposal.header)}
    draft.ask("item_scale", choices, **facts, suggested="")


def _highest_seen(proposal: ItemProposal) -> float:
    scores = [float(text) for text, _ in proposal.shape.commonest if text.replace(".", "", 1).isdigit()]
    return max((score for score in scores if score <= (proposal.item.high or 0)), default=0)


def _counts(proposal: ItemProposal) -> tuple[str, ...]:
    """The commonest answers with how often they were given."""
    return tuple(f"{text}: {times}×" for text, times in proposal.shape.commonest[:EXAMPLE_LINES])


def _ask_about_words(draft: ProposalDraft, proposals: Iterable[ItemProposal]) -> None:
    """Show what words would count, once for all items with the same words, kind and scales."""
    groups: dict[tuple[object, ...], list[ItemProposal]] = {}
    for one in proposals:
        if one.doubt == "words":
            known = tuple((scale.key, scale.lines()) for scale in one.word_scales)
            groups.setdefault((one.item.kind, one.item.reversed, known, _is_denied(draft, one)), []).append(one)
    for members in groups.values():
        first = members[0]
        scales = {scale.key: scale for scale in first.word_scales}
        for scale in first.word_scales:
            turned = scale.turned()
            scales.setdefault(f"{scale.high}-{scale.low}", turned)
        draft.ask(
            "answer_words",
            {**{key: scale.lines() for key, scale in scales.items()}, "no": ()},
            items=[one.header for one in members],
            questions=[draft.question_text(one.header) for one in members],
            kind=first.item.kind,
            words={key: dict(scale.scores) for key, scale in scales.items()},
            suggested=""
            if _is_denied(draft, first) or are_option_codes(first.item.words)
            else first.word_scales[0].key,
        )


def _is_denied(draft: ProposalDraft, proposal: ItemProposal) -> bool:
    return is_better_denied(draft.question_text(proposal.header))


def _ask_about_zero(draft: ProposalDraft, proposals: Iterable[ItemProposal]) -> None:
    """Ask whether 0 is a mark, where the question does not say that its scale begins there."""
    for one in proposals:
        if one.doubt != "words" and may_begin_at_one(one, draft.question_text(one.header)):
            choices = {"answer": _counts(one), "missing": ()}
            facts = {"items": [one.header], "question": draft.question_text(one.header), "high": one.item.high}
            draft.ask("zero_answers", choices, **facts, count=times_of_zero(one.shape), suggested="")


def _ask_positions(draft: ProposalDraft, proposal: ItemProposal) -> tuple[str, ...]:
    """Ask whether answers from 1 to 11 stand for 0 to 10; return what need not be asked about any more."""
    facts = {"items": [proposal.header], "question": draft.question_text(proposal.header)}
    suggested = "positions" if OPTION_NUMBERS.search(draft.sample.file) else ""
    choices: dict[str, tuple[str, ...]] = {"positions": ("11 → 10", "1 → 0"), "marks": ("11 → –", "10 → 10")}
    draft.ask("option_positions", choices, **facts, suggested=suggested)
    return tuple(text for text in proposal.no_answers if text.strip() == "11")


def _ask_word_score(
    draft: ProposalDraft, text: str, headers: Sequence[str], scale: tuple[float | None, float | None]
) -> None:
    """Ask what a word counts that is none of its scale's known ones: a mark, or no answer."""
    low, high = (int(bound or 0) for bound in scale)
    levels = [str(level) for level in range(high, low - 1, -1)] if high - low <= MOST_LEVELS else []
    choices = dict.fromkeys(("missing", *levels), ())
    facts = {"items": list(headers), "value": text, "low": low, "high": high}
    draft.ask("word_score", choices, **facts, suggested="")


def _ask_about_no_answers(draft: ProposalDraft, proposals: Iterable[ItemProposal]) -> None:
    """Ask whether what lies outside a scale means no answer, once for all items alike."""
    groups: dict[tuple[float | None, float | None, tuple[str, ...]], list[str]] = {}
    words: dict[tuple[float | None, float | None, str], list[str]] = {}
    for one in proposals:
        low, high = one.item.scale
        unknown = [text for text in one.no_answers if one.doubt == "words" and may_be_word_of(text)]
        unknown = unknown if len(unknown) <= MOST_UNKNOWN_WORDS else []
        for text in unknown:
            words.setdefault((low, high, text), []).append(one.header)
        if one.doubt != "words" and may_be_positions(one):
            unknown = [*unknown, *_ask_positions(draft, one)]
        if others := tuple(text for text in one.no_answers if text not in unknown):
            groups.setdefault((low, high, others), []).append(one.header)
    for (low, high, text), headers in words.items():
        _ask_word_score(draft, text, headers, (low, high))
    for (low, high, values), headers in groups.items():
        has_numbers = any(map(is_mark, values))
        choices: dict[str, tuple[str, ...]] = {"missing": (), "valid" if has_numbers else "no": ()}
        draft.ask("no_answers", choices, items=headers, low=low, high=high, values=list(values), suggested="missing")
