"""Survey answers: the score within its scale, or why it is missing; one column per item, or one row per answer."""

from __future__ import annotations

from collections.abc import Mapping

from workbench.load.cleaning.clean import cast_sql
from workbench.load.cleaning.sql_expressions import case_when
from workbench.load.staging.source_plan import SourcePlan
from workbench.store.sql_quoting import quoted_text, quoted_text_or_null

SCALE = ("kind", "scale_low", "scale_high", "touchpoint")


def wide_answers(plan: SourcePlan) -> str:
    """Return the list of one response's answers, an entry per item."""
    entries = []
    for header, item in plan.items.items():
        cast = cast_sql(
            plan.source.column(header), "number", decimal=plan.mapping.decimal, missing=plan.missing_words(header)
        )
        low, high = _scale_bound(item.low), _scale_bound(item.high)
        score, missing = _score_and_reason(cast.value, cast.missing, low, high)
        parts = {
            "item": quoted_text(header), "score": score, "missing": missing, "scale_low": low, "scale_high": high,
            "kind": quoted_text_or_null(item.kind), "touchpoint": quoted_text_or_null(item.touchpoint),
        }  # fmt: skip
        entries.append("{" + ", ".join(f"'{name}': {sql}" for name, sql in parts.items()) + "}")
    return f"[{', '.join(entries)}]"


def long_answer(plan: SourcePlan) -> dict[str, str]:
    """Return the columns of a row that is one answer; its own scale takes precedence over the mapping's."""
    columns = {name: planned.value for name, planned in plan.columns.items()}
    items = plan.mapping.items
    declared = {
        "kind": {item: quoted_text_or_null(entry.kind) for item, entry in items.items()},
        "scale_low": {item: _scale_bound(entry.low) for item, entry in items.items()},
        "scale_high": {item: _scale_bound(entry.high) for item, entry in items.items()},
        "touchpoint": {item: quoted_text_or_null(entry.touchpoint) for item, entry in items.items()},
    }
    judged = {name: _own_or_declared(columns.get(name), columns["item"], declared[name]) for name in SCALE}
    if "score" in columns:
        low, high = judged["scale_low"], judged["scale_high"]
        reason = plan.columns["score"].cast.missing
        judged["score"], judged["missing"] = _score_and_reason(columns["score"], reason, low, high)
    return {**columns, **{name: sql for name, sql in judged.items() if sql != "NULL"}}


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
