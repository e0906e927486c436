"""The rated items of a survey: which columns are ratings, on which scale, and which values mean no answer.

A column is a rating where the dictionary knows its header as a survey question, where its words say what it asks, or
where it belongs to a family of columns (Q7ART, Q7FOOD, …; IMAG1, IMAG2, …) that share a scale. What lies outside the
scale is only proposed as missing: 11 beside 0 to 10, 0 and 6 beside 1 to 5, the word Blank. The analyst confirms it.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

from workbench.load.cleaning.skipped_answers import is_skipped
from workbench.load.mapping.header_dictionary import SURE, Meaning, meanings
from workbench.load.mapping.item_scales import NPS_SCALE
from workbench.load.mapping.source_mapping import Item
from workbench.load.suggesting.answer_words import is_scale_word
from workbench.load.suggesting.column_shapes import ColumnShape
from workbench.load.suggesting.item_proposal import ItemProposal
from workbench.load.suggesting.question_texts import lowest_is_best, names_zero, question_kind, stated_scale

HIGHEST_RATING = 11
HIGHEST_BESIDE_FIVE = 6
"""A scale of five has no 6, but surveys write it for "does not apply"."""

LOWEST_TOP_OF_TEN = 8
"""Where a 0 stands beside 8, 9 or 10, it is an answer."""

MOST_OF_ELEVEN = 9
MOST_POINTS = 100
MOST_WORDS_SHARE = 0.5
FEWEST_ANSWERS = 4
FEWEST_TO_EXCLUDE_NPS = 10
"""So many answers, none above 6, are no answers from 0 to 10."""

MOSTLY_RATINGS = 0.6
"""Where ratings fill this share of a file's columns, single columns on the same scale are ratings too."""

RATING = re.compile(r"(-?[0-9]{1,3})(?:\.(?:0+|(50*)))?%?")
"""A mark as people write it: a whole number or one and a half, on a scale of a hundred with its sign."""

FEWEST_BESIDE_SLIP = 20
MOST_SLIPS = 3
"""Beside so many marks up to eleven for each, so few others are slips of the keyboard, and no longer scale."""

NO_ANSWER = ("-3", "-4", "-99", "-999", "-9", "-8", "88", "99", "999", "98", "97")
"""Codes that survey tools write for no answer; beside a scale they are never answers."""

OTHER_KINDS = ("csat", "ces", "other")
"""What an item may be that is not answered from 0 to 10."""

SHORTEST_TOP = 5
CODES_ABOVE_FIVE = {8, 9}
"""Beside 1 to 5 these mean "does not know" or "refused"."""

SCALE_OF_KIND = {"nps": NPS_SCALE, "ces": (1, 7)}


def find_items(
    shapes: Mapping[str, ColumnShape], taken: Sequence[str], texts: Mapping[str, str] | None = None
) -> list[ItemProposal]:
    """Find the rating columns among those that are not `taken` by other columns of the table, in the file's order.

    `texts` gives the question in full where the header is only its code.
    """
    full = {header: (texts or {}).get(header, header) for header in shapes}
    unclaimed = {header: shape for header, shape in shapes.items() if header not in taken}
    proposals = {
        header: proposal
        for header, shape in unclaimed.items()
        if (proposal := _known_item(header, shape, full[header])) is not None
    }
    free = {header: shape for header, shape in unclaimed.items() if _is_rating(shape)}
    families: dict[str, list[str]] = {}
    for header in free:
        families.setdefault(_family(full[header]), []).append(header)
    for members in families.values():
        proposals = _family_items(free, [header for header in members if _has_enough_answers(free[header])]) | proposals
    if len(proposals) >= MOSTLY_RATINGS * len(shapes):
        proposals = _family_items(free, list(free)) | proposals
    ordered = [proposals[header] for header in shapes if header in proposals]
    return _with_directions(ordered, full)


def find_lone_ratings(
    shapes: Mapping[str, ColumnShape], taken: Sequence[str], texts: Mapping[str, str] | None = None
) -> list[ItemProposal]:
    """Find what could be ratings in a survey without any known one: small whole numbers under any header."""
    proposals = []
    for header, shape in shapes.items():
        is_rating = (_is_rating(shape) and _has_enough_answers(shape)) or _is_of_hundred(shape)
        if header not in taken and is_rating and shape.distinct < max(shape.filled, 2 * FEWEST_ANSWERS):
            scale = stated_scale((texts or {}).get(header, header)) or _scale(shape, None)
            proposal = _proposal(header, shape, "other", scale)
            proposals.append(
                replace(proposal, doubt="kind", kinds=proposal.kinds if scale == NPS_SCALE else OTHER_KINDS)
            )
    return _with_directions(proposals, {header: (texts or {}).get(header, header) for header in shapes})


def _known_item(header: str, shape: ColumnShape, text: str) -> ItemProposal | None:
    """The item of a header whose words say what it asks; None for others, and where the values are no ratings."""
    known = (one for name in dict.fromkeys((header, text)) for one in meanings(name) if one.table == "items")
    meaning = next(known, None)
    stated = stated_scale(text)
    kind = (meaning.column if meaning else question_kind(text)) or (stated and "other")
    if kind is None or not (_is_rating(shape) or _is_of_hundred(shape)):
        return None
    if stated is None and _is_yes_or_no(shape):  # a choice of several, ticked or not: no satisfaction
        return replace(_proposal(header, shape, "other", (0, 1)), doubt="kind", kinds=OTHER_KINDS)
    scale = stated or _scale(shape, kind)
    is_sure = meaning is not None and meaning.certainty >= SURE
    if kind == "nps" and scale != NPS_SCALE:
        is_few = stated is None and shape.filled < FEWEST_TO_EXCLUDE_NPS
        proposal = _proposal(header, shape, "other", scale)
        return replace(proposal, doubt="kind", kinds=proposal.kinds if is_few else OTHER_KINDS)
    proposal = _proposal(header, shape, kind, scale, meaning)
    if not is_sure or (stated is None and _has_percent(shape)):  # a percentage may be the result of many answers
        kinds = proposal.kinds if scale == NPS_SCALE else OTHER_KINDS
        return replace(proposal, doubt="family" if meaning and not _has_percent(shape) else "kind", kinds=kinds)
    return replace(proposal, doubt="scale") if stated is None and _has_unclear_end(shape, kind) else proposal


def _is_yes_or_no(shape: ColumnShape) -> bool:
    return _whole_numbers(shape) == {0, 1} and shape.whole == shape.numbers


def _has_unclear_end(shape: ColumnShape, kind: str) -> bool:
    """Whether nobody gave the highest mark of five, or marks run up to a hundred: the scale may be another one."""
    return kind == "csat" and (1 < _highest(shape) < 5 or (_is_of_hundred(shape) and not _has_percent(shape)))


def doubting_tens(proposals: Sequence[ItemProposal]) -> list[ItemProposal]:
    """Doubt what questions from 0 to 10 ask, where there are several, or one that is not surely known."""
    tens = [one for one in proposals if is_from_zero_to_ten(one)]
    doubted = {one.header for one in tens if (len(tens) > 1 or one.known_as is None) and one.doubt != "words"}
    return [replace(one, doubt="kind") if one.header in doubted else one for one in proposals]


def fills_zero_to_ten(proposal: ItemProposal) -> bool:
    """Return whether nearly every number from 0 to 10 was given, both ends included, and no other: a code is not."""
    answers = _whole_numbers(proposal.shape) & set(range(NPS_SCALE[1] + 1))
    return is_from_zero_to_ten(proposal) and set(NPS_SCALE) <= answers and len(answers) >= MOST_OF_ELEVEN


def is_from_zero_to_ten(proposal: ItemProposal) -> bool:
    """Return whether an item is proposed to go from 0 to 10."""
    return proposal.item.scale == NPS_SCALE


def may_begin_at_one(proposal: ItemProposal, text: str) -> bool:
    """Return whether 0 may mean no answer beside 1 to 10: of satisfaction and effort, unless the question names 0.

    So it may of other questions where 0 stands alone, and 1 and 2 were given less often.
    """
    zeros = times_of_zero(proposal.shape)
    if not zeros or not is_from_zero_to_ten(proposal) or proposal.item.kind == "nps" or names_zero(text):
        return False
    low = sum(times for answer, times in proposal.shape.commonest if _plain(answer) in ("1", "2"))
    return proposal.item.kind in ("csat", "ces") or zeros > low


def may_be_positions(proposal: ItemProposal) -> bool:
    """Return whether answers from 1 to 11 may be the places of 0 to 10 among the options: 11 was given, and 0 never."""
    marks = _whole_numbers(proposal.shape)
    is_many = proposal.shape.filled >= FEWEST_TO_EXCLUDE_NPS
    return is_from_zero_to_ten(proposal) and is_many and HIGHEST_RATING in marks and 0 not in marks


def times_of_zero(shape: ColumnShape) -> int:
    """Return how often 0 was given."""
    return sum(times for text, times in shape.commonest if _plain(text) == "0")


def _with_directions(proposals: Sequence[ItemProposal], texts: Mapping[str, str]) -> list[ItemProposal]:
    """Turn the scales round whose question says that the lowest number is the best."""
    return [
        replace(one, item=replace(one.item, reversed=True)) if lowest_is_best(texts[one.header]) else one
        for one in proposals
    ]


def _family_items(free: Mapping[str, ColumnShape], headers: Sequence[str]) -> dict[str, ItemProposal]:
    """The items among the members of a family: those on the largest scale that a third of them share, or inside it."""
    scales = {header: _scale(free[header], None) for header in headers}
    times = Counter(scales.values())
    shared = [scale for scale, count in times.items() if count >= max(len(headers) / 3, 2)]
    if not shared:
        return {}
    low, high = max(shared, key=lambda scale: scale[1])
    kind = "csat" if (low, high) == (1, 5) else "other"
    proposals = {}
    for header, scale in scales.items():
        if scale[1] > high:
            continue
        is_shorter = scale[1] < high and free[header].filled >= FEWEST_TO_EXCLUDE_NPS
        proposal = _proposal(header, free[header], kind, scale if is_shorter else (low, high))
        proposals[header] = replace(proposal, doubt="family", rival_scale=(low, high) if is_shorter else None)
    return proposals


def _is_rating(shape: ColumnShape) -> bool:
    """Mostly whole numbers up to eleven, apart from the codes and words for no answer."""
    numbers = _whole_numbers(shape)
    inside = {number for number in numbers if str(number) not in NO_ANSWER}
    skipped = sum(times for text, times in shape.commonest if is_skipped(text))
    words = shape.filled - _marks(shape) - skipped
    if not inside or not shape.few or words > MOST_WORDS_SHARE * (shape.filled - skipped):
        return False
    return min(inside) >= -2 and max(inside) <= HIGHEST_RATING


def _is_of_hundred(shape: ColumnShape) -> bool:
    """Whole numbers up to a hundred, more than a scale of ten has."""
    numbers = _whole_numbers(shape)
    is_whole = shape.filled and _marks(shape) >= (1 - MOST_WORDS_SHARE) * shape.filled and not shape.padded
    high = _highest(shape) if shape.few or _has_percent(shape) else shape.high or 0
    return bool(is_whole and numbers) and min(numbers) >= 0 and HIGHEST_RATING < high <= MOST_POINTS


def _has_percent(shape: ColumnShape) -> bool:
    return any(_plain(text).endswith("%") for text, _ in shape.commonest)


def _marks(shape: ColumnShape) -> int:
    """How many answers are marks; of a column with very many different texts the commonest ones say it."""
    return max(shape.whole, sum(times for text, times in shape.commonest if RATING.fullmatch(_plain(text))))


def is_mark(text: str) -> bool:
    """Return whether a text is a mark on some scale."""
    return RATING.fullmatch(_plain(text)) is not None


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip()


def _has_enough_answers(shape: ColumnShape) -> bool:
    """Enough different answers within a scale to be a rating and not a yes, a no or a code."""
    low, high = _scale(shape, None)
    answers = {number for number in _whole_numbers(shape) if low <= number <= high}
    return len(answers) >= min(FEWEST_ANSWERS, high - low + 1)


def _whole_numbers(shape: ColumnShape) -> set[int]:
    """The marks that were given: one and a half counts as two here, and slips of the keyboard are none."""
    times: Counter[int] = Counter()
    for text, count in shape.commonest:
        if mark := RATING.fullmatch(_plain(text)):
            times[int(mark[1]) + bool(mark[2])] += count
    high = [number for number in times if number > HIGHEST_RATING and str(number) not in NO_ANSWER]
    slips, all_times = sum(times[number] for number in high), sum(times.values())
    if slips <= min(MOST_SLIPS, all_times // FEWEST_BESIDE_SLIP):
        times = Counter({number: count for number, count in times.items() if number not in high})
    return set(times)


def _scale(shape: ColumnShape, kind: str | None) -> tuple[int, int]:
    """The smallest usual scale that the answers fill; 6 stands beside 1 to 5, 11 beside 0 to 10."""
    highest = _highest(shape) if kind == "nps" or not _ends_in_codes(shape) else SHORTEST_TOP
    if _is_of_hundred(shape) and not _is_rating(shape):
        return (0, MOST_POINTS)
    if kind in SCALE_OF_KIND and highest > HIGHEST_BESIDE_FIVE:
        return SCALE_OF_KIND[kind]
    if highest <= 1:
        return (-1, 1)
    if highest <= HIGHEST_BESIDE_FIVE:
        return (1, 5)
    if highest == 7:
        return (1, 7)
    return NPS_SCALE if highest > 10 or (highest >= LOWEST_TOP_OF_TEN and 0 in _whole_numbers(shape)) else (1, 10)


def _ends_in_codes(shape: ColumnShape) -> bool:
    """Whether 8 or 9 stands alone above a scale of five, as codes for no answer do."""
    numbers = _whole_numbers(shape)
    low, high = {one for one in numbers if 0 <= one <= SHORTEST_TOP}, {one for one in numbers if one > SHORTEST_TOP}
    is_many = shape.filled >= FEWEST_TO_EXCLUDE_NPS and len(low) >= FEWEST_ANSWERS - 1
    return is_many and bool(high & CODES_ABOVE_FIVE) and high <= CODES_ABOVE_FIVE | set(map(int, NO_ANSWER))


def _highest(shape: ColumnShape) -> int:
    return max((number for number in _whole_numbers(shape) if str(number) not in NO_ANSWER), default=0)


def _proposal(
    header: str, shape: ColumnShape, kind: str, scale: tuple[int, int], meaning: Meaning | None = None
) -> ItemProposal:
    low, high = scale
    outside = [text for text, _ in shape.commonest if not _inside(text, low, high)]
    sure = meaning is not None and meaning.certainty >= SURE
    return ItemProposal(
        header,
        Item(kind, low, high),
        shape=shape,
        no_answers=tuple(sorted(text for text in outside if not is_skipped(text) and not is_scale_word(text))),
        skipped=tuple(sorted(text for text in outside if is_skipped(text))),
        known_as=meaning.known_as if meaning and sure else None,
    )


def _inside(text: str, low: int, high: int) -> bool:
    number = re.fullmatch(r"(-?[0-9]+(?:\.[0-9]+)?)%?", _plain(text))
    return number is not None and low <= float(number[1]) <= high


def _family(header: str) -> str:
    """The part of a header its neighbours share: Q7 of Q7ART, IMAG of IMAG3, the question of a matrix.

    >>> _family("Q7ART"), _family("IMAG3"), _family("service_wait_time"), _family("Q12"), _family("3、请评价—态度")
    ('Q7', 'IMAG', 'service', 'Q', '3、请评价')
    >>> _family("Please rate [Food]"), _family("G1[SQ001]. Rate [Price]")
    ('Please rate', 'G1')
    """
    if matrix := re.match(r"(.+?)\s*(?:—|–|\s-\s|[:：])\s*\S", header):
        return matrix[1]
    if grid := re.match(r"(.+?)\s*\[", header):
        return grid[1]
    if question := re.match(r"([Qq]\d+)[^\d\W]", header):
        return question[1]
    if "_" in header:
        return header.split("_")[0]
    return re.sub(r"[\d.、\s]+$", "", header)
