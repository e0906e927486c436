"""Transactions: a period beside the one before and the year before, the change taken apart, structure and ARPU."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from functools import partial
from typing import Any, Literal, get_args

import pandas as pd
from ibis import _

from workbench.analyses.calendar import months_before
from workbench.charts.drawing import Drawing
from workbench.charts.words import date_words
from workbench.panels.base import Panel, Parts
from workbench.panels.controls import choice
from workbench.panels.layout import Figure
from workbench.panels.periods import year_before
from workbench.panels.privacy import Privacy
from workbench.panels.segment_lists import people_list
from workbench.panels.session import Session
from workbench.panels.table import Detail, Field
from workbench.topics.revenue.query import revenue_by_month
from workbench.topics.transactions.arpu import TREND_MONTHS, arpu_by_month
from workbench.topics.transactions.chart import bridge_drawing
from workbench.topics.transactions.chart_arpu import arpu_chart
from workbench.topics.transactions.chart_structure import structure_drawing
from workbench.topics.transactions.panel_answer import OTHER_SEGMENTS_KEY, UNNAMED_KEY, SalesAnswer
from workbench.topics.transactions.panel_periods import (
    ComparedWith,
    SalesBy,
    SalesSpan,
    compared_periods,
    has_quantities,
    known_dimensions,
    sales_lines,
    usual_span,
)
from workbench.topics.transactions.panel_sums import period_sales
from workbench.topics.transactions.panel_words import (
    bridge_notes,
    figures_shown,
    part_names,
    segment_names,
    sheets_shown,
    summary_html,
    value_names,
)
from workbench.topics.transactions.query import customer_changes, sales_by_period

Factors = Literal["items", "orders"]
"""Whether sales are orders × items × price, or orders × amount per order."""
MONTHS_DRAWN = 24
OF_MONTHS = ("month", "revenue", "active_customers", "is_incomplete")
OF_THE_RECIPE = ("compared_periods", "period_sales", "sales_bridge", "sales_by_period", "sales_lines")


def transactions_panel(session: Session) -> Panel:
    """Choose a period, what to compare it with, and a dimension; a click on a segment lists its customers' changes."""
    dimensions = known_dimensions(session)
    factors: list[Factors] = [*get_args(Factors)] if has_quantities(session) else ["orders"]
    first = next((one for one in dimensions if one != "none"), "none")
    return Panel(
        session,
        topic="transactions",
        controls={
            "span": choice(
                "panels.transactions.span",
                get_args(SalesSpan),
                words="panels.transactions.spans",
                value=usual_span(session),
            ),
            "against": choice(
                "panels.transactions.against", get_args(ComparedWith), words="panels.transactions.againsts"
            ),
            "factors": choice("panels.transactions.factors", factors, words="panels.transactions.factorings"),
            "by": choice("panels.transactions.by", dimensions, words="panels.transactions.bys", value=first),
        },
        analyse=partial(_analyse, session),
        analyses=(compared_periods, sales_lines, compared_with, _analyse),
        privacy=Privacy(refusal="transactions_published"),
        draw={
            "bridge": _draw_bridge,
            "structure": partial(_draw_structure, session),
            "arpu": _draw_arpu,
        },
        parts=Parts(
            figures=_figures,
            summary=partial(summary_html, session),
            detail=partial(_customers, session),
            recipe=partial(_recipe, session),
            imports=(("topics.transactions", OF_THE_RECIPE),),
            names=partial(value_names, session),
            sheets=partial(sheets_shown, session),
        ),
    )


def compared_with(periods: Mapping[str, tuple[date, date]], *, against: ComparedWith) -> str | None:
    """Return the name of the period compared with; None where the data do not cover it.

    The year before is the period before where both are the same days.
    """
    if against in periods:
        return against
    return "before" if year_before(*periods["this"]) == periods.get("before") else None


def _analyse(session: Session, *, span: SalesSpan, against: ComparedWith, by: SalesBy, factors: Factors) -> SalesAnswer:
    periods = compared_periods(session, span=span)
    table = sales_by_period(sales_lines(session, by=by), periods=periods, by=None if by == "none" else "sales_segment")

    def months() -> pd.DataFrame:
        known = sales_lines(session).filter(_.customer_id.notnull())
        since = months_before(session.as_of.replace(day=1), MONTHS_DRAWN + TREND_MONTHS - 1)
        rows = revenue_by_month(known, as_of=session.as_of, since=since, data_from=session.first_day)
        # Orders are not asked for: counting them takes as long as all the rest.
        return arpu_by_month(session.store.collect(rows.select(*OF_MONTHS))).tail(MONTHS_DRAWN)

    sales = period_sales(session, span=span, by=by)
    return SalesAnswer(
        table,
        sales.rows,
        session.as_of,
        sales,
        period_sales(session, span=span, by=by, itemized=True) if has_quantities(session) else None,
        session.remember("arpu_by_month", months),
        periods,
        compared_with(periods, against=against),
        against,
        by,
        factors == "items",
        session.first_day,
    )


def _draw_bridge(answer: SalesAnswer, lang: str) -> Drawing:
    bridge = answer.bridge
    totals = answer.sales.totals
    revenue = totals.loc[totals["period"] == "this", "revenue"].sum()
    return bridge_drawing(
        pd.DataFrame(columns=["part", "value_before", "value_this", "amount"]) if bridge is None else bridge.parts,
        lang,
        this=float(revenue),
        before=None if bridge is None else bridge.before,
        against=answer.against,
        names=part_names(answer.by, lang),
        notes=bridge_notes(answer, lang),
        base=answer.order_count,
        as_of=answer.as_of,
    )


def _draw_structure(session: Session, answer: SalesAnswer, lang: str) -> Drawing:
    return structure_drawing(
        answer.drawn,
        lang,
        against=answer.against,
        names=segment_names(session, answer, lang),
        others=OTHER_SEGMENTS_KEY,
        base=answer.order_count,
        as_of=answer.as_of,
    )


def _draw_arpu(answer: SalesAnswer, lang: str) -> Any:
    return arpu_chart(answer.months, lang, as_of=answer.as_of)


def _figures(answer: SalesAnswer, lang: str) -> Sequence[Figure]:
    return figures_shown(answer.figures, lang, then=answer.then, against=answer.against)


def _customers(session: Session, answer: SalesAnswer, picked: Mapping[str, Any]) -> Detail:
    """List the known customers of the segment that was clicked, by how much their spend in it changed."""
    key = picked["segment_key"]
    lines = sales_lines(session, by=answer.by)
    if key == UNNAMED_KEY:
        lines = lines.filter(lines.sales_segment.isnull())
    elif key == OTHER_SEGMENTS_KEY:
        large = [segment for segment in answer.drawn["sales_segment"] if isinstance(segment, str)]
        is_small = lines.sales_segment.notin(large)
        has_unknown = UNNAMED_KEY in set(answer.drawn["segment_key"])
        lines = lines.filter(is_small if has_unknown else is_small | lines.sales_segment.isnull())
    else:
        lines = lines.filter(lines.sales_segment == key.removeprefix("="))
    this = answer.periods["this"]
    members = customer_changes(lines, this=this, before=answer.periods[answer.then or "this"])
    fields = [Field("revenue", "money", label="panels.transactions.period_this")]
    if answer.then:
        fields += [
            Field("revenue_before", "money", label=f"panels.transactions.period_{answer.against}"),
            Field("change", "money", label="panels.transactions.change"),
        ]
    order = (members.change.abs().desc(), members.revenue.desc()) if answer.then else (members.revenue.desc(),)
    return people_list(
        session,
        members,
        fields,
        order=order,
        title="panels.transactions.members",
        facts={
            "segment": segment_names(session, answer, session.lang)[key],
            "since": date_words(this[0], session.lang),
        },
    )


def _recipe(session: Session, chosen: Mapping[str, Any]) -> Sequence[str]:
    periods = compared_periods(session, span=chosen["span"])
    then = compared_with(periods, against=chosen["against"])
    segments = "" if chosen["by"] == "none" else ", by='sales_segment'"
    lines = [
        f"lines = sales_lines(session, by={chosen['by']!r})",
        f"periods = compared_periods(session, span={chosen['span']!r})",
        f"rows = collect(sales_by_period(lines, periods=periods{segments}), limit=1_000_000)",
    ]
    if then is None:
        return lines
    how = f"session, span={chosen['span']!r}, by={chosen['by']!r}"
    itemized = f", itemized=period_sales({how}, itemized=True)" if chosen["factors"] == "items" else ""
    return [*lines, f"bridge = sales_bridge(period_sales({how}){itemized}, then={then!r}).parts"]
