"""A survey's proposal: all its items, rated, in words or with several choices, and the questions that remain."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from workbench.load.mapping.source_mapping import Item, SourceMapping, Suggestion
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
)
from workbench.load.suggesting.word_items import find_choice_items, find_word_items

MOST_ITEMS_OF_LONG = 200
"""More different texts than so many in the column of questions are no questions."""

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
    worded = find_word_items(shapes, taken, texts)
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
    source = replace(source, items={one.header: one.item for one in proposals})
    source = replace(source, missing={**source.missing, **_missing(source, proposals)})
    if source.layout == "wide":
        draft.suggestions += [_suggestion(one) for one in proposals]
    _ask_about_family(draft, proposals)
    for one in proposals:
        if one.doubt == "kind" or (one.doubt == "words" and is_from_zero_to_ten(one)):
            _ask_kind(draft, one)
        elif one.doubt == "scale":
            _ask_scale(draft, one)
        elif one.doubt == "choices":
            facts = {"items": [one.header], "question": _full_text(draft, one), "options": list(one.item.choices)}
            draft.ask("multiple_choice", {"yes": one.item.choices, "no": ()}, **facts, suggested="yes")
    _ask_about_words(draft, proposals)
    _ask_direction(draft, proposals)
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


def _full_text(draft: ProposalDraft, proposal: ItemProposal) -> str:
    """The question in full, with its code where that is another text."""
    label = draft.sample.labels.get(proposal.header)
    is_named = proposal.header.startswith("column_") or (label or "").startswith(proposal.header)
    return proposal.header if not label else label if is_named else f"{proposal.header}: {label}"


def _item_texts(sample: RowSample) -> dict[str, str]:
    """What the items are called in the store, where the header is only a code: the question, if no other has it too."""
    labels = list(sample.labels.values())
    return {
        header: label if labels.count(label) == 1 else f"{header}: {label}"
        for header, label in sample.labels.items()
        if label != header
    }


def _ask_about_family(draft: ProposalDraft, proposals: Iterable[ItemProposal]) -> None:
    members = [one for one in proposals if one.doubt == "family"]
    if members:
        headers, questions = [one.header for one in members], [_full_text(draft, one) for one in members]
        draft.ask(
            "survey_items", {"yes": tuple(headers), "no": ()}, items=headers, questions=questions, suggested="yes"
        )


def _ask_kind(draft: ProposalDraft, proposal: ItemProposal) -> None:
    """Ask what one question is about, with its full text and how it was answered."""
    low, high = proposal.item.scale
    counts = _counts(proposal)
    suggested = proposal.item.kind if proposal.item.kind in ("nps", "csat", "ces") else ""
    draft.ask(
        "item_kind",
        dict.fromkeys((*proposal.kinds, "no"), counts),
        items=[proposal.header],
        question=_full_text(draft, proposal),
        low=low,
        high=high,
        suggested=suggested,
    )


def _ask_scale(draft: ProposalDraft, proposal: ItemProposal) -> None:
    """Ask for the scale where nobody gave its highest mark."""
    scales = SCALES_TO_HUNDRED if (proposal.item.low, proposal.item.high) in SCALES_TO_HUNDRED else SCALES_TO_FIVE
    counts = _counts(proposal)
    choices = {f"{low}-{end}": counts for low, end in scales if end >= _highest_seen(proposal)}
    draft.ask("item_scale", choices, items=[proposal.header], question=_full_text(draft, proposal), suggested="")


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
            questions=[_full_text(draft, one) for one in members],
            kind=first.item.kind,
            words={key: dict(scale.scores) for key, scale in scales.items()},
            suggested="" if _is_denied(draft, first) else first.word_scales[0].key,
        )


def _is_denied(draft: ProposalDraft, proposal: ItemProposal) -> bool:
    return is_better_denied(_full_text(draft, proposal))


def _ask_direction(draft: ProposalDraft, proposals: Iterable[ItemProposal]) -> None:
    """Ask which end is the good one where a question names something bad."""
    for one in proposals:
        low, high = one.item.scale
        is_rated = one.doubt not in ("words", "choices") and one.item.kind != "nps"
        if is_rated and not one.item.reversed and _is_denied(draft, one):
            choices = {"highest": (f"{high:g} > {low:g}",), "lowest": (f"{low:g} > {high:g}",)}
            facts = {"items": [one.header], "question": _full_text(draft, one), "low": low, "high": high}
            draft.ask("answer_direction", choices, **facts, suggested="")


def _ask_about_no_answers(draft: ProposalDraft, proposals: Iterable[ItemProposal]) -> None:
    """Ask whether what lies outside a scale means no answer, once for all items alike."""
    groups: dict[tuple[float | None, float | None, tuple[str, ...]], list[str]] = {}
    for one in proposals:
        if one.no_answers:
            low, high = one.item.scale
            groups.setdefault((low, high, one.no_answers), []).append(one.header)
    for (low, high, values), headers in groups.items():
        choices: dict[str, tuple[str, ...]] = {"missing": (), "valid": ()}
        draft.ask("no_answers", choices, items=headers, low=low, high=high, values=list(values), suggested="missing")
