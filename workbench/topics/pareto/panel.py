"""80/20: who carries the business, where A, B and C end, and which customers they are."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from typing import Any, cast

import ibis
import pandas as pd
from ibis import _
from ibis.expr import types as ir

from workbench.analyses.facts import standing_lines
from workbench.analyses.totals import Dimension, totals_by
from workbench.charts.drawing import Drawing
from workbench.charts.words import Unit, count_words, date_words, share_words
from workbench.data_needs import BUYERS
from workbench.errors import ChoiceError, NothingToShow
from workbench.i18n import t
from workbench.panels.base import Answer, Panel, Parts
from workbench.panels.columns import column_kind
from workbench.panels.controls import choice, share_slider
from workbench.panels.layout import Figure, text
from workbench.panels.needs import check_need
from workbench.panels.presets import Presets
from workbench.panels.privacy import Privacy, Shown
from workbench.panels.segment_lists import with_people
from workbench.panels.session import Session
from workbench.panels.standing import ledger
from workbench.panels.table import Detail, Field, money_shown, table_html
from workbench.panels.worded_rows import called
from workbench.store import asking
from workbench.topics.pareto.chart import pareto_drawing
from workbench.topics.pareto.chart_bars import abc_bars_drawing
from workbench.topics.pareto.chart_words import MOST_ITEMS_NAMED, Top, top_facts
from workbench.topics.pareto.curve import AbcCurve, abc_steps
from workbench.topics.pareto.inequality import Concentration, Interval, concentration
from workbench.topics.pareto.query import (
    MEASURES,
    PRESETS,
    ParetoMeasure,
    Ties,
    abc_classes,
    abc_cut,
    abc_ranking,
    abc_summary,
)
from workbench.topics.pareto.segmentation import AbcSegmentation
from workbench.topics.pareto.shares import computed_shares
from workbench.topics.pareto.stops import Stops
from workbench.topics.pareto.twins import LORENZ, SUMMARY, AbcTwin

RANKED_DIMENSIONS: tuple[Dimension, ...] = ("customer_id", "product_id", "category", "region", "channel")
COMPUTED = "computed"
RANKED_UNITS: Mapping[Dimension, Unit] = {
    "customer_id": "customers",
    "product_id": "products",
    "category": "categories",
    "region": "regions",
    "channel": "channels",
}


@dataclass(frozen=True)
class ParetoAnswer(Answer):
    """The classes of all, their sums (`rows`), the curve, and how concentrated the value is.

    `stops` is where classes may end on a managers' page that ranks customers; everywhere else they end where they do.
    """

    kept: ir.Table
    curve: pd.DataFrame
    concentration: Concentration
    by: ParetoMeasure
    dimension: Dimension
    cuts: Mapping[str, float]
    stops: Stops | None
    beside: Mapping[str, float]
    """Amounts that are the company's revenue as well and no known buyer's: `nameless`, and `returned`."""
    best: tuple[str | None, ...] = ()
    """The best of few products, categories, regions or channels, by name; None is the unknown one."""

    @property
    def unit(self) -> Unit:
        """What is ranked."""
        return RANKED_UNITS[self.dimension]

    def top(self, lang: str) -> Top:
        """Return what the best bring."""
        measured = self.concentration
        items = tuple(t("charts.theme.unknown", lang) if name is None else name for name in self.best)
        share, value_share = measured.top_count / measured.n, measured.top_value_share.value
        return Top(share, value_share, items, measured.top_count, measured.n)

    @property
    def tells_needed(self) -> bool:
        """Whether the number of customers who bring the target may be told: it is the end of a class."""
        return self.stops is None or self.concentration.needed_count in self.stops.heads


def pareto_panel(session: Session, *, brief: bool = False) -> Panel:
    """Move the A and B boundaries and watch the classes, the curve and the customer list change."""
    rules = {
        "boundary": choice("panels.pareto.boundary", ("crossing", "inclusive"), words="panels.pareto.boundaries"),
        "ties": choice("panels.pareto.ties", ("together", "row_order"), words="panels.pareto.tie_rules"),
    }
    if session.store.snapshot.published:  # two rules differ by one customer
        rules = {}
    panel = Panel(
        session,
        topic="pareto",
        controls={
            "by": choice("panels.pareto.by", _measures(session), words="terms"),
            "dimension": choice("panels.pareto.dimension", _dimensions(session), words="panels.pareto.dimensions"),
            "a_share": share_slider(0.80, label="panels.pareto.a_share"),
            "b_share": share_slider(0.95, label="panels.pareto.b_share"),
            **rules,
        },
        analyse=partial(_analyse, session),
        analyses=(abc_classes, totals_by),
        privacy=Privacy(
            _shown,
            people=lambda answer: answer.kept,
            also=_best,
            standing=lambda answer: ranking_name(answer.by) if answer.stops else None,
        ),
        draw={"curve": _draw_curve, "classes": _draw_classes},
        brief=brief,
        parts=Parts(
            keeps=_frozen,
            figures=_figures,
            summary=_summary,
            detail=partial(_members, session),
            names=lambda _, lang: {"abc_class": called("panels.pareto.classes", lang)},
            folded=tuple(rules),
            sums=("customer_count", "customer_share", "value", "value_share"),
            rising=(("a_share", "b_share", 0),),
            recipe=_recipe,
            rows_query=lambda answer: abc_summary(answer.table),
            imports=(("topics.pareto", ("abc_classes", "abc_summary")),),
        ),
    )
    named = (*PRESETS, *([COMPUTED] if rules else []))  # computed shares are those of single customers
    return panel.offer(Presets("panels.pareto.preset", named, "panels.pareto.presets", partial(_preset, panel)))


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


def _best(answer: ParetoAnswer) -> Mapping[str, ir.BooleanValue]:
    """Say who is counted up to each point of the curve, and among the best whose share stands above it."""
    if answer.stops is None:
        return {}
    places = {round(share * answer.stops.counted) for share in answer.curve["rank_share"]}
    places |= {answer.concentration.top_count, *([answer.concentration.needed_count] if answer.tells_needed else [])}
    ranks, everybody = answer.kept["rank"], answer.stops.everyone
    return {
        f"best {place}": ranks.notnull() & (ranks <= place) if place < everybody else ibis.literal(True)
        for place in places
    }


def ranking_name(by: ParetoMeasure) -> str:
    """Return by which name the ranking by a measure stands among all that a page shows."""
    return f"pareto.{by}"


def _analyse(
    session: Session, *, dimension: Dimension | None, by: ParetoMeasure, ties: Ties = "together", **cuts: Any
) -> ParetoAnswer:
    if dimension is None or dimension == "customer_id":
        check_need(session, "pareto", BUYERS)
    assert dimension is not None  # noqa: S101  who buys is one of the dimensions
    totals = session.totals(dimension)
    if dimension == "region":
        _check_regions(session, totals)
    values = partial(_values, session, totals, by)
    measured = session.remember(("pareto", dimension, by), lambda: concentration(values()))
    beside = session.remember("beside_buyers", lambda: _beside(session))
    ranking = ranking_of(session, totals, dimension=dimension, by=by, ties=ties)
    curve = partial(curve_of, session, ranking, dimension=dimension, by=by, ties=ties)
    classes = abc_cut(ranking, **cuts)
    shares = {name: cuts[name] for name in ("a_share", "b_share")}
    question = (by, dimension, shares)
    if dimension != "customer_id" or session.minimum_group == 1:

        def classed(twin: AbcTwin) -> pd.DataFrame:
            return session.ask(twin, cuts, source=lambda: ranking, held=curve)

        lines = (classed(SUMMARY), session.as_of, classes, classed(LORENZ), measured)
        return ParetoAnswer(classes, *lines, *question, None, beside, _best_items(session, classes, measured))
    stops = Stops.of(curve(), _hidden_heads(session, by))
    ends = stops.ends(**shares)
    best = session.remember(("pareto_top", by), lambda: _measured_at(stops, measured, values()))
    kept = _cut_at(classes, stops, ends)
    lines = (stops.summary(ends), session.as_of, kept, stops.lorenz(ends), best)
    return ParetoAnswer(kept, *lines, *question, stops, beside)


def ranking_of(session: Session, totals: ir.Table, *, dimension: Dimension, by: ParetoMeasure, ties: Ties) -> ir.Table:
    """Rank once: no slider moves the ranking nor its curve, and they are nearly all of the work."""
    ranking: ir.Table = session.remember(
        ("ranking", dimension, by, ties), lambda: session.store.keep(asking(abc_ranking, totals, by=by, ties=ties))
    )
    return ranking


def curve_of(session: Session, ranking: ir.Table, *, dimension: Dimension, by: ParetoMeasure, ties: Ties) -> AbcCurve:
    """Read the curve of a ranking once. The stops of managers' pages need it on every backend."""
    curve: AbcCurve = session.remember(
        ("curve", dimension, by, ties), lambda: AbcCurve.read(session.store.arrays(asking(abc_steps, ranking)))
    )
    return curve


def _beside(session: Session) -> dict[str, float]:
    """Return what is revenue too: sales without a customer's number, and the returns of who bought nothing here.

    The second is left out on managers' pages: it may be the money of one customer.
    """
    if session.has_ready_facts:
        return {"nameless": 0.0, "returned": 0.0}
    sums = asking(_sums_of_known, session.transactions, since=session.filters.since, as_of=session.as_of)
    known_sums = {name: float(column[0] or 0) for name, column in session.store.collect(sums).items()}
    if session.store.snapshot.published:
        return {"nameless": known_sums["nameless"], "returned": 0.0}
    bought = session.facts.aggregate(spent=session.facts.monetary.sum())
    spent = float(session.store.collect(bought)["spent"].iloc[0] or 0)
    return {"nameless": known_sums["nameless"], "returned": round(known_sums["known"] - spent, 2)}


def _sums_of_known(transactions: ir.Table, *, since: date | None, as_of: date) -> ir.Table:
    lines = standing_lines(transactions, since=since, as_of=as_of, refunds="net", of_known=False)
    nobody = lines.customer_id.isnull()
    return lines.aggregate(nameless=lines.amount.sum(where=nobody), known=lines.amount.sum(where=~nobody))


def _best_items(session: Session, classes: ir.Table, measured: Concentration) -> tuple[str | None, ...]:
    """Name the best of few products, categories, regions or channels; nobody where the next is worth as much."""
    key = classes.columns[0]
    if key == "customer_id" or measured.n > MOST_ITEMS_NAMED:
        return ()
    named, fields = _named(session, classes.filter(classes["rank"] <= measured.top_count), key)
    rows = session.store.collect(named.order_by("rank", key))
    if len(rows) > measured.top_count:
        return ()
    names = rows[fields[-1].name].where(rows[fields[-1].name].notna(), rows[key])
    return tuple(None if pd.isna(name) else str(name) for name in names)


def _hidden_heads(session: Session, by: ParetoMeasure) -> set[int]:
    """Return the numbers of best customers that must not be told on a managers' page."""
    return {int(head) for key in ledger(session).hidden(ranking_name(by)) for _name, head in key}


def _measured_at(stops: Stops, measured: Concentration, values: Any) -> Concentration:
    """Return the concentration with the best customers counted up to a stop."""
    head, value = stops.top(measured.top_share)
    top_share = (head - 0.5) / max(measured.n, head)  # rounded up, these are as many
    there = concentration(values, top_share=top_share).top_value_share
    top = replace(there, value=value)
    return replace(measured, n=stops.counted, top_share=head / stops.counted, top_count=head, top_value_share=top)


def _cut_at(classes: ir.Table, stops: Stops, ends: Mapping[str, int]) -> ir.Table:
    """Class customers by their rank; those who cannot be told apart are C."""
    rank = classes["rank"]
    valued = [(rank <= end, name) for name, end in ends.items()]
    abc_class = ibis.cases((rank.isnull(), "unknown" if stops.tells_unknown else "C"), *valued, else_="D")
    return classes.mutate(abc_class=abc_class)


def _check_regions(session: Session, totals: ir.Table) -> None:
    """Refuse, on managers' pages, regions of which one has too few customers: curve and list would show their money."""
    sizes = session.remember("region_sizes", lambda: session.store.arrays(totals.select("customer_count")))
    if any(0 < size < session.minimum_group for size in sizes["customer_count"]):
        raise NothingToShow("group_too_small", minimum=session.minimum_group)


def _draw_curve(answer: ParetoAnswer, lang: str) -> Drawing:
    return pareto_drawing(
        answer.curve,
        lang,
        summary=answer.rows,
        by=answer.by,
        unit=answer.unit,
        top=answer.top(lang),
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
    return abc_bars_drawing(answer.rows, lang, by=answer.by, unit=answer.unit, as_of=answer.as_of)


def _figures(answer: ParetoAnswer, lang: str) -> Sequence[Figure]:
    measured = answer.concentration
    base = t("panels.pareto.base", lang, count=count_words(measured.n, lang), as_of=date_words(answer.as_of, lang))

    def between(figure: Interval, say: Callable[[float], str]) -> str:
        if answer.dimension != "customer_id":  # products are no draw of a greater number of products
            return base
        if math.isnan(figure.low):
            return t("panels.pareto.no_interval", lang)
        return t("panels.figures.interval", lang, low=say(figure.low), high=say(figure.high))

    best, top, needed = answer.top(lang), measured.top_value_share, measured.needed_share
    return (
        Figure(
            t(
                "panels.pareto.top_few" if best.is_few else "panels.pareto.top_value",
                lang,
                **top_facts(best, lang),
            ),
            share_words(top.value, lang),
            between(top, lambda bound: share_words(bound, lang)),
        ),
        Figure(
            t("panels.pareto.needed", lang, target=share_words(measured.target, lang, digits=0)),
            count_words(measured.needed_count, lang) if answer.tells_needed else "—",
            t("panels.pareto.needed_note", lang, share=share_words(needed.value, lang), base=base)
            if answer.tells_needed
            else t("panels.pareto.needed_hidden", lang, base=base),
        ),
        Figure(
            t("panels.pareto.gini", lang),
            f"{measured.gini.value:.3f}",
            between(measured.gini, "{:.3f}".format),
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
            *([] if answer.stops else [Field("lowest_value", value.kind, label="panels.pareto.lowest_value")]),
        ),
        lang,
    )
    said = [] if answer.stops is None else _stop_words(answer.stops, lang)
    return table + "".join(text("p", sentence, "wb-note") for sentence in [*said, *_base_words(answer, lang)])


def _stop_words(stops: Stops, lang: str) -> list[str]:
    """Say where classes end on a managers' page, and who is counted with C."""
    return [t("panels.pareto.stops", lang), *([] if stops.tells_d else [t("panels.pareto.few_in_d", lang)])]


def _base_words(answer: ParetoAnswer, lang: str) -> list[str]:
    """Say what of the company's revenue is counted here, where customers and all sales are not the same."""
    money = {name: money_shown(value, lang) for name, value in answer.beside.items()}
    if answer.dimension != "customer_id":
        return [t("panels.pareto.all_sales", lang, money=money["nameless"])] if answer.beside["nameless"] else []
    return [
        t(f"panels.pareto.without_{name}", lang, money=money[name]) for name in answer.beside if answer.beside[name]
    ]


def _members(session: Session, answer: ParetoAnswer, picked: Mapping[str, Any]) -> Detail:
    """List who is in the class that was clicked.

    Managers read which products or regions are in it, not the amount of each; and not where a few customers alone
    bought one of them, since a class may hold only that.
    """
    chosen, key = picked["abc_class"], answer.kept.columns[0]
    is_of_people = key == "customer_id"
    amounts = (
        Field(answer.by, column_kind(answer.by)),
        Field("share", "share", label="panels.columns.share"),
        Field("cumulative_share", "share", label="panels.columns.cumulative_share"),
    )
    members = answer.kept.filter(answer.kept.abc_class == chosen)
    is_open = is_of_people or not session.store.snapshot.published
    if not is_open:
        _check_buyers(session, members, key)
    named, fields = _named(session, members, key)
    shown = [Field("rank", "count", label="panels.columns.rank"), *fields]
    shown += amounts if is_open else ()
    return Detail(
        table=named.order_by("rank", key).select(*[field.name for field in shown]),
        fields=shown,
        title="panels.pareto.members",
        people=is_of_people,
        facts={"abc_class": f"panels.pareto.classes.{chosen}"},
    )


def _check_buyers(session: Session, members: ir.Table, key: str) -> None:
    """Raise NothingToShow where one of these things was bought by too few customers to be named."""
    totals = session.totals(cast(Dimension, key))
    few = totals.filter(totals.customer_count.between(1, session.minimum_group - 1))
    if session.store.arrays(members.semi_join(few, key).aggregate(few=_.count()))["few"][0]:
        raise NothingToShow("few_buyers", minimum=session.minimum_group)


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
    cuts = ", ".join(f"{name}={chosen[name]!r}" for name in chosen if name != "dimension")
    return (
        f"classes = abc_classes(session.totals({chosen['dimension']!r}), {cuts})",
        "rows = collect(abc_summary(classes))",
    )


def _measures(session: Session) -> Sequence[ParetoMeasure]:
    """Return what can be ranked by; ready figures of customers know no margin and no visits."""
    return ("monetary",) if session.has_ready_facts else MEASURES


def _dimensions(session: Session) -> list[Dimension]:
    """Return the dimensions of which the data speak at all."""
    if session.has_ready_facts:
        return ["customer_id"]
    sales, homes = session.store.transactions, session.store.customers
    known = session.store.collect(sales.aggregate(**{name: sales[name].count() for name in RANKED_DIMENSIONS}))
    living = session.store.collect(homes.aggregate(region=homes.region.count()))
    return [name for name in RANKED_DIMENSIONS if known[name].iloc[0] or (name == "region" and living[name].iloc[0])]
