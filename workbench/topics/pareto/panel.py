"""80/20: who carries the business, where A, B and C end, and which customers they are."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import pandas as pd
from ibis.expr import types as ir

from workbench.analyses.totals import Dimension, totals_by
from workbench.charts.drawing import Drawing
from workbench.charts.words import Unit, count_words, share_words
from workbench.errors import ChoiceError, NothingToShow
from workbench.i18n import t
from workbench.panels.base import Answer, Panel, Parts
from workbench.panels.columns import column_kind
from workbench.panels.controls import choice, share_slider
from workbench.panels.layout import Figure, text
from workbench.panels.presets import Presets
from workbench.panels.privacy import Privacy, Shown
from workbench.panels.segment_lists import with_people
from workbench.panels.session import Session
from workbench.panels.table import Detail, Field, table_html
from workbench.topics.pareto.chart import pareto_drawing
from workbench.topics.pareto.chart_bars import abc_bars_drawing
from workbench.topics.pareto.curve import AbcCurve, abc_steps
from workbench.topics.pareto.inequality import Concentration, concentration
from workbench.topics.pareto.query import (
    MEASURES,
    PRESETS,
    ParetoMeasure,
    Ties,
    abc_classes,
    abc_cut,
    abc_ranking,
)
from workbench.topics.pareto.segmentation import AbcSegmentation
from workbench.topics.pareto.shares import computed_shares
from workbench.topics.pareto.twins import LORENZ, SUMMARY, AbcTwin

RANKED_DIMENSIONS: tuple[Dimension, ...] = ("customer_id", "product_id", "category", "region", "channel")
COMPUTED = "computed"
RANKED_UNITS: Mapping[Dimension, Unit] = {"customer_id": "customers", "product_id": "products"}


@dataclass(frozen=True)
class ParetoAnswer(Answer):
    """The classes of all, their sums (`rows`), the curve, and how concentrated the value is."""

    kept: ir.Table
    curve: pd.DataFrame
    concentration: Concentration
    by: ParetoMeasure
    dimension: Dimension
    cuts: Mapping[str, float]
    has_few_in_d: bool


def pareto_panel(session: Session, *, brief: bool = False) -> Panel:
    """Move the A and B boundaries and watch the classes, the curve and the customer list change."""
    panel = Panel(
        session,
        topic="pareto",
        controls={
            "by": choice("panels.pareto.by", MEASURES, words="terms"),
            "dimension": choice("panels.pareto.dimension", _dimensions(session), words="panels.pareto.dimensions"),
            "a_share": share_slider(0.80, label="panels.pareto.a_share"),
            "b_share": share_slider(0.95, label="panels.pareto.b_share"),
            "boundary": choice("panels.pareto.boundary", ("crossing", "inclusive"), words="panels.pareto.boundaries"),
            "ties": choice("panels.pareto.ties", ("together", "row_order"), words="panels.pareto.tie_rules"),
        },
        analyse=partial(_analyse, session),
        analyses=(abc_classes, totals_by),
        privacy=Privacy(_shown, people=lambda answer: answer.kept),
        draw={"curve": _draw_curve, "classes": _draw_classes},
        brief=brief,
        parts=Parts(
            keeps=_frozen,
            figures=_figures,
            summary=_summary,
            detail=partial(_members, session),
            folded=("boundary", "ties"),
            recipe=_recipe,
            imports=(("topics.pareto", ("abc_classes", "abc_summary")),),
        ),
    )
    panel.offer(Presets("panels.pareto.preset", (*PRESETS, COMPUTED), "panels.pareto.presets", partial(_preset, panel)))
    return panel


def _shown(answer: ParetoAnswer) -> Sequence[Shown]:
    """Say what the classes count; products, categories and channels are no people."""
    return (Shown(("abc_class",), in_place=True),) if answer.dimension == "customer_id" else ()


def _frozen(answer: ParetoAnswer) -> AbcSegmentation:
    """Return the classes on screen by the amounts at which they begin; only customers can be kept."""
    lowest = answer.rows.set_index("abc_class")["lowest_value"].astype(float)
    if answer.dimension != "customer_id":
        raise ChoiceError("abc_not_customers")
    a_from = lowest.get("A", math.nan)
    if math.isnan(a_from):
        raise NothingToShow("no_customers")
    b_from = lowest.get("B", math.nan)
    return AbcSegmentation(a_from=a_from, b_from=a_from if math.isnan(b_from) else b_from, by=answer.by)


def _analyse(session: Session, *, dimension: Dimension, by: ParetoMeasure, ties: Ties, **cuts: Any) -> ParetoAnswer:
    totals, store = session.totals(dimension), session.store
    if dimension == "region":
        _check_regions(session, totals)
    # No slider moves the ranking nor its curve, and they are nearly all of the work.
    cache_key = (dimension, by, ties)
    ranking = session.remember(("ranking", *cache_key), lambda: store.keep(abc_ranking(totals, by=by, ties=ties)))
    curve = partial(session.remember, ("curve", *cache_key), lambda: AbcCurve.read(store.arrays(abc_steps(ranking))))

    def classed(twin: AbcTwin, **how: Any) -> pd.DataFrame:
        return session.ask(twin, how, source=lambda: ranking, held=curve)

    smallest = session.minimum_group if dimension == "customer_id" else 1
    rows, shown = classed(SUMMARY, **cuts), cuts
    has_few = bool(rows.loc[rows["abc_class"] == "D", "customer_count"].between(1, smallest - 1).any())
    if has_few:
        shown = {**cuts, "d_with_c": True}
        rows = classed(SUMMARY, **shown)  # the lowest value of the class that took them in would be one customer's own
        rows.loc[rows["abc_class"] == "C", "lowest_value"] = float("nan")
    measured = session.remember(("pareto", dimension, by), lambda: concentration(_values(session, totals, by)))
    shares = {name: cuts[name] for name in ("a_share", "b_share")}
    classes = abc_cut(ranking, **cuts)
    kept = abc_cut(ranking, **shown) if has_few else classes
    curved = classed(LORENZ, **shown)
    return ParetoAnswer(classes, rows, session.as_of, kept, curved, measured, by, dimension, shares, has_few)


def _check_regions(session: Session, totals: ir.Table) -> None:
    """Refuse, on managers' pages, regions of which one has too few customers: curve and list would show their money."""
    sizes = session.remember("region_sizes", lambda: session.store.arrays(totals.select("customer_count")))
    if any(0 < size < session.minimum_group for size in sizes["customer_count"]):
        raise NothingToShow("group_too_small", minimum=session.minimum_group)


def _draw_curve(answer: ParetoAnswer, lang: str) -> Drawing:
    measured = answer.concentration
    return pareto_drawing(
        answer.curve,
        lang,
        summary=answer.rows,
        by=answer.by,
        unit=RANKED_UNITS.get(answer.dimension, "groups"),
        top=(measured.top_share, measured.top_value_share.value),
        as_of=answer.as_of,
        **answer.cuts,
    )


def _values(session: Session, totals: ir.Table, by: str) -> Any:
    return session.store.arrays(totals.select(by))[by]


def _preset(panel: Panel, name: str) -> dict[str, float]:
    """Return the two shares of a preset; the computed one reads them off the curve on screen."""
    if name != COMPUTED:
        return dict(zip(("a_share", "b_share"), PRESETS[name], strict=True))
    chosen = panel.arguments
    values = _values(panel.session, panel.session.totals(chosen["dimension"]), chosen["by"])
    return dict(zip(("a_share", "b_share"), computed_shares(values, boundary=chosen["boundary"]), strict=True))


def _draw_classes(answer: ParetoAnswer, lang: str) -> Drawing:
    unit = RANKED_UNITS.get(answer.dimension, "groups")
    return abc_bars_drawing(answer.rows, lang, by=answer.by, unit=unit, as_of=answer.as_of)


def _figures(answer: ParetoAnswer, lang: str) -> Sequence[Figure]:
    measured = answer.concentration
    base = t("panels.pareto.base", lang, count=count_words(measured.n, lang), as_of=answer.as_of.isoformat())

    def between(low: float, high: float) -> str:
        return t("panels.figures.interval", lang, low=share_words(low, lang), high=share_words(high, lang))

    top, needed = measured.top_value_share, measured.needed_share
    return (
        Figure(
            t("panels.pareto.top_value", lang, share=share_words(measured.top_share, lang, digits=0)),
            share_words(top.value, lang),
            f"{between(top.low, top.high)}",
        ),
        Figure(
            t("panels.pareto.needed", lang, target=share_words(measured.target, lang, digits=0)),
            count_words(measured.needed_count, lang),
            t("panels.pareto.needed_note", lang, share=share_words(needed.value, lang), base=base),
        ),
        Figure(
            t("panels.pareto.gini", lang),
            f"{measured.gini.value:.3f}",
            t("panels.figures.interval", lang, low=f"{measured.gini.low:.3f}", high=f"{measured.gini.high:.3f}"),
        ),
        Figure(t("panels.pareto.hhi", lang), f"{measured.hhi.value:.4f}", t("panels.pareto.hhi_note", lang)),
    )


def _summary(answer: ParetoAnswer, lang: str) -> str:
    value = Field("value", column_kind(answer.by), label=f"terms.{answer.by}")
    table = table_html(
        answer.rows,
        (
            Field("abc_class", "badge", words="panels.pareto.classes"),
            Field("customer_count", "count", label="panels.pareto.count"),
            Field("customer_share", "share", label="panels.pareto.count_share"),
            value,
            Field("value_share", "share", label="panels.pareto.value_share"),
            Field("lowest_value", value.kind, label="panels.pareto.lowest_value"),
        ),
        lang,
    )
    return table + (text("p", t("panels.pareto.few_in_d", lang), "wb-note") if answer.has_few_in_d else "")


def _members(session: Session, answer: ParetoAnswer, picked: Mapping[str, Any]) -> Detail:
    """List who is in the class that was clicked."""
    chosen, key = picked["abc_class"], answer.kept.columns[0]
    members = answer.kept.filter(answer.kept.abc_class == chosen)
    named, fields = _named(session, members, key)
    return Detail(
        table=named.order_by("rank", key),
        fields=(
            Field("rank", "count", label="panels.columns.rank"),
            *fields,
            Field(answer.by, column_kind(answer.by)),
            Field("share", "share", label="panels.columns.share"),
            Field("cumulative_share", "share", label="panels.columns.cumulative_share"),
        ),
        title="panels.pareto.members",
        facts={"abc_class": f"panels.pareto.classes.{chosen}"},
    )


def _named(session: Session, members: ir.Table, key: str) -> tuple[ir.Table, Sequence[Field]]:
    """Join what people call the members by."""
    if key == "customer_id":
        return with_people(session, members)
    if key == "product_id":
        goods = session.store.products.select(key, "product_name")
        joined = members.left_join(goods, key).drop("product_id_right")
        return joined, [Field(key, label="panels.columns.product_id"), Field("product_name", label="terms.product")]
    return members, [Field(key)]


def _recipe(chosen: Mapping[str, Any]) -> Sequence[str]:
    cuts = ", ".join(f"{name}={chosen[name]!r}" for name in ("by", "a_share", "b_share", "boundary", "ties"))
    return (
        f"classes = abc_classes(session.totals({chosen['dimension']!r}), {cuts})",
        "rows = collect(abc_summary(classes))",
    )


def _dimensions(session: Session) -> list[Dimension]:
    """Return the dimensions of which the data speak at all."""
    sales, homes = session.store.transactions, session.store.customers
    known = session.store.collect(sales.aggregate(**{name: sales[name].count() for name in RANKED_DIMENSIONS}))
    living = session.store.collect(homes.aggregate(region=homes.region.count()))
    return [name for name in RANKED_DIMENSIONS if known[name].iloc[0] or (name == "region" and living[name].iloc[0])]
