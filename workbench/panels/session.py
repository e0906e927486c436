"""What all panels of a page share: the store, the reader's language, and the filters."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any, get_args

import ibis
import pandas as pd
from ibis.expr import types as ir
from traitlets import Bool, Enum, HasTraits, Instance, Int, validate

from workbench import audit
from workbench.analyses.facts import customer_facts
from workbench.analyses.filter_cells import Filtered
from workbench.analyses.ready_facts import ready_customer_facts
from workbench.analyses.rules.audit import check_holes_of
from workbench.analyses.segmentation import Ground, Segmentation, labels
from workbench.analyses.totals import Dimension, totals_by
from workbench.analyses.twins import Twin, TwinHeld, TwinQuestion, TwinReply, TwinSource
from workbench.currency import Language
from workbench.errors import NothingToShow, StoreError
from workbench.i18n import LANGUAGES, catalog, t
from workbench.panels.filter_cells import FilterCells
from workbench.panels.filters import Filters
from workbench.panels.periods import PERIODS, PeriodName, period_before, year_before
from workbench.panels.segment_filter import SegmentCells, segment_members
from workbench.panels.segmentations import Listed, listed, segmentation
from workbench.panels.together import Together
from workbench.store import Store, asking, save_definition
from workbench.widgets import who

SETTINGS_REMEMBERED, SETTINGS_OF_MANY = 12, 3
"""Of so many settings of the filters what was computed is kept: of a small company all that a reader goes through, of
one with more than MANY sales or customers, who may be held in memory, those gone back and forth between."""
MANY = 500_000
FILTERED: tuple[Filtered, ...] = get_args(Filtered)


def only_ready_facts(store: Store) -> bool:
    """Say whether a store has ready figures of customers, and no sales: those win where both are there."""
    tables = store.snapshot.tables
    return bool(tables.get("customer_facts")) and not tables.get("transactions")


def _facts_of(
    transactions: ir.Table,
    customers: ir.Table,
    interactions: ir.Table | None = None,
    *,
    as_of: date,
    since: date | None,
) -> ir.Table:
    """Return the customers' facts; where visits would be those of too few, they are unknown, not none."""
    facts = customer_facts(transactions, as_of=as_of, since=since, customers=customers, interactions=interactions)
    return facts.mutate(visit_count=ibis.null("int64")) if interactions is None else facts


class Session(HasTraits):
    """The shared state of a page or notebook; panels observe `lang` and `filters` and redraw themselves.

    `transactions`, `surveys` and `facts` are the store's tables after the filters. A row belongs to the region it
    names itself, else to its customer's. Customer facts are kept by the store: whoever only moves a threshold
    never reads the transactions again.
    """

    lang = Enum(LANGUAGES, default_value="zh")
    """The language of every word on the page, "zh" or "en"."""

    filters = Instance(Filters, args=())
    """Period, regions and customer types that all panels respect."""

    compares_years = Bool()
    """Whether changes are told against the same days a year before; otherwise against the period before."""

    saved = Int()
    """How many segmentations were saved here, so that a list of them can follow."""

    def __init__(
        self,
        store: Store,
        *,
        lang: str = "zh",
        filters: Filters | None = None,
        period: PeriodName = "all",
        compares_years: bool = False,
    ) -> None:
        since, until = (None, None) if only_ready_facts(store) else PERIODS[period](store.snapshot.as_of)
        self.store, self.together = store, Together()
        super().__init__(lang=lang, filters=filters or Filters(since, until), compares_years=compares_years)
        self._cells = FilterCells(store, self.minimum_group) if self.minimum_group > 1 else None
        self._segment_cells = SegmentCells(self) if self._cells else None
        self._like: Session | None = None
        self._remembered: dict[Filters, dict[Hashable, Any]] = {}
        self.observe(lambda _: self._forget(), names="filters")
        self.observe(lambda _: self._remembered.clear(), names="saved")

    @validate("lang")
    def _in_its_currency(self, proposal: Mapping[str, Any]) -> Language:
        """Let the language carry the company's currency, wherever it goes."""
        return Language(proposal["value"], self.store.snapshot.currency)

    def t(self, key: str, /, **facts: object) -> str:
        """Say the text `key` in the session's language."""
        return t(key, self.lang, **facts)

    @property
    def as_of(self) -> date:
        """The day the questions refer to: the end of the period, and never after the last day of the data."""
        last = self.store.snapshot.as_of
        return min(self.filters.until or last, last)

    @property
    def compared_days(self) -> tuple[date, date] | None:
        """The days that those of the period are compared with; None where the filters name no first day."""
        since = self.filters.since
        if since is None:
            return None
        return (year_before if self.compares_years else period_before)(since, self.as_of)

    @property
    def first_day(self) -> date:
        """The first day anything was sold; the last day of the data where nothing was."""
        first: date = self.remember("first_day", self._first_day)
        return first

    def _first_day(self) -> date:
        sales = self.store.transactions
        day = self.store.collect(sales.aggregate(day=sales.day.min()))["day"].iloc[0]
        return self.as_of if pd.isna(day) else day.date()

    @property
    def lacks_money(self) -> bool:
        """Whether something was sold, and nothing says for how much: money is then unknown everywhere, and never 0."""
        tables = self.store.snapshot.tables
        return bool(tables.get("transactions") or self.has_ready_facts) and not self.store.has_amounts

    @property
    def has_ready_facts(self) -> bool:
        """Whether customers' figures were given ready, and no sales that they could be computed from."""
        return only_ready_facts(self.store)

    @property
    def minimum_group(self) -> int:
        """The smallest group a figure may rest on: as published on managers' pages, 1 in the analyst's own store."""
        snapshot = self.store.snapshot
        return snapshot.minimum_group if snapshot.published else 1

    @property
    def transactions(self) -> ir.Table:
        """The transactions inside the filters, columns as in the store."""
        return self._filtered("transactions")

    @property
    def surveys(self) -> ir.Table:
        """The survey answers inside the filters, columns as in the store; each with its region, else its customer's."""
        answers = self._filtered("surveys")
        placed: ir.Table = self.remember(
            "surveys with regions", lambda: self.store.named(self._with_region(answers), name="answers_in_view")
        )
        return placed

    @property
    def facts(self) -> ir.Table:
        """One row per customer who bought inside the filters, as of `as_of`; kept by the store."""
        return self.remember("facts", self._facts)

    def _facts(self) -> ir.Table:
        if self.has_ready_facts:
            return self.store.keep(self._ready_facts())
        visits_known = self.allows("interactions")
        visits = [self._filtered("interactions")] if visits_known else []
        tables = (self.transactions, self.store.customers, *visits)
        return self.store.keep(asking(_facts_of, *tables, as_of=self.as_of, since=self.filters.since))

    def _ready_facts(self) -> ir.Table:
        """Ready figures belong to one day: a period of their own cannot be cut out of them."""
        self.check("transactions")
        chosen = self.filters
        if chosen.since or (chosen.until and chosen.until < self.store.snapshot.as_of):
            raise NothingToShow("ready_facts_period", day=self.store.snapshot.as_of.isoformat())
        facts = ready_customer_facts(
            self.store.table("customer_facts"), as_of=self.as_of, customers=self.store.customers
        )
        for name, values in (("region", chosen.regions), ("customer_type", chosen.customer_types)):
            facts = facts.filter(facts[name].isin(values)) if values else facts
        return facts.semi_join(self.members, "customer_id") if chosen.segments else facts

    @property
    def ground(self) -> Ground:
        """What a segmentation may look at: all inside the filters, as of `as_of`."""
        return Ground(self.as_of, self.facts, self._ground_table, self.store.keep)

    def _ground_table(self, name: str) -> ir.Table:
        filtered = next((known for known in FILTERED if known == name), None)
        if filtered is None:  # customers, products, employees: what they say has no day and belongs to all
            return self.store.table(name)
        return self.surveys if filtered == "surveys" else self._filtered(filtered)

    def word(self, value: object) -> object:
        """Say a value that is a key of the catalogs in the session's language; return any other as it is."""
        return self.t(value) if isinstance(value, str) and value in catalog() else value

    def filter_words(self) -> str:
        """Say the filters: period, regions, customer types."""
        chosen, every = self.filters, self.t("panels.filters.all_of_them")
        since = chosen.since.isoformat() if chosen.since else self.t("panels.filters.beginning")
        words = [f"{since} – {self.as_of.isoformat()}"]
        regions = chosen.regions or self.store.regions
        for name, values in (("region", regions), ("customer_type", chosen.customer_types)):
            said = [self.value_words(name, value) for value in values] or every
            words.append(self.t("panels.filters.stated", name=self.t(f"terms.{name}"), values=said))
        if chosen.segments:
            named = self.segmentation(chosen.segmentation)
            said = [labels(named, self.lang).get(one, one) for one in chosen.segments]
            words.append(self.t("panels.filters.stated", name=named.names[self.lang], values=said))
        return self.t("panels.filters.and").join(words)

    def compared_words(self) -> str:
        """Say what the period is compared with, where a year before is asked for; else nothing."""
        if not self.compares_years:
            return ""
        if self.compared_days is None:
            return self.t("panels.filters.year_before_each")
        since, until = (day.isoformat() for day in self.compared_days)
        return self.t("panels.filters.year_before_days", since=since, until=until)

    def value_words(self, dimension: str, value: str) -> str:
        """Name a region or customer type; on a managers' page also say that it includes those who are too few alone."""
        has_others = self._cells is not None and self._cells.has_others(dimension, value)
        return self.t("panels.filters.with_others", value=value) if has_others else value

    def note(self, action: audit.Action, *, topic: str, count: int, reason: str = "") -> None:
        """Write one line to the audit log: somebody looked at, or downloaded, single customers."""
        snapshot = self.store.snapshot.id
        audit.note(
            self.store.log_address, action, topic=topic, count=count, reason=reason, snapshot=snapshot, who=who()
        )

    def totals(self, dimension: Dimension) -> ir.Table:
        """Return one row per customer, product, region … with its sums; kept by the store."""
        if dimension == "customer_id":
            return self.facts
        return self.remember(("totals", dimension), lambda: self._totals(dimension))

    def _totals(self, dimension: Dimension) -> ir.Table:
        sales = self.transactions
        if dimension == "region":
            sales = self._with_region(sales)
        return self.store.keep(totals_by(sales, as_of=self.as_of, since=self.filters.since, dimension=dimension))

    def remember(self, key: Hashable, compute: Callable[[], Any]) -> Any:
        """Compute something once for these filters, e.g. a bootstrap that no threshold moves."""
        known = self._remembered.setdefault(self.filters, {})
        if key not in known:
            known[key] = compute()
        return known[key]

    def _forget(self) -> None:
        """Let go of what was computed for settings other than the last few: a reader goes back and forth."""
        known = self._remembered.pop(self.filters, {})
        self._remembered[self.filters] = known
        tables = self.store.snapshot.tables
        has_many = any(
            tables.get(name, 0) > MANY for name in ("customers", "customer_facts", "transactions", "surveys")
        )
        for setting in list(self._remembered)[: -(SETTINGS_OF_MANY if has_many else SETTINGS_REMEMBERED)]:
            del self._remembered[setting]

    def ask(
        self,
        twin: Twin[TwinSource, TwinHeld, TwinQuestion, TwinReply],
        question: TwinQuestion,
        *,
        source: Callable[[], TwinSource],
        held: Callable[[], TwinHeld],
    ) -> TwinReply:
        """Answer by what is held in memory where the store allows it, else by the query, which is the definition.

        `source` gives the tables that the query reads, `held` what the look-up reads; only one of them is called.
        """
        if self.store.answers_in_memory:
            return twin.in_memory(held(), question)
        return twin.by_query(self.store.collect, source(), question)

    def at(self, filters: Filters) -> Session:
        """Return a session on the same store with other filters, e.g. the period before."""
        other = Session(self.store, lang=self.lang, filters=filters, compares_years=self.compares_years)
        other._cells, other._segment_cells = self._cells, self._segment_cells
        same = (filters.segmentation, filters.segments) == (self.filters.segmentation, self.filters.segments)
        other._like = (self._like or self) if same and filters.segments else None
        return other

    def unfiltered(self) -> Session:
        """Return a session that speaks of all the data."""
        return self.at(Filters())

    def without_segments(self) -> Session:
        """Return a session with the same filters but the segments."""
        return self.at(replace(self.filters, segmentation="", segments=()))

    def segmentations(self) -> list[Listed]:
        """List the segmentations that can be had by an id: saved in the store, and examples with what they need."""
        return listed(self)

    def segmentation(self, reference: str, version: int | None = None) -> Segmentation:
        """Return a segmentation by its id or "id@version", by default its newest version."""
        return segmentation(self, reference, version)

    def save_segmentation(self, name: str, segmentation: Segmentation, *, shared: bool = False) -> int:
        """Keep a segmentation in the store under the id `name`; return the version it became.

        `shared` lets managers' pages filter by it after the next publication.
        """
        if self.store.snapshot.published:
            raise StoreError("save_published")
        check_holes_of(segmentation)  # a table with holes is kept only where it says that somebody knows
        version = save_definition(
            self.store.address, name, segmentation.as_dict(), names=segmentation.names, shared=shared, who=who()
        )
        self.saved += 1
        return version

    @property
    def members(self) -> ir.Table:
        """The customers of the segments chosen: customer_id.

        They are grouped as of this session's day. A session made by `at` for a comparison speaks of the same people.
        """
        if self._like is not None:
            return self._like.members
        return self.remember("members", lambda: segment_members(self))

    def offers_segmentation(self, reference: str) -> bool:
        """Whether a reader may filter by it at all: on a managers' page groups must not be distinguished too finely."""
        return self._segment_cells is None or reference in self._segment_cells.admitted("transactions")

    @property
    def offers_any_days(self) -> bool:
        """Whether a reader may choose days of their own: on a managers' page they could be moved by one customer."""
        return self._cells is None

    @property
    def month_starts(self) -> tuple[date, ...]:
        """The first days of the months between which a manager may choose whole months; analysts choose any days."""
        return self._cells.months if self._cells else ()

    def check(self, name: Filtered) -> None:
        """Raise NothingToShow where too few customers could be found out by comparing these filters with others."""
        if self._cells:
            chosen = self.filters
            values = {"region": chosen.regions, "customer_type": chosen.customer_types}
            self._cells.check(name, (chosen.since, chosen.until), values)
            if chosen.segments and self._segment_cells:
                alone = not (chosen.since or chosen.until or chosen.regions or chosen.customer_types)
                self._segment_cells.check(name, chosen.segmentation, alone=alone)

    def allows(self, name: Filtered) -> bool:
        """Say whether a table may be shown under these filters."""
        try:
            self.check(name)
        except NothingToShow:
            return False
        return True

    def _filtered(self, name: Filtered) -> ir.Table:
        """Keep the rows of the period and of the regions, types and segments chosen.

        Rows without a day leave with a period, rows without a customer with a segment. They have a name, so that no
        question spells the filters out again.
        """
        self.check(name)
        if self.filters == Filters() and not self.store.snapshot.published:
            return self.store.table(name)
        rows: ir.Table = self.remember(
            ("in view", name), lambda: self.store.named(self._chosen_rows(name), name=f"{name}_in_view")
        )
        return rows

    def _chosen_rows(self, name: Filtered) -> ir.Table:
        rows, chosen = self.store.table(name), self.filters
        if chosen.segments:
            rows = rows.semi_join(self.members, "customer_id")
        if chosen.since:
            rows = rows.filter(rows.day >= chosen.since)
        if chosen.since or chosen.until:
            rows = rows.filter(rows.day <= self.as_of)
        if not (chosen.regions or chosen.customer_types):
            return rows
        customers = self.store.customers
        homes = customers.select("customer_id", home_region=customers.region, home_type=customers.customer_type)
        joined = rows.left_join(homes, "customer_id")
        if chosen.regions:
            region = joined.region.coalesce(joined.home_region)
            joined = joined.filter(self._stands_for(name, "region", region, chosen.regions))
        if chosen.customer_types:
            joined = joined.filter(self._stands_for(name, "customer_type", joined.home_type, chosen.customer_types))
        return joined.select(*rows.columns)

    def _stands_for(
        self, name: Filtered, dimension: str, column: ir.StringValue, values: tuple[str, ...]
    ) -> ir.BooleanValue:
        return self._cells.stands_for(name, dimension, column, values) if self._cells else column.isin(values)

    def choices(self) -> Mapping[str, list[Any]]:
        """Return the regions and customer types a reader may filter by, those of too few customers left out."""
        if self._cells:
            return self._cells.choices
        customers, sold = self.store.customers, self._with_region(self.store.transactions)
        regions = sold.select("customer_id", value=sold.region)
        types = customers.select("customer_id", value=customers.customer_type)
        return {"regions": self._values(regions), "customer_types": self._values(types)}

    def _with_region(self, rows: ir.Table) -> ir.Table:
        """Give rows that name no region the one their customer lives in."""
        homes = self.store.customers.select("customer_id", home_region=self.store.customers.region)
        joined = rows.left_join(homes, "customer_id")
        return joined.mutate(region=joined.region.coalesce(joined.home_region)).select(*rows.columns)

    def _values(self, rows: ir.Table) -> list[Any]:
        return list(self.store.collect(rows.select("value").distinct().drop_null("value").order_by("value"))["value"])
