"""What a publication shows in a few figures, kept at once, so that the next one can say what changed and where."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, replace
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd

from workbench.charts.words import UNKNOWN_MARK
from workbench.export.report import ReportTable
from workbench.pages.watch import watched
from workbench.pages.watch_file import WatchRule
from workbench.panels.filters import Filters
from workbench.panels.periods import PERIODS, PeriodName
from workbench.panels.session import Session
from workbench.store import open_store, publication_records, save_record
from workbench.topics.revenue.panel_figures import WRITTEN, change_words, figures_at
from workbench.topics.revenue.query import lines_between

RECORDED_PERIODS: tuple[PeriodName, ...] = ("all", "last_12_months")
RECORDED_DIMENSIONS = {"region": "regions", "customer_type": "customer_types"}
EXPLAINED = "revenue"
"""The figure whose change is taken apart by region and customer type."""


def record_publication(address: str | Path | None = None, *, rules: Sequence[WatchRule] = ()) -> dict[str, Any]:
    """Measure what is published now as managers see it, keep it, and return it.

    Measured are the key figures of all the data and of the last twelve months, and their revenue by region and by
    customer type; `rules` of the watch list are judged. What is not shown on managers' pages, e.g. of too few
    customers, is not kept.
    """
    with open_store(address, published=True) as store:
        session = Session(store)
        earlier = [one for one in publication_records(store.address) if one["snapshot"] < store.snapshot.id]
        record = {
            "snapshot": store.snapshot.id,
            "as_of": store.snapshot.as_of.isoformat(),
            "published_on": store.snapshot.created_at.date().isoformat(),
            "watch": [asdict(one) for one in watched(session, rules, earlier)],
            "figures": {key: _figures(session, filters) for key, filters in recorded_filters(session)},
        }
        save_record(address, store.snapshot.id, record)
    return record


def recorded_filters(session: Session) -> Iterator[tuple[str, Filters]]:
    """Return the settings that are measured, each with the key it is kept by."""
    choices = session.choices()
    for period in RECORDED_PERIODS:
        since, until = PERIODS[period](session.store.snapshot.as_of)
        whole = Filters(since, until)
        yield period, whole
        for name, values in RECORDED_DIMENSIONS.items():
            for value in choices[values]:
                yield f"{period}&{name}={value}", narrowed(whole, name, (value,))


def narrowed(filters: Filters, dimension: str, values: tuple[str, ...]) -> Filters:
    """Return the filters for these regions or customer types alone."""
    if dimension == "region":
        return replace(filters, regions=values)
    return replace(filters, customer_types=values)


def _figures(session: Session, filters: Filters) -> dict[str, float | None]:
    """Measure one setting; what may not be shown is unknown.

    Of the whole all key figures are measured, of a region or type the money: a query for all of them takes a second.
    """
    if filters.regions or filters.customer_types:
        return {EXPLAINED: _revenue(session.at(filters))}
    rows = figures_at(session, filters).rows
    values = {} if rows.empty else dict(zip(rows["figure"], rows["value"], strict=True))
    return {name: None if pd.isna(value) else float(value) for name, value in values.items()}


def _revenue(session: Session) -> float | None:
    if not session.allows("transactions"):
        return None
    lines = lines_between(session.transactions, as_of=session.as_of, since=session.filters.since)
    counted = session.store.collect(
        lines.aggregate(
            revenue=lines.amount.sum(where=~lines.is_cancelled),
            buyers=lines.customer_id.nunique(where=lines.is_purchase),
        )
    ).iloc[0]
    if 0 < counted["buyers"] < session.minimum_group or pd.isna(counted["revenue"]):
        return None
    return float(counted["revenue"])


class Changes:
    """What changed since the publication before, for a page's filters; empty tables and a sentence where none is known.

    A change is told only where at least the smallest group of customers bought something since, and of those who left
    the period, if any did: a figure that moved by fewer, by a correction or by an erased customer, would tell of them.
    Regions, or customer types, are told all or none: the one left out would be the rest.
    """

    def __init__(self, session: Session) -> None:
        self._session = session
        store = session.store
        kept = publication_records(store.address) if store.snapshot.published else []
        self._now = next((one for one in kept if one["snapshot"] == store.snapshot.id), None)
        self._before = next((one for one in kept if one["snapshot"] < store.snapshot.id), None)

    def written(self) -> tuple[list[ReportTable], list[str]]:
        """Return the tables and sentences, in the session's language."""
        session = self._session
        if not session.store.snapshot.published:
            return [], []
        if self._now is None:
            return [], [session.t("pages.changes.not_measured")]
        if self._before is None:
            return [], [session.t("pages.changes.first")]
        key = _key_of(session)
        then, now = self._records(key or "")
        if key is None or not then or not now:
            return [], [session.t("pages.changes.not_recorded")]
        if not self._is_crowd(*self._moved(session.filters)):
            return [], [session.t("pages.changes.too_few", minimum=session.minimum_group, **self._facts)]
        tables = [self._table(then, now)]
        parts = self._parts(key) if "&" not in key else []
        if parts:
            tables.append(ReportTable(self._headings("part"), parts, CHANGE_COLUMNS, session.t("pages.changes.parts")))
        return tables, [session.t("pages.changes.meaning", minimum=session.minimum_group)]

    @property
    def _facts(self) -> dict[str, str]:
        assert self._before is not None  # noqa: S101  asked only where there is one
        return {"day": self._before["as_of"], "published": self._before["published_on"]}

    def _headings(self, first: str) -> list[str]:
        return [self._session.t(f"pages.changes.{name}") for name in (first, "then", "now", "change")]

    def _table(self, then: Mapping[str, Any], now: Mapping[str, Any]) -> ReportTable:
        session = self._session
        rows = [
            [session.t(f"panels.key_figures.{name}"), *self._compared(name, then.get(name), now.get(name))]
            for name in now
            if now[name] is not None and then.get(name) is not None and name != "new_customers"
        ]
        title = session.t("pages.changes.title", **self._facts)
        return ReportTable(self._headings("figure"), rows, CHANGE_COLUMNS, title)

    def _parts(self, key: str) -> list[list[str]]:
        """Take the change of the money apart by region and customer type, the largest move first."""
        session, moves = self._session, []
        for name, kept_as in RECORDED_DIMENSIONS.items():
            values = tuple(session.choices()[kept_as])
            if len(values) < 2 or not self._may_be_parted(name, values):
                continue
            for value in values:
                then, now = (one.get(EXPLAINED) for one in self._records(f"{key}&{name}={value}"))
                if then is None or now is None:
                    break
                said = session.value_words(name, value)
                label = session.t("panels.filters.stated", name=session.t(f"terms.{name}"), values=said)
                moves.append((abs(now - then), [label, *self._compared(EXPLAINED, then, now)]))
        return [row for _size, row in sorted(moves, key=lambda move: move[0], reverse=True)]

    def _records(self, key: str) -> list[Mapping[str, Any]]:
        return [record["figures"].get(key, {}) if record else {} for record in (self._before, self._now)]

    def _may_be_parted(self, name: str, values: tuple[str, ...]) -> bool:
        """Whether each part moved by a crowd, and so did whoever is in none of them."""
        filters = self._session.filters
        if not all(self._is_crowd(*self._moved(narrowed(filters, name, (value,)))) for value in values):
            return False
        whole, together = self._moved(filters), self._moved(narrowed(filters, name, values))
        least = self._session.minimum_group
        return all(rest == 0 or rest >= least for rest in map(int.__sub__, whole, together))

    def _is_crowd(self, came: int, left: int) -> bool:
        least = self._session.minimum_group
        return came >= least and (left == 0 or left >= least)

    def _moved(self, filters: Filters) -> tuple[int, int]:
        """Count who bought since the publication before, and in the days that have left the period since."""
        assert self._before is not None  # noqa: S101  asked only where there is one
        session = self._session.at(replace(filters, since=None, until=None))
        if not session.allows("transactions"):
            return 0, 0
        then = date.fromisoformat(self._before["as_of"])
        rows = session.transactions
        before = next(PERIODS[name](then)[0] for name in RECORDED_PERIODS if _is(name, session, filters))
        left = (rows.day >= before) & (rows.day < filters.since) if before and filters.since else rows.day.isnull()
        counted = session.store.collect(
            rows.aggregate(
                came=rows.customer_id.nunique(where=rows.day > then), left=rows.customer_id.nunique(where=left)
            )
        ).iloc[0]
        return int(counted["came"]), int(counted["left"])

    def _compared(self, name: str, then: float | None, now: float | None) -> list[str]:
        lang = self._session.lang
        if then is None or now is None:
            return [UNKNOWN_MARK] * 3
        return [WRITTEN[name](then, lang), WRITTEN[name](now, lang), change_words(name, then, now, lang)]


CHANGE_COLUMNS = (False, True, True, True)


def _is(period: PeriodName, session: Session, filters: Filters) -> bool:
    return PERIODS[period](session.store.snapshot.as_of) == (filters.since, filters.until)


def _key_of(session: Session) -> str | None:
    """Return by which key the session's filters are kept; None where they are not."""
    chosen = session.filters
    period = next((name for name in RECORDED_PERIODS if _is(name, session, chosen)), None)
    picked = [("region", value) for value in chosen.regions] + [("customer_type", one) for one in chosen.customer_types]
    if period is None or chosen.segments or len(picked) > 1:
        return None
    return "&".join([period, *(f"{name}={value}" for name, value in picked)])
