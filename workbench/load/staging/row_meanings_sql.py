"""What the statuses of a row say of its money, in SQL: which lines are no sales, which are money paid back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from workbench.load.cleaning.sql_expressions import is_one_of, trimmed
from workbench.load.mapping.row_meanings import ANY_VALUE, may_bring_nothing, names_gift, names_set, written_forms
from workbench.load.mapping.source_mapping import RowMeaning
from workbench.load.reading.header import clean_header
from workbench.load.staging.source_plan import SourcePlan

NEVER = "false"
"""True for no row."""


def marked_headers(plan: SourcePlan) -> list[str]:
    """Return the headers whose values decide what a row means: those the mapping explains, and the status.

    A mapping that says by `cancelled` which lines are none has explained its status.
    """
    headers = list(plan.mapping.meanings)
    status = plan.columns.get("status")
    if status and plan.mapping.cancelled is None and status.header not in map(clean_header, headers):
        headers.append(status.header)
    return headers


def status_text_sql(plan: SourcePlan, header: str) -> str:
    """Return the SQL of a row's status under a header, as it is written."""
    return trimmed(plan.text_of(header))


def is_no_sale_sql(plan: SourcePlan) -> str:
    """Return the SQL that is true for rows of which a status says that nothing was sold."""
    return _any_of(_marks(plan, "no_sale"))


def brings_nothing_sql(plan: SourcePlan) -> str:
    """Return the SQL that is true for rows that are no sales for bringing no money of their own: a gift, a set's part.

    What such a row shows of its order's money belongs to the other rows; a row that was cancelled took its part away.
    """
    marks = []
    for header in marked_headers(plan):
        meanings = plan.mapping.meanings.get(header, {})
        is_beside = names_set(header) or names_gift(header)
        words = [
            value.strip().lower()
            for value, said in meanings.items()
            if said == "no_sale" and value.strip() and value != ANY_VALUE and (is_beside or may_bring_nothing(value))
        ]
        text = status_text_sql(plan, header)
        if words:
            marks.append(is_one_of(text, words))
        if is_beside and meanings.get(ANY_VALUE) == "no_sale":
            marks.append(_is_any_other(text, (value.strip().lower() for value in meanings)))
    return _any_of(marks)


def is_refund_sql(plan: SourcePlan) -> str:
    """Return the SQL that is true for rows that the mapping takes for money paid back."""
    if plan.mapping.returns:
        return "true"
    marks = [*_marks(plan, "refund")]
    if plan.mapping.negative_pieces_back and {"quantity", "amount"} <= set(plan.columns):
        marks.append("(v_quantity < 0 AND v_amount > 0)")
    return _any_of(marks)


def _marks(plan: SourcePlan, meaning: RowMeaning) -> Iterator[str]:
    for header in marked_headers(plan):
        explained = {value.strip().lower(): said for value, said in plan.mapping.meanings.get(header, {}).items()}
        words = [value for value, said in explained.items() if said == meaning and value not in ("", ANY_VALUE)]
        if explained.get("") == meaning:
            yield f"coalesce({status_text_sql(plan, header)}, '') = ''"
        if explained.get(ANY_VALUE) == meaning:
            yield _is_any_other(status_text_sql(plan, header), explained)
        if meaning == "no_sale":
            words += [form for form in written_forms(meaning) if form not in explained and ANY_VALUE not in explained]
        if words:
            yield is_one_of(status_text_sql(plan, header), words)


def _is_any_other(text: str, explained: Iterable[str]) -> str:
    """Return the SQL that is true where something stands that is not explained by itself."""
    others = [value for value in explained if value != ANY_VALUE]
    return f"(coalesce({text}, '') <> '' AND NOT {is_one_of(text, others)})"


def _any_of(marks: Iterable[str]) -> str:
    said = " OR ".join(marks)
    return f"coalesce({said}, false)" if said else NEVER
