"""The sums that the transactions panel shows, each asked once: of all lines, and of those that say a quantity."""

from __future__ import annotations

from workbench.panels.session import Session
from workbench.topics.transactions.bridge import PeriodSales
from workbench.topics.transactions.panel_periods import SalesBy, SalesSpan, compared_periods, sales_lines
from workbench.topics.transactions.query import sales_by_period

MOST_SEGMENTS = 1_000_000
"""Products of three periods are as many rows as there are; they are added up here, and the largest alone are drawn."""


def period_sales(
    session: Session, *, span: SalesSpan = "year", by: SalesBy = "none", itemized: bool = False
) -> PeriodSales:
    """Fetch the sums of the periods compared, whole and by a dimension; `itemized`: of lines that say a quantity alone.

    Asked once for as long as the filters stay. Where every line says a quantity, both are the same.
    """
    lines, periods = sales_lines(session, by=by), compared_periods(session, span=span)
    if itemized:
        if not period_sales(session, span=span).totals["unitemized_line_count"].sum():
            return period_sales(session, span=span, by=by)
        lines = lines.filter(lines.quantity.notnull())

    def totals() -> object:
        return session.store.collect(sales_by_period(lines, periods=periods))

    def segments() -> object:
        return session.store.collect(sales_by_period(lines, periods=periods, by="sales_segment"), limit=MOST_SEGMENTS)

    return PeriodSales(
        session.remember(("period_sales", span, itemized), totals),
        None if by == "none" else session.remember(("period_sales", span, itemized, by), segments),
    )
