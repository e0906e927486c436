"""The items of a wide survey: which columns are ratings, on which scale, and which values mean no answer.

A column is a rating where the dictionary knows its header as a survey question, or where it belongs to a family of
columns (Q7ART, Q7FOOD, …; IMAG1, IMAG2, …) that share a scale. What lies outside the scale is only proposed as
missing: 11 beside 0 to 10, 0 and 6 beside 1 to 5, the word Blank. The analyst confirms it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from workbench.load.mapping.header_dictionary import SURE, Meaning, meanings
from workbench.load.mapping.source_mapping import Item
from workbench.load.suggesting.column_shapes import ColumnShape

HIGHEST_RATING = 11
HIGHEST_BESIDE_FIVE = 6
"""A scale of five has no 6, but surveys write it for "does not apply"."""

MOST_WORDS_SHARE = 0.5
FEWEST_ANSWERS = 4
MOSTLY_RATINGS = 0.6
"""Where ratings fill this share of a file's columns, single columns on the same scale are ratings too."""

NO_ANSWER = ("-99", "-999", "-9", "-8", "88", "99", "999", "98", "97")
"""Codes that survey tools write for no answer; beside a scale they are never answers."""

SCALE_OF_KIND = {"nps": (0, 10), "ces": (1, 7)}


@dataclass(frozen=True)
class ItemProposal:
    """A column taken for a survey item; `no_answers` are its values outside the scale."""

    header: str
    item: Item
    no_answers: tuple[str, ...]
    known_as: str | None
    """How the dictionary spells the question; None where its values or a likeness alone speak for it."""


def find_items(shapes: Mapping[str, ColumnShape], taken: Sequence[str]) -> list[ItemProposal]:
    """Find the rating columns among those that are not `taken` by other columns of the table, in the file's order."""
    free = {header: shape for header, shape in shapes.items() if header not in taken and _is_rating(shape)}
    proposals: dict[str, ItemProposal] = {}
    for header, shape in free.items():
        meaning = next((one for one in meanings(header) if one.table == "items"), None)
        if meaning and (meaning.column != "nps" or _highest(shape) > HIGHEST_BESIDE_FIVE):
            proposals[header] = _proposal(header, shape, meaning.column, _scale(shape, meaning.column), meaning)
    families: dict[str, list[str]] = {}
    for header in free:
        families.setdefault(_family(header), []).append(header)
    for members in families.values():
        proposals = _family_items(free, [header for header in members if _has_enough_answers(free[header])]) | proposals
    if len(proposals) >= MOSTLY_RATINGS * len(shapes):
        proposals = _family_items(free, list(free)) | proposals
    return [proposals[header] for header in shapes if header in proposals]


def _family_items(free: Mapping[str, ColumnShape], headers: Sequence[str]) -> dict[str, ItemProposal]:
    """The items among the members of a family: those on the largest scale that a third of them share, or inside it."""
    scales = {header: _scale(free[header], None) for header in headers}
    times = Counter(scales.values())
    shared = [scale for scale, count in times.items() if count >= max(len(headers) / 3, 2)]
    if not shared:
        return {}
    low, high = max(shared, key=lambda scale: scale[1])
    kind = "csat" if (low, high) == (1, 5) else "other"
    inside = [header for header, scale in scales.items() if scale[1] <= high]
    return {header: _proposal(header, free[header], kind, (low, high)) for header in inside}


def _is_rating(shape: ColumnShape) -> bool:
    """Mostly whole numbers up to eleven, apart from the codes for no answer."""
    numbers = _whole_numbers(shape)
    inside = {number for number in numbers if str(number) not in NO_ANSWER}
    words = shape.filled - shape.whole
    if not inside or not shape.few or shape.share(words) > MOST_WORDS_SHARE:
        return False
    return min(inside) >= -2 and max(inside) <= HIGHEST_RATING


def _has_enough_answers(shape: ColumnShape) -> bool:
    """Enough different answers within a scale to be a rating and not a yes, a no or a code."""
    low, high = _scale(shape, None)
    answers = {number for number in _whole_numbers(shape) if low <= number <= high}
    return len(answers) >= min(FEWEST_ANSWERS, high - low + 1)


def _whole_numbers(shape: ColumnShape) -> set[int]:
    texts = [text for text, _ in shape.commonest]
    return {int(float(text)) for text in texts if re.fullmatch(r"-?[0-9]{1,3}(?:\.0+)?", text)}


def _scale(shape: ColumnShape, kind: str | None) -> tuple[int, int]:
    """The smallest usual scale that the answers fill; 6 stands beside 1 to 5, 11 beside 0 to 10."""
    highest = _highest(shape)
    if kind in SCALE_OF_KIND and highest > HIGHEST_BESIDE_FIVE:
        return SCALE_OF_KIND[kind]
    if highest <= 1:
        return (-1, 1)
    if highest <= HIGHEST_BESIDE_FIVE:
        return (1, 5)
    if highest == 7:
        return (1, 7)
    return (0, 10) if highest > 10 else (1, 10)


def _highest(shape: ColumnShape) -> int:
    return max((number for number in _whole_numbers(shape) if str(number) not in NO_ANSWER), default=0)


def _proposal(
    header: str, shape: ColumnShape, kind: str, scale: tuple[int, int], meaning: Meaning | None = None
) -> ItemProposal:
    low, high = scale
    outside = [text for text, _ in shape.commonest if not _inside(text, low, high)]
    sure = meaning is not None and meaning.certainty >= SURE
    return ItemProposal(
        header, Item(kind, low, high), tuple(sorted(outside)), meaning.known_as if meaning and sure else None
    )


def _inside(text: str, low: int, high: int) -> bool:
    number = re.fullmatch(r"-?[0-9]+(?:\.[0-9]+)?", text)
    return number is not None and low <= float(text) <= high


def _family(header: str) -> str:
    """The part of a header its neighbours share: Q7 of Q7ART, IMAG of IMAG3, service of service_wait_time.

    >>> _family("Q7ART"), _family("IMAG3"), _family("service_wait_time"), _family("Q12")
    ('Q7', 'IMAG', 'service', 'Q')
    """
    if question := re.match(r"([Qq]\d+)[^\d\W]", header):
        return question[1]
    if "_" in header:
        return header.split("_")[0]
    return re.sub(r"[\d.、\s]+$", "", header)
