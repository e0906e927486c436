"""Survey answers: the score within its scale, or why it is missing; one column per item, or one row per answer.

An answer is one of the item's words, else a number; where the lowest is best it is then turned round.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from workbench.load.cleaning.clean import cast_sql
from workbench.load.cleaning.skipped_answers import SKIPPED_AS_WRITTEN
from workbench.load.cleaning.sql_expressions import BLANKS, case_when, trimmed
from workbench.load.mapping.source_mapping import Item
from workbench.load.staging.source_plan import SourcePlan
from workbench.store.sql_quoting import quoted_text, quoted_text_or_null

PERCENT = 100
"""The end of a scale on which 80% is 80."""

SCALE = ("kind", "scale_low", "scale_high", "touchpoint")


def read_answers(plan: SourcePlan) -> dict[str, str]:
    """Return the SQL that reads each item's cell once, as a number and as why it is none, by the names it is asked by.

    Written out wherever an answer is judged, the reading made a query of 60 kB an item.
    """
    readings: dict[str, str] = {}
    for header in plan.items:
        text = plan.source.column(header)
        words = (*plan.missing_words(header), *SKIPPED_AS_WRITTEN)
        written = _without_percent(text) if plan.items[header].scale[1] == PERCENT else text
        cast = cast_sql(written, "number", decimal=plan.mapping.decimal, missing=words)
        readings |= {_number(text): cast.value, _why_missing(text): cast.missing}
    return readings


def wide_answers(plan: SourcePlan) -> str:
    """Return the list of one response's answers, an entry per item; several answers in a cell are an item each.

    It stands over the columns of `read_answers`.
    """
    return f"[{', '.join(entry for header, item in plan.items.items() for entry in _entries(plan, header, item))}]"


def long_answer(plan: SourcePlan) -> dict[str, str]:
    """Return the columns of a row that is one answer; its own scale takes precedence over the mapping's."""
    columns = {name: planned.value for name, planned in plan.columns.items()}
    items = plan.mapping.items
    scales = {name: tuple(map(_scale_bound, item.scale)) for name, item in items.items()}
    declared = {
        "kind": {name: quoted_text_or_null(item.kind) for name, item in items.items()},
        "scale_low": {name: scale[0] for name, scale in scales.items()},
        "scale_high": {name: scale[1] for name, scale in scales.items()},
        "touchpoint": {name: quoted_text_or_null(item.touchpoint) for name, item in items.items()},
    }
    judged = {name: _own_or_declared(columns.get(name), columns["item"], declared[name]) for name in SCALE}
    if "score" in columns:
        planned, low, high = plan.columns["score"], judged["scale_low"], judged["scale_high"]
        reading = {name: _own_reading(item, planned.text, columns["score"], low, high) for name, item in items.items()}
        own = {name: sql for name, sql in reading.items() if sql != columns["score"]}
        branches = [(f"{columns['item']} = {quoted_text(name)}", sql) for name, sql in own.items()]
        value = case_when(*branches, otherwise=columns["score"]) if branches else columns["score"]
        judged["score"], judged["missing"] = _score_and_reason(value, planned.cast.missing, low, high)
    renamed = [
        (f"{columns['item']} = {quoted_text(name)}", quoted_text(item.text))
        for name, item in items.items()
        if item.text
    ]
    named = {"item": case_when(*renamed, otherwise=columns["item"])} if renamed else {}
    return {**columns, **named, **{name: sql for name, sql in judged.items() if sql != "NULL"}}


def written_answer(plan: SourcePlan) -> str:
    """Return one further column of a long survey's rows: the answer as it was written, where it is no score."""
    if plan.table.name != "surveys" or plan.wide or "score" not in plan.columns:
        return ""
    unread = case_when(("x_missing = 'out_of_range'", plan.columns["score"].text))
    return f", {unread} AS x_written"


def _entries(plan: SourcePlan, header: str, item: Item) -> Iterator[str]:
    """The answers under one header: one, or one for each choice where a cell holds several."""
    text = plan.source.column(header)
    why_missing = _why_missing(text)
    low, high = map(_scale_bound, item.scale)
    common = {
        "scale_low": low, "scale_high": high,
        "kind": quoted_text_or_null(item.kind), "touchpoint": quoted_text_or_null(item.touchpoint),
    }  # fmt: skip
    name = item.text or header
    if item.choices:
        for choice in item.choices:
            score = case_when((f"{why_missing} IS NULL", _is_chosen(text, item.separator or "", choice)))
            yield _struct(
                {
                    "item": quoted_text(f"{name}—{choice}"),
                    "score": score,
                    "missing": why_missing,
                    **common,
                    "written": "CAST(NULL AS VARCHAR)",
                }
            )
    else:
        value = _own_reading(item, text, _number(text), low, high)
        score, missing = _score_and_reason(value, why_missing, low, high)
        answer = {"item": quoted_text(name), "score": score, "missing": missing, **common}
        yield _struct({**answer, "written": case_when((f"{missing} = 'out_of_range'", text))})


def _without_percent(text: str) -> str:
    return f"regexp_replace({text}, '[%％][{BLANKS}]*$', '')"


def _number(text: str) -> str:
    return f"v_answer_{text}"


def _why_missing(text: str) -> str:
    return f"v_missing_{text}"


def _struct(parts: Mapping[str, str]) -> str:
    return "{" + ", ".join(f"'{name}': {sql}" for name, sql in parts.items()) + "}"


def _own_reading(item: Item, text: str, value: str, low: str, high: str) -> str:
    """The score as the item declares it: its words first, then a number; turned round where the lowest is best."""
    words = [
        (f"{_word(text)} = {quoted_text(word.strip(BLANKS).lower())}", _scale_bound(score))
        for word, score in item.words.items()
    ]
    score = case_when(*words, otherwise=value) if words else value
    return f"({low} + {high} - ({score}))" if item.reversed else score


def _word(text: str) -> str:
    return f"lower({trimmed(text)})"


def _is_chosen(text: str, separator: str, choice: str) -> str:
    """1 where a choice is among the answers of a cell, else 0."""
    answers = f"list_transform(string_split({text}, {quoted_text(separator)}), lambda answer: {trimmed('answer')})"
    return f"CAST(list_contains({answers}, {quoted_text(choice.strip(BLANKS))}) AS DECIMAL(18,3))"


def _own_or_declared(own: str | None, item: str, declared: Mapping[str, str]) -> str:
    """The row's own value, else what the mapping declares for its item."""
    by_item = [(f"{item} = {quoted_text(name)}", value) for name, value in declared.items() if value != "NULL"]
    of_mapping = case_when(*by_item) if by_item else "NULL"
    return of_mapping if own is None else own if of_mapping == "NULL" else f"coalesce({own}, {of_mapping})"


def _score_and_reason(value: str, missing: str, low: str, high: str) -> tuple[str, str]:
    """The score and why there is none: left blank, a declared sentinel, or outside its scale, as text is."""
    outside = f"coalesce({value} < {low} OR {value} > {high}, false)"
    reason = case_when((f"{value} IS NULL", f"coalesce({missing}, 'out_of_range')"), (outside, "'out_of_range'"))
    return case_when((f"NOT {outside}", value)), reason


def _scale_bound(bound: float | None) -> str:
    return "NULL" if bound is None else f"CAST({bound} AS DECIMAL(18,3))"
