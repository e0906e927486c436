"""What an analyst's answers change in a survey: its items' kind, scale, words and direction, and which rows count."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import cast

from workbench.load.mapping.item_scales import NPS_SCALE
from workbench.load.mapping.source_mapping import Attribute, Item, SourceMapping
from workbench.load.questions import Question


def _items(source: SourceMapping, question: Question, choice: str) -> SourceMapping:
    """Without consent the columns that only look like ratings are kept as attributes."""
    return source if choice == "yes" else _without_items(source, _named(question))


def _kind(source: SourceMapping, question: Question, choice: str) -> SourceMapping:
    """Give the items their kind; an NPS goes from 0 to 10."""
    if choice == "no":
        return _without_items(source, _named(question))
    low, high = NPS_SCALE
    if choice == "nps":
        return _changed(source, question, lambda item: replace(item, kind=choice, low=low, high=high))
    return _changed(source, question, lambda item: replace(item, kind=choice))


def _scale(source: SourceMapping, question: Question, choice: str) -> SourceMapping:
    low, high = (int(bound) for bound in choice.split("-"))
    return _changed(source, question, lambda item: replace(item, low=low, high=high))


def _words(source: SourceMapping, question: Question, choice: str) -> SourceMapping:
    """Give the items the scores of the words that were shown."""
    if choice == "no":
        return _without_items(source, _named(question))
    scores = cast("Mapping[str, Mapping[str, int]]", question.facts["words"])[choice]
    low, high = sorted(int(bound) for bound in choice.split("-"))
    return _changed(
        source,
        question,
        lambda item: replace(
            item,
            low=low,
            high=high,
            words={word: scores.get(word, score) for word, score in item.words.items()},
            reversed=False,
        ),
    )


def _direction(source: SourceMapping, question: Question, choice: str) -> SourceMapping:
    return _changed(source, question, lambda item: replace(item, reversed=choice == "lowest"))


def _missing(source: SourceMapping, question: Question, choice: str) -> SourceMapping:
    """Values that are answers after all are no longer missing, and the scale has room for them."""
    if choice == "missing":
        return source
    if choice == "no":
        return _without_items(source, _named(question))
    headers, values = _named(question), cast("list[str]", question.facts["values"])
    columns = [source.header_of("score")] if _is_long(source) else headers
    kept = {
        header: tuple(word for word in words if header not in columns or word not in values)
        for header, words in source.missing.items()
    }
    source = replace(source, missing={header: words for header, words in kept.items() if words})
    return _changed(source, question, lambda item: _with_room(item, values))


def _word_score(source: SourceMapping, question: Question, choice: str) -> SourceMapping:
    """Give a word its score beside the others: the same share of its scale, where another one was chosen since."""
    if choice == "missing":
        return source
    word, low, high = str(question.facts["value"]), int(str(question.facts["low"])), int(str(question.facts["high"]))
    headers = _named(question)
    columns = [source.header_of("score")] if _is_long(source) else headers
    missing = {
        header: tuple(one for one in words if header not in columns or one != word)
        for header, words in source.missing.items()
    }
    source = replace(source, missing={header: words for header, words in missing.items() if words})
    share = (int(choice) - low) / (high - low)
    return _changed(source, question, lambda item: _with_word(item, word, share))


def _with_word(item: Item, word: str, share: float) -> Item:
    low, high = item.scale
    if low is None or high is None:
        return item
    score = low + share * (high - low)
    return replace(item, words={**item.words, word: int(score) if score == int(score) else score})


def _positions(source: SourceMapping, question: Question, choice: str) -> SourceMapping:
    """Give each place among the options 0 to 10 the mark that stands there."""
    if choice == "marks":
        return source
    headers = _named(question)
    missing = {
        header: tuple(word for word in words if header not in headers or word != "11")
        for header, words in source.missing.items()
    }
    source = replace(source, missing={header: words for header, words in missing.items() if words})
    low, high = NPS_SCALE
    return _changed(
        source, question, lambda item: replace(item, words={str(mark + 1): mark for mark in range(low, high + 1)})
    )


def _zero(source: SourceMapping, question: Question, choice: str) -> SourceMapping:
    """Begin the scale at 1 where 0 means no answer."""
    if choice == "answer":
        return source
    missing = dict(source.missing)
    if not _is_long(source):
        missing |= {header: tuple(dict.fromkeys((*missing.get(header, ()), "0"))) for header in _named(question)}
    return _changed(replace(source, missing=missing), question, lambda item: replace(item, low=1))


def _with_room(item: Item, values: Iterable[str]) -> Item:
    numbers = [float(value) for value in values if value.replace(".", "", 1).lstrip("-").isdigit()]
    low, high = item.scale
    if low is None or high is None or not numbers:
        return item
    return replace(item, low=min(low, *numbers), high=max(high, *numbers))


def _named(question: Question) -> list[str]:
    return cast("list[str]", question.facts["items"])


def _is_long(source: SourceMapping) -> bool:
    return "item" in source.columns.values()


def _changed(source: SourceMapping, question: Question, change: Callable[[Item], Item]) -> SourceMapping:
    named = _named(question)
    items = {header: change(item) if header in named else item for header, item in source.items.items()}
    return replace(source, items=items)


def _without_items(source: SourceMapping, headers: list[str]) -> SourceMapping:
    """The columns stay as attributes; in a long survey the items have no kind and scale."""
    items = {header: item for header, item in source.items.items() if header not in headers}
    if _is_long(source):
        return replace(source, items=items)
    attributes = {**source.attributes, **{header: Attribute(header) for header in headers}}
    missing = {header: words for header, words in source.missing.items() if header not in headers}
    return replace(source, items=items, attributes=attributes, missing=missing)


def _left_out(source: SourceMapping, question: Question, choice: str) -> SourceMapping:
    """Keep the rows after all."""
    if choice == "yes":
        return source
    header = question.facts["header"]
    leave_out = {name: words for name, words in source.leave_out.items() if name != header}
    least_seconds = {name: seconds for name, seconds in source.least_seconds.items() if name != header}
    return replace(source, leave_out=leave_out, least_seconds=least_seconds)


def _left_out_values(source: SourceMapping, question: Question, choice: str) -> SourceMapping:
    """Keep the rows with these values after all; others under the header may still be left out."""
    if choice == "yes":
        return source
    header, values = str(question.facts["header"]), cast("Sequence[str]", question.facts["values"])
    leave_out = source.leave_out
    for value in values:
        leave_out = _listing(leave_out, header, value, is_listed=False)
    return replace(source, leave_out=leave_out)


def _state_value(source: SourceMapping, question: Question, choice: str) -> SourceMapping:
    """Count the rows with one state as answers, or leave them out."""
    header, value = str(question.facts["header"]), str(question.facts["value"])
    return replace(source, leave_out=_listing(source.leave_out, header, value, is_listed=choice == "other"))


def _ticket_value(source: SourceMapping, question: Question, choice: str) -> SourceMapping:
    """Take the tickets of one kind for complaints, or leave them out."""
    header, value = str(question.facts["header"]), str(question.facts["value"])
    is_complaint = choice == "complaint"
    leave_out = _listing(source.leave_out, header, value, is_listed=not is_complaint)
    return replace(
        source,
        leave_out=leave_out,
        complaint_kinds=_listing(source.complaint_kinds, header, value, is_listed=is_complaint),
    )


def _listing(
    lists: Mapping[str, tuple[str, ...]], header: str, value: str, *, is_listed: bool
) -> dict[str, tuple[str, ...]]:
    """Lists of values by header, with one of a header's in or out; a header without any goes."""
    others = tuple(one for one in lists.get(header, ()) if one != value)
    values = (*others, value) if is_listed else others
    rest = {name: words for name, words in lists.items() if name != header}
    return {**rest, header: values} if values else rest


def _other_tickets(source: SourceMapping, question: Question, choice: str) -> SourceMapping:
    """Keep the tickets after all: their kinds are complaints too."""
    header = str(question.facts["header"])
    source = _left_out(source, question, choice)
    if choice == "yes":
        return source
    kinds = dict.fromkeys((*source.complaint_kinds.get(header, ()), *cast("Sequence[str]", question.facts["values"])))
    return replace(source, complaint_kinds={**source.complaint_kinds, header: tuple(kinds)})


def _points_spent(source: SourceMapping, question: Question, choice: str) -> SourceMapping:
    """Take the points of these kinds away, or count them as they are written."""
    header, kinds = str(question.facts["header"]), cast("Sequence[str]", question.facts["values"])
    others = tuple(one for one in source.points_spent.get(header, ()) if one not in kinds)
    spent = (*others, *kinds) if choice == "yes" else others
    rest = {name: words for name, words in source.points_spent.items() if name != header}
    return replace(source, points_spent={**rest, header: spent} if spent else rest)


SURVEY_CHANGES: Mapping[str, Callable[[SourceMapping, Question, str], SourceMapping]] = {
    "survey_items": _items,
    "multiple_choice": _items,
    "item_kind": _kind,
    "item_scale": _scale,
    "answer_words": _words,
    **dict.fromkeys(("answer_direction", "legend_direction", "option_direction"), _direction),
    **dict.fromkeys(("paired_direction", "key_direction", "turned_question"), _direction),
    "no_answers": _missing,
    "stand_ins": _missing,
    "zero_answers": _zero,
    "option_positions": _positions,
    "word_score": _word_score,
    "left_out_rows": _left_out_values,
    "default_ratings": _left_out_values,
    "state_value": _state_value,
    "unsubmitted_rows": _left_out,
    "too_fast_rows": _left_out,
    "order_rows": _left_out,
    "points_spent": _points_spent,
    "other_tickets": _other_tickets,
    "ticket_value": _ticket_value,
    "blank_tickets": _ticket_value,
}
