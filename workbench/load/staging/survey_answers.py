"""Survey answers: the score within its scale, or why it is missing; one column per item, or one row per answer."""

from __future__ import annotations

from collections.abc import Mapping

from workbench.load.cleaning.clean import cast_sql
from workbench.load.cleaning.sql_expressions import first_of
from workbench.load.staging.source_plan import Plan
from workbench.store.sql_quoting import quoted_text, quoted_text_or_null

SCALE = ("kind", "scale_low", "scale_high", "touchpoint")


def wide_answers(plan: Plan) -> str:
    """Return the list of one response's answers, an entry per item."""
    entries = []
    for header, item in plan.items.items():
        cast = cast_sql(plan.source.column(header), "number", decimal=plan.mapping.decimal, missing=plan.words(header))
        low, high = _number(item.low), _number(item.high)
        score, missing = _judged(cast.value, cast.missing, low, high)
        parts = {
            "item": quoted_text(header), "score": score, "missing": missing, "scale_low": low, "scale_high": high,
            "kind": quoted_text_or_null(item.kind), "touchpoint": quoted_text_or_null(item.touchpoint),
        }  # fmt: skip
        entries.append("{" + ", ".join(f"'{name}': {sql}" for name, sql in parts.items()) + "}")
    return f"[{', '.join(entries)}]"


def long_answer(plan: Plan) -> dict[str, str]:
    """Return the columns of a row that is one answer; its own scale goes before what the mapping says."""
    columns = {name: target.value for name, target in plan.targets.items()}
    items = plan.mapping.items
    told = {
        "kind": {item: quoted_text_or_null(entry.kind) for item, entry in items.items()},
        "scale_low": {item: _number(entry.low) for item, entry in items.items()},
        "scale_high": {item: _number(entry.high) for item, entry in items.items()},
        "touchpoint": {item: quoted_text_or_null(entry.touchpoint) for item, entry in items.items()},
    }
    made = {name: _own_or_told(columns.get(name), columns["item"], told[name]) for name in SCALE}
    if "score" in columns:
        cast = plan.targets["score"].cast
        made["score"], made["missing"] = _judged(columns["score"], cast.missing, made["scale_low"], made["scale_high"])
    return {**columns, **{name: sql for name, sql in made.items() if sql != "NULL"}}


def _own_or_told(own: str | None, item: str, told: Mapping[str, str]) -> str:
    """The row's own value, else what the mapping says of its item."""
    by_item = [(f"{item} = {quoted_text(name)}", value) for name, value in told.items() if value != "NULL"]
    known = first_of(*by_item) if by_item else "NULL"
    return known if own is None else own if known == "NULL" else f"coalesce({own}, {known})"


def _judged(value: str, missing: str, low: str, high: str) -> tuple[str, str]:
    """The score and why there is none: left blank, a declared sentinel, or outside its scale, as text is."""
    outside = f"coalesce({value} < {low} OR {value} > {high}, false)"
    reason = first_of((f"{value} IS NULL", f"coalesce({missing}, 'out_of_range')"), (outside, "'out_of_range'"))
    return first_of((f"NOT {outside}", value)), reason


def _number(bound: float | None) -> str:
    return "NULL" if bound is None else f"CAST({bound} AS DECIMAL(18,3))"
