"""The items of a survey that are answered in words, and those with several answers in one cell."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from workbench.load.cleaning.skipped_answers import is_skipped
from workbench.load.mapping.item_scales import NPS_SCALE
from workbench.load.mapping.source_mapping import Item
from workbench.load.suggesting.answer_words import (
    MOST_SCALE_WORDS,
    WordScale,
    are_option_codes,
    is_no_answer,
    is_scale_word,
    is_unrated,
    is_yes_or_no,
    may_be_word_of,
    word_scales,
)
from workbench.load.suggesting.answers_to_leave_out import names_duration
from workbench.load.suggesting.column_shapes import ColumnShape, RowSample
from workbench.load.suggesting.item_proposal import ItemProposal
from workbench.load.suggesting.question_texts import asks_for_rating, lowest_is_best, question_kind, stated_scale
from workbench.load.suggesting.survey_items import HIGHEST_BESIDE_FIVE, NO_ANSWER

MOSTLY_WORDS = 0.6
"""At least this share of a column's answers must be words of a scale, or numbers beside them."""

PLAIN_NUMBER = re.compile(r"-?\d{1,3}(?:\.0+)?")
SEPARATORS = ("┋", "|", ";", "；", "、", ", ", "，")
"""What survey tools put between several answers in one cell, the surest first."""

MOST_CHOICES = 30
LONGEST_CHOICE = 40
FEWEST_TIMES = 2
"""A choice occurs at least so often; what a person writes does not."""


def find_word_items(
    shapes: Mapping[str, ColumnShape],
    taken: Sequence[str],
    texts: Mapping[str, str] | None = None,
    *,
    is_survey: bool = False,
) -> list[ItemProposal]:
    """Find the columns answered in words; those that share words share a scale.

    In a survey (`is_survey`) a yes or no to whether people are content is an answer too, and so are codes of options.
    """
    full = {header: (texts or {}).get(header, header) for header in shapes}
    worded = {
        header: shape
        for header, shape in shapes.items()
        if header not in taken
        and not names_duration(header)
        and (is_worded(shape) or (is_survey and _is_rated_otherwise(shape, full[header])))
    }
    proposals: dict[str, ItemProposal] = {}
    for group in _sharing_words(worded):
        words = dict.fromkeys(word for header in group for word in _answers(worded[header]))
        for header in group:
            scales = word_scales(words, _stated_scale(full[header], words))
            if any(map(may_be_word_of, words)):
                scales.sort(key=lambda scale: (scale.high - scale.low) % 2)
            if scales:
                proposals[header] = _word_item(header, worded[header], full[header], scales)
    return [proposals[header] for header in shapes if header in proposals]


def find_choice_items(sample: RowSample, shapes: Mapping[str, ColumnShape], taken: Sequence[str]) -> list[ItemProposal]:
    """Find the columns whose cells hold several choices: few of them, most more than once."""
    proposals = []
    for header in sample.header:
        if header in taken:
            continue
        answers = [text.strip() for text in sample.values[header] if text and text.strip() and not is_skipped(text)]
        separator = next((sign for sign in SEPARATORS if any(sign in text for text in answers)), None)
        if separator is None:
            continue
        parts = Counter(part.strip() for text in answers for part in text.split(separator) if part.strip())
        choices = tuple(parts)
        often = [choice for choice, times in parts.items() if times >= FEWEST_TIMES]
        if 1 < len(choices) <= MOST_CHOICES and len(often) > len(choices) / 2 and _are_choices(choices):
            skipped = tuple(text for text, _ in shapes[header].commonest if is_skipped(text))
            item = Item("other", choices=choices, separator=separator)
            proposals.append(ItemProposal(header, item, skipped=skipped, doubt="choices"))
    return proposals


def _are_choices(choices: Sequence[str]) -> bool:
    return all(len(choice) <= LONGEST_CHOICE and re.search(r"[^\W\d_]", choice) for choice in choices)


def is_plain_number(text: str) -> bool:
    """Return whether an answer is a plain number."""
    return PLAIN_NUMBER.fullmatch(text.strip()) is not None


def is_worded(shape: ColumnShape) -> bool:
    """Return whether a column is answered in words of a scale, or in numbers with words."""
    answers = {text: times for text, times in shape.commonest if not is_skipped(text) and not is_unrated(text)}
    numbers = {text for text in answers if PLAIN_NUMBER.fullmatch(text)}
    words = {text for text in answers if text not in numbers and is_scale_word(text)}
    if not words or len(answers) > MOST_SCALE_WORDS + len(numbers):
        return False
    return sum(answers[text] for text in words | numbers) >= MOSTLY_WORDS * sum(answers.values())


def _is_rated_otherwise(shape: ColumnShape, text: str) -> bool:
    """Whether a question for a rating is answered by yes or no, or by codes of its options."""
    words = [
        one for one, _ in shape.commonest if not is_skipped(one) and not is_no_answer(one) and one not in NO_ANSWER
    ]
    is_asked = shape.few and words and (question_kind(text) or asks_for_rating(text))
    return bool(is_asked) and (is_yes_or_no(words) or are_option_codes(words))


def _answers(shape: ColumnShape) -> list[str]:
    return [text for text, _ in shape.commonest if not is_skipped(text)]


def _sharing_words(worded: Mapping[str, ColumnShape]) -> list[list[str]]:
    """Group the columns that have a word of a scale in common, directly or through others."""
    groups: list[tuple[set[str], list[str]]] = []
    for header, shape in worded.items():
        words, members = {text for text in _answers(shape) if is_scale_word(text)}, [header]
        apart = []
        for other_words, others in groups:
            if words & other_words:
                words, members = words | other_words, [*others, *members]
            else:
                apart.append((other_words, others))
        groups = [*apart, (words, members)]
    return [members for _, members in groups]


def _word_item(header: str, shape: ColumnShape, text: str, scales: Sequence[WordScale]) -> ItemProposal:
    kind = question_kind(text)
    first = scales[0]
    if kind == "nps" and (first.low, first.high) != NPS_SCALE:
        kind = "other"
    kind = kind or ("csat" if first.is_satisfaction else "other")
    best_first = sorted(first.scores.items(), key=lambda pair: -pair[1])
    scores = {word: score for word, score in best_first if not PLAIN_NUMBER.fullmatch(word)}
    scored = [one for one in _answers(shape) if one in scores or _is_number_on(one, first)]
    return ItemProposal(
        header,
        Item(kind, first.low, first.high, words=scores, reversed=bool(lowest_is_best(text) and _has_numbers(first))),
        no_answers=tuple(sorted(one for one in _answers(shape) if one not in scored)),
        skipped=tuple(sorted(one for one, _ in shape.commonest if is_skipped(one))),
        doubt="words",
        word_scales=tuple(scales),
    )


def _stated_scale(text: str, words: Iterable[str]) -> tuple[int, int] | None:
    """The scale the question names; 0 to 10 where it asks for a recommendation and an answer is above 6."""
    numbers = [int(one) for word in words for one in re.findall(r"\d+", word)]
    is_ten = question_kind(text) == "nps" and HIGHEST_BESIDE_FIVE < max(numbers, default=0) <= NPS_SCALE[1]
    return stated_scale(text) or (NPS_SCALE if is_ten else None)


def _has_numbers(scale: WordScale) -> bool:
    """Whether the words carry their numbers, which may run against the words."""
    return any(any(character.isdigit() for character in word) for word in scale.scores)


def _is_number_on(text: str, scale: WordScale) -> bool:
    return bool(PLAIN_NUMBER.fullmatch(text)) and scale.low <= float(text) <= scale.high
