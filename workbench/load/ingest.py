"""From files to a snapshot: read, map, clean, check and load; `check` does all of it but the last."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from workbench.currency import DEFAULT_CURRENCY
from workbench.load.cleaning.time_zones import check_time_zone
from workbench.load.history import History, read_history
from workbench.load.mapping.analyst_answers import answered
from workbench.load.mapping.company_mapping import Mapping, in_time_zone
from workbench.load.progress import ProgressCallback
from workbench.load.reading.sources import Sources, opened_origins
from workbench.load.reporting.report import LoadReport, no_rejects
from workbench.load.staging.staging_area import StagingArea
from workbench.load.storing.snapshot_writer import SnapshotWriter
from workbench.load.suggesting.suggest import suggest_mapping
from workbench.store import Snapshot, build, open_store
from workbench.store.building import check_currency
from workbench.store.contents import add_missing_columns, create_tables
from workbench.store.faults import in_words
from workbench.store.sql_quoting import quoted_text


@in_words
def load(
    sources: Sources,
    *,
    store: str | Path | None = None,
    mapping: Mapping | str | Path | None = None,
    company: str | None = None,
    as_of: date | None = None,
    currency: str | None = None,
    time_zone: str | None = None,
    today: date | None = None,
    progress: ProgressCallback | None = None,
) -> LoadReport:
    """Load files, folders, databases or tables in memory into the store, and report what became of every row.

    A source is recognised by its file name, sheet and table: the same bytes under the same mapping change nothing,
    other bytes or another mapping replace the rows it brought, a new name adds rows. Nothing is loaded while a
    question is open, nor when a source cannot be loaded: the store then stays as it was.

    Parameters
    ----------
    sources : a path or several, a `Database` or its address, a pandas, Polars or Arrow table, or tables by name.
    store : the store's folder; by default WORKBENCH_STORE, else ./crm.store.
    mapping : a mapping or the path of one; without it one is suggested, and used if it leaves no question open.
    as_of : the last day the data describes: rows with later days are rejected. By default the mapping's.
    currency : the currency of every amount, by its ISO 4217 code. By default the mapping's, else the store's, else CNY.
    time_zone : the zone in which the company counts its days, by its IANA name; by default the mapping's.
    today : the day of the load, the last day not in the future where no `as_of` is known; by default the clock's.
    progress : is called with a `Progress` while bytes are read and rows are written.

    Raises LoadError for a source that cannot be read or mapped, a changed header, a source with every row rejected.
    """
    mapping = _resolved_mapping(sources, mapping, time_zone, as_of)
    as_of, company = as_of or mapping.company.as_of, company or mapping.company.name
    currency = currency or mapping.company.currency
    check_currency(currency)
    history = read_history(store)
    home = currency or (history.snapshot.currency if history.snapshot else None) or DEFAULT_CURRENCY
    with StagingArea(history, _latest(as_of, today), progress, home) as staging:
        if not mapping.questions:
            _stage(staging, sources, mapping)
        if questions := (*mapping.questions, *staging.questions):
            return LoadReport((), tuple(staging.problems), no_rejects(), questions, mapping=mapping)
        writer = SnapshotWriter(staging, strict=True)
        snapshot = history.snapshot
        if staging.staged or snapshot is None or _describes_anew(snapshot, company, as_of, currency):
            facts: dict[str, Any] = {"company": company, "as_of": as_of, "currency": currency}
            snapshot = build(store, writer.write, **facts, start_from_current=snapshot is not None)
        else:
            with open_store(store) as opened:
                writer.look_up(opened)
        return writer.report(mapping, snapshot)


@in_words
def check(
    sources: Sources,
    *,
    store: str | Path | None = None,
    mapping: Mapping | str | Path | None = None,
    company: str | None = None,  # noqa: ARG001 - takes what load takes
    as_of: date | None = None,
    currency: str | None = None,
    time_zone: str | None = None,
    today: date | None = None,
    progress: ProgressCallback | None = None,
) -> LoadReport:
    """Do everything `load` does but the load: report what would become of the rows in a new store.

    With `store` it is that store as it is now, of which nothing is changed: what would be replaced, counted once or
    changed is said before anything is written. A source with every row rejected is a problem of the report here, so
    that its rejects can be looked at.
    """
    mapping = _resolved_mapping(sources, mapping, time_zone, as_of)
    currency = currency or mapping.company.currency
    check_currency(currency)
    latest = _latest(as_of or mapping.company.as_of, today)
    history = History() if store is None else read_history(store)
    home = currency or (history.snapshot.currency if history.snapshot else None) or DEFAULT_CURRENCY
    with StagingArea(history, latest, progress, home) as staging:
        if not mapping.questions:
            _stage(staging, sources, mapping)
        if questions := (*mapping.questions, *staging.questions):
            return LoadReport((), tuple(staging.problems), no_rejects(), questions, mapping=mapping)
        writer = SnapshotWriter(staging, strict=False)
        with staging.connect(staging.path.with_name("trial.duckdb")) as con:
            if history.file is not None:
                con.execute(f"ATTACH {quoted_text(history.file)} AS now (READ_ONLY)")
                con.execute("COPY FROM DATABASE now TO trial")
                con.execute("DETACH now")
            create_tables(con)
            add_missing_columns(con, published=False)
            writer.write(con)
        return writer.report(mapping, None)


def _stage(staging: StagingArea, sources: Sources, mapping: Mapping) -> None:
    """Stage all sources, those of one database as they stood at one moment."""
    with opened_origins(sources) as origins:
        staging.stage_all(origins, mapping)


def _resolved_mapping(
    sources: Sources, mapping: Mapping | str | Path | None, time_zone: str | None, as_of: date | None
) -> Mapping:
    """The mapping itself: as given, read from its file, or suggested; with the company's time zone where it is said.

    A day of the data that is said is also the one of which ready figures speak, where that would be asked.
    """
    if time_zone is not None:
        check_time_zone(time_zone)  # before anything is read
    if mapping is None:
        mapping = suggest_mapping(sources)
    elif not isinstance(mapping, Mapping):
        mapping = Mapping.read(mapping)
    for question in mapping.questions if as_of is not None else ():
        if question.key == "which_as_of":
            mapping = answered(mapping, question, "load_day")
    return mapping if time_zone is None else in_time_zone(mapping, time_zone)


def _latest(as_of: date | None, today: date | None) -> date:
    """The last day that is not in the future."""
    return as_of or today or datetime.now(UTC).astimezone().date()


def _describes_anew(snapshot: Snapshot, company: str | None, as_of: date | None, currency: str | None) -> bool:
    """True where the company's name, the day of the data or the currency differ from those of the snapshot in force."""
    before = (snapshot.company, snapshot.as_of, snapshot.currency)
    return (company or snapshot.company, as_of or snapshot.as_of, currency or snapshot.currency) != before
