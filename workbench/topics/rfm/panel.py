"""RFM: who bought lately, often and for much, which segments they make, and how much depends on the cut points."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, get_args

from ibis.expr import types as ir

from workbench.analyses.facts import CountBy
from workbench.analyses.rules.audit import audit_segments
from workbench.analyses.rules.table import SEGMENT_TABLES, segment_table
from workbench.charts.drawing import Drawing
from workbench.charts.segment_bars import segment_bars_drawing
from workbench.errors import ChoiceError
from workbench.panels.base import Panel
from workbench.panels.controls import Choice, WholeSlider, choice
from workbench.panels.downloads import file_name
from workbench.panels.presets import Presets
from workbench.panels.privacy import Privacy, Shown
from workbench.panels.segment_lists import SIZE_FIELDS
from workbench.panels.segmentation_choice import best
from workbench.panels.segmentation_panel import Shape, named_rows, segmentation_panel
from workbench.panels.session import Session
from workbench.panels.table import Field
from workbench.panels.worded_rows import ValueNames
from workbench.topics.rfm.chart import RfmMeasure, rfm_grid_drawing
from workbench.topics.rfm.chart_sensitivity import rfm_sensitivity_drawing
from workbench.topics.rfm.composite import COMPOSITE_LEVELS, Weights, rfm_ranking
from workbench.topics.rfm.counts import RfmCells, RfmCounts, rfm_condensed
from workbench.topics.rfm.cuts import Method, rfm_cuts
from workbench.topics.rfm.cuts_file import KeptCuts
from workbench.topics.rfm.measures import Money
from workbench.topics.rfm.moves import RfmMoves
from workbench.topics.rfm.panel_answer import RfmAnswer
from workbench.topics.rfm.panel_cuts import CutsEditor
from workbench.topics.rfm.panel_members import picked_members
from workbench.topics.rfm.panel_weights import WeightsLine
from workbench.topics.rfm.panel_words import answer_labels, audited, figures, stated
from workbench.topics.rfm.query import rfm_scores, rfm_segments
from workbench.topics.rfm.segmentation import RfmSegmentation
from workbench.topics.rfm.sensitivity import Sensitivity
from workbench.topics.rfm.twins import CELLS, CUTS, SENSITIVITY

RFM_PRESETS: Mapping[str, Mapping[str, Any]] = {
    "r_rfm_vignette": {"table": "r_rfm_vignette", "bins": 5, "method": "quantile"},
    "eight_groups": {"table": "eight_groups", "bins": 2, "method": "mean"},
    COMPOSITE_LEVELS: {"table": COMPOSITE_LEVELS, "bins": 5, "method": "nested"},
}


RF_PRESETS: Mapping[str, Mapping[str, Any]] = {
    "rf_map": {"table": "rf_map", "bins": 5, "method": "quantile"},
    COMPOSITE_LEVELS: RFM_PRESETS[COMPOSITE_LEVELS],
}
"""The same where no money is known: by recency and frequency alone."""

AS_OFFERED: Mapping[str, Any] = {"count_by": "order", "money": "total", "preset": "plain"}
"""How managers' pages measure: two ways to cut the same customers would tell who lies between the cuts."""


def presets_of(session: Session) -> Mapping[str, Mapping[str, Any]]:
    """Return the ways of cutting that a page offers: those without money where the data have none."""
    return RF_PRESETS if session.lacks_money else RFM_PRESETS


def _called(table: str) -> Mapping[str, str]:
    return {name: f"rfm_{table}_{name}" for name in ("segment", "r_score", "f_score")}


def shown_scores(table: str, rules: RfmSegmentation) -> Sequence[Shown]:
    """Say what segments and cells count, by the names that all panels have for them."""
    called = tuple(_called(table).items())
    cells = Shown(("r_score", "f_score"), frame="cells", called=called, in_place=True)
    return (Shown(called=called, first=best(rules)), cells)


def people_by_score(table: str, assigned: ir.Table) -> ir.Table:
    """Return everybody's segment and cell by the names that all panels have for them."""
    return assigned.select("customer_id", **{label: assigned[name] for name, label in _called(table).items()})


def score_table_name(table: str) -> str:
    """Return by which name a segment table stands among all that a page shows."""
    return f"rfm.{table}"


RFM_PRIVACY = Privacy(
    lambda answer: shown_scores(str(answer.rules.table), answer.rules),
    people=lambda answer: people_by_score(str(answer.rules.table), answer.table),
    standing=lambda answer: score_table_name(str(answer.rules.table)),
)


@dataclass
class _Latest:
    """The last thing computed, for as long as the same is wanted."""

    key: Hashable = None
    value: Any = field(default=None, repr=False)

    def get(self, key: Hashable, compute: Callable[[], Any]) -> Any:
        if self.value is None or key != self.key:
            self.key, self.value = key, compute()
        return self.value


def rfm_panel(session: Session, *, brief: bool = False) -> Panel:
    """Cut customers by recency, frequency and money; click a cell, a segment or a cut to see who is meant."""
    public = session.store.snapshot.published
    presets, unpriced = presets_of(session), session.lacks_money
    offered = tuple(presets) if public else (*_score_tables(without_money=unpriced), COMPOSITE_LEVELS)
    tables = {name: f"panels.rfm.tables.{name}" for name in offered}
    measures = get_args(RfmMeasure)[: 1 if unpriced else None]
    controls: dict[str, Any] = {
        "measure": choice("panels.rfm.measure", measures, words="panels.rfm.measures"),
        "table": Choice("panels.rfm.table", tables, value=next(iter(presets))),
    }
    draws = {"segments": _draw_segments} if brief else {"grid": _draw_grid, "segments": _draw_segments}
    # On managers' pages a cut of one's own choice, moved by one step, would tell who lies between; and what a widget
    # holds reaches the browser whether it is shown or not.
    editor = None if public else CutsEditor(written=partial(_written, session))
    if editor:
        controls |= _cutting(session) | ({} if unpriced else {"weights": WeightsLine(), "cuts": editor})
        draws |= {} if brief else {"sensitivity": _draw_sensitivity}
    panel = segmentation_panel(
        session,
        topic="rfm",
        controls=controls,
        analyse=partial(_analyse, scored=_Latest(), moved=_Latest() if "sensitivity" in draws else None),
        analyses=(rfm_cuts, rfm_scores, rfm_segments, rfm_ranking, rfm_grid_drawing),
        privacy=RFM_PRIVACY,
        draw=draws,
        brief=brief,
        shape=Shape(
            figures=figures,
            names=_names,
            sizes=lambda answer, lang: (named_rows(answer, lang), (Field("segment"), *SIZE_FIELDS)),
            warning=stated,
            notes=partial(audited, session),
            detail=partial(picked_members, session),
            folded=tuple(name for name in controls if name != "measure"),
            recipe=partial(_recipe, session),
            imports=(
                ("topics.rfm", ("Weights",)),
                ("topics.rfm", ("Cuts", "NestedCuts", "rfm_cuts")),
                ("topics.rfm", ("RfmSegmentation",)),
                ("analyses", ("segment_sizes",)),
            ),
            shown=lambda answer: editor.show(_kept(answer.rules)) if editor and not unpriced else None,
        ),
    )
    if editor:
        editor.read = partial(_load, panel)
    return panel.offer(
        Presets("panels.rfm.table", tuple(presets), "panels.rfm.tables", partial(_preset, panel, presets))
    )


def _names(answer: Any, lang: str) -> ValueNames:
    cuts = () if answer.sensitivity is None else answer.sensitivity.rows[["measure", "place"]].itertuples(index=False)
    said = {f"{measure}/{place}": f"{measure[0].upper()} {place}" for measure, place in cuts}
    return {"segment": answer_labels(answer, lang), "cut": said}


def _cutting(session: Session) -> dict[str, Any]:
    """Return how customers may be cut, by hand or by rule; without money M, and without days F, is no choice."""
    moneys = ("none",) if session.lacks_money else ("total", "average")
    counts = get_args(CountBy)[: 1 if session.has_ready_facts else None]
    return {
        "method": choice("panels.rfm.method_control", get_args(Method), words="panels.rfm.methods"),
        "bins": WholeSlider("panels.rfm.bins", 5, low=2, high=9),
        "count_by": choice("panels.rfm.count_by", counts, words="panels.rfm.counts"),
        "money": choice("panels.rfm.money", moneys, words="panels.rfm.moneys"),
        "preset": choice("panels.rfm.preset", ("plain", "r_rfm"), words="panels.rfm.presets_of_cuts"),
    }


def _whole(chosen: Mapping[str, Any], session: Session) -> Mapping[str, Any]:
    """Return what was chosen with how it is cut, where the page offers no choice of that."""
    if "method" in chosen:
        return chosen
    money = {"money": "none"} if session.lacks_money else {}
    return {**AS_OFFERED, **money, **presets_of(session)[chosen["table"]], **chosen}


def table_of(session: Session, table: str) -> RfmSegmentation:
    """Return the rules of a table as managers' pages cut for it."""
    return _rules(session, **_whole({"table": table}, session))


def _rules(
    session: Session,
    *,
    table: str,
    count_by: CountBy,
    money: Money,
    weights: Weights | None = None,
    cuts: KeptCuts | None = None,
    **how: Any,
) -> RfmSegmentation:
    """Cut as asked, or by the cut points kept."""
    if cuts and (cuts.count_by, cuts.money) != (count_by, money):
        raise ChoiceError("cuts_of_other_measures", count_by=cuts.count_by, money=cuts.money)
    facts, kinds = session.facts, {"count_by": count_by, "money": money}
    reading: dict[str, Any] = {"source": lambda: facts, "held": partial(_counts, session, count_by, money)}
    measured = partial(session.ask, CUTS, {**how, **kinds}, **reading)
    cache_key = ("rfm_cuts", count_by, money, *sorted(how.items()))
    in_force = cuts.cuts if cuts else session.remember(cache_key, measured)
    return RfmSegmentation(in_force, table, count_by, money, weights or Weights())


def _score_tables(*, without_money: bool) -> list[str]:
    tables = {name: segment_table(name) for name in SEGMENT_TABLES}
    fitting = [name for name, table in tables.items() if table.is_scores_only]
    return [name for name in fitting if not without_money or "m_score" not in tables[name].columns]


def _preset(panel: Panel, presets: Mapping[str, Mapping[str, Any]], name: str) -> Mapping[str, Any]:
    values = {**presets[name], "cuts": None}
    return {control: value for control, value in values.items() if control in panel.controls}


def _written(session: Session, cuts: KeptCuts) -> tuple[str, bytes]:
    source = f"{session.store.snapshot.company}, {session.filter_words()}"
    return file_name(session, "rfm_cuts", "toml"), cuts.text(as_of=session.as_of, source=source).encode()


def _load(panel: Panel, kept: KeptCuts) -> None:
    """Put cut points from a file in force, with what they cut; a table for other scores gives way to levels."""
    table = panel.controls["table"].value
    fits = table == COMPOSITE_LEVELS or segment_table(table).bins == kept.cuts.bins
    panel.set(
        count_by=kept.count_by,
        money=kept.money,
        bins=kept.cuts.bins,
        cuts=kept,
        table=table if fits else COMPOSITE_LEVELS,
    )


def _kept(rules: RfmSegmentation) -> KeptCuts:
    return KeptCuts(rules.cuts, rules.count_by, rules.money)


def _analyse(session: Session, scored: _Latest, moved: _Latest | None, **chosen: Any) -> RfmAnswer:
    return _answer(session, scored, moved, **_whole(chosen, session))


def _answer(
    session: Session, scored: _Latest, moved: _Latest | None, *, measure: RfmMeasure, **chosen: Any
) -> RfmAnswer:
    rules, facts = _rules(session, **chosen), session.facts
    in_force, count_by, money = rules.cuts, rules.count_by, rules.money
    reading: dict[str, Any] = {"source": lambda: facts, "held": partial(_counts, session, count_by, money)}

    # No colour, table or weight moves a score, and scoring everybody is most of the work.
    same = (session.filters, count_by, money, in_force)
    kept = KeptCuts(in_force, count_by, money)
    totals: RfmCells = scored.get(same, lambda: session.ask(CELLS, kept, **reading))
    codes = rules.codes()
    segments = rules.rules
    return RfmAnswer(
        expression=lambda: rules.assign_facts(facts),
        rows=totals.sizes(codes, [segment.id for segment in rules.segments]),
        as_of=session.as_of,
        cells=totals.grid(),
        totals=totals,
        rules=rules,
        method="kept" if chosen.get("cuts") else chosen["method"],
        audit=audit_segments(segments, cells=totals.grid(by=("r_score", "f_score", "m_score"))) if segments else None,
        sensitivity=_sensitivity(session, moved, same, rules) if moved else None,
        measure=measure,
        customer_count=int(totals.customers.sum()),
        monetary=float("nan") if money == "none" else float(totals.cents.sum() / 100),
    )


def _sensitivity(session: Session, moved: _Latest, same: Hashable, rules: RfmSegmentation) -> Sensitivity:
    """Count who changes segment; in memory no table or weight moves a cut again."""
    counts = partial(_counts, session, rules.count_by, rules.money)
    moves = partial(moved.get, same, lambda: RfmMoves.of(counts(), rules.cuts))
    whole: Sensitivity = session.ask(SENSITIVITY, rules, source=lambda: session.facts, held=moves)
    if rules.money != "none":
        return whole
    return replace(whole, rows=whole.rows[whole.rows["measure"] != "monetary"].reset_index(drop=True))


def _counts(session: Session, count_by: CountBy, money: Money) -> RfmCounts:
    """Fetch the customers once for these filters, and put them in order once for what F and M are."""
    columns = session.remember("rfm_columns", lambda: session.store.arrays(rfm_condensed(session.facts)))
    read = partial(RfmCounts.read, columns, count_by=count_by, money=money)
    counts: RfmCounts = session.remember(("rfm_counts", count_by, money), read)
    return counts


def _draw_grid(answer: RfmAnswer, lang: str) -> Drawing:
    rules = answer.rules
    how: dict[str, Any] = {"measure": answer.measure, "count_by": rules.count_by, "as_of": answer.as_of}
    return rfm_grid_drawing(answer.cells, lang, bins=rules.cuts.bins, cuts=rules.cuts.as_dict(), **how)


def _draw_segments(answer: RfmAnswer, lang: str) -> Drawing:
    return segment_bars_drawing(answer.rows, lang, names=answer_labels(answer, lang), as_of=answer.as_of)


def _draw_sensitivity(answer: RfmAnswer, lang: str) -> Drawing:
    sensitivity, rules = answer.sensitivity, answer.rules
    assert sensitivity is not None  # noqa: S101  this chart is not on managers' pages
    how: dict[str, Any] = {
        "count_by": rules.count_by,
        "money": rules.money,
        "as_of": answer.as_of,
        "by": sensitivity.by,
    }
    base: dict[str, Any] = {"any_count": sensitivity.any_count, "customer_count": sensitivity.customer_count}
    return rfm_sensitivity_drawing(sensitivity.rows, lang, together=sensitivity.together, **base, **how)


def _recipe(session: Session, choices: Mapping[str, Any]) -> Sequence[str]:
    chosen = _whole(choices, session)
    kinds = ", ".join(f"{name}={chosen[name]!r}" for name in ("count_by", "money"))
    how = ", ".join(f"{name}={chosen[name]!r}" for name in ("bins", "method", "preset"))
    kept = chosen.get("cuts")
    cuts = repr(kept.cuts) if kept else f"rfm_cuts(session.facts, {how}, {kinds})"
    weights = "" if chosen.get("weights", Weights()) == Weights() else f", weights={chosen['weights']!r}"
    return (
        f"rules = RfmSegmentation({cuts}, table={chosen['table']!r}, {kinds}{weights})",
        "rows = collect(segment_sizes(rules.assign(session.ground), session.facts))",
    )
