"""From files to a snapshot: read, map, clean, check and load; `check` does all of it but the last."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path

import duckdb

from workbench.errors import LoadError
from workbench.load.history import History, read_history, write_notes
from workbench.load.mapping.company_mapping import Mapping as Rules
from workbench.load.notices import notices_of, strangers
from workbench.load.problems import Problem
from workbench.load.progress import ProgressCallback, ProgressMeter
from workbench.load.reading.sources import Sources, find_origins
from workbench.load.reporting.file_report import FileReport
from workbench.load.reporting.report import LoadReport, no_rejects
from workbench.load.settle import forget, settle
from workbench.load.staging.staging_area import Staging
from workbench.store import Snapshot, Source, build
from workbench.store.contents import create_tables, publish_attributes, read_meta, read_sources, write_meta
from workbench.store.sql_quoting import quoted_text


def load(
    sources: Sources,
    *,
    store: str | Path | None = None,
    mapping: Rules | str | Path | None = None,
    company: str | None = None,
    as_of: date | None = None,
    today: date | None = None,
    progress: ProgressCallback | None = None,
) -> LoadReport:
    """Load files, folders or tables in memory into the store, and report what became of every row.

    A source is known again by its file name, sheet and table: the same bytes under the same mapping change nothing,
    other bytes or another mapping replace the rows it brought, a new name adds rows. Nothing is loaded while a
    question is open, nor when a source cannot be loaded: the store then stays as it was.

    Parameters
    ----------
    sources : a path or several, a pandas, Polars or Arrow table, or tables by name.
    store : the store's folder; by default WORKBENCH_STORE, else ./crm.store.
    mapping : a mapping or the path of one; without it one is suggested, and used if it is sure of itself.
    as_of : the last day the data describes: rows with later days are rejected. By default the mapping's.
    today : the day of the load, the last day not in the future where no `as_of` is known; by default the clock's.
    progress : is called with a `Progress` while bytes are read and rows are written.

    Raises LoadError for a source that cannot be read or mapped, a changed header, a source with every row rejected.
    """
    rules = _rules(sources, mapping)
    as_of, company = as_of or rules.company.as_of, company or rules.company.name
    history = read_history(store)
    with Staging(history, _latest(as_of, today), progress) as staging:
        if not rules.questions:
            staging.take(find_origins(sources), rules)
        if questions := (*rules.questions, *staging.questions):
            return LoadReport((), tuple(staging.problems), no_rejects(), questions, mapping=rules)
        settling = Settling(staging, strict=True)
        snapshot = history.snapshot
        if staging.staged or snapshot is None or _says_something_new(snapshot, company, as_of):
            snapshot = build(
                store, settling.write, company=company, as_of=as_of, start_from_current=snapshot is not None
            )
        return settling.report(rules, snapshot)


def check(
    sources: Sources,
    *,
    mapping: Rules | str | Path | None = None,
    company: str | None = None,  # noqa: ARG001 - takes what load takes
    as_of: date | None = None,
    today: date | None = None,
    progress: ProgressCallback | None = None,
) -> LoadReport:
    """Do everything `load` does but the load: report what would become of the rows in a new store.

    A source with every row rejected is a problem of the report here, so that its rejects can be looked at.
    """
    rules = _rules(sources, mapping)
    with Staging(History(), _latest(as_of or rules.company.as_of, today), progress) as staging:
        if not rules.questions:
            staging.take(find_origins(sources), rules)
        if questions := (*rules.questions, *staging.questions):
            return LoadReport((), tuple(staging.problems), no_rejects(), questions, mapping=rules)
        settling = Settling(staging, strict=False)
        with staging.connect(staging.path.with_name("trial.duckdb")) as con:
            create_tables(con)
            settling.write(con)
        return settling.report(rules, None)


class Settling:
    """Writes the staged sources into a database with the canonical tables, and keeps what is to be reported."""

    def __init__(self, staging: Staging, *, strict: bool) -> None:
        self._staging = staging
        self._strict = strict
        self._files: list[FileReport] = []
        self._problems: list[Problem] = []
        self._rejects = no_rejects()

    def write(self, con: duckdb.DuckDBPyConnection) -> None:
        """Take out what is replaced, put in what was staged. LoadError where the store changed since it was read."""
        staging = self._staging
        known = {source.source_id for source in staging.history.sources.values()}
        if known != {source.source_id for source in read_sources(con)}:
            raise LoadError("loaded_meanwhile")
        con.execute(f"ATTACH {quoted_text(staging.finish())} AS stage (READ_ONLY)")
        forget(con, staging.replaced)
        meter = ProgressMeter(staging.progress, "store", "", sum(staged.plan.source.size for staged in staging.staged))
        for staged in staging.staged:
            file = settle(con, staged)
            self._files.append(file)
            self._problems += notices_of(con, staged, file)
            self._judge(con, file, staged.source_id)
            meter.advance(staged.plan.source.size)
        self._problems += strangers(con)
        ids = [staged.source_id for staged in staging.staged]
        self._rejects = con.execute(
            "SELECT * FROM rejects WHERE list_contains(?, source_id) ORDER BY source_id, line", [ids]
        ).df()
        write_notes(con, staging.notes)
        _keep_publish_list(con, staging)
        con.execute("DETACH stage")

    def report(self, rules: Rules, snapshot: Snapshot | None) -> LoadReport:
        """Return the report of the whole load, the sources that were there already included."""
        files = (*map(_unchanged, self._staging.unchanged), *self._files)
        problems = (*self._staging.problems, *self._problems)
        return LoadReport(files, problems, self._rejects, snapshot=snapshot, mapping=rules)

    def _judge(self, con: duckdb.DuckDBPyConnection, file: FileReport, source_id: int) -> None:
        """A source that brings no row is an error: its mapping or its reading is wrong, not its rows."""
        if file.rows_loaded:
            return
        key, facts = "no_rows", dict[str, object](file=file.file)
        if file.rows_rejected:
            rows = con.execute(
                "SELECT reason FROM rejects WHERE source_id = ? GROUP BY reason ORDER BY count(*) DESC LIMIT 3",
                [source_id],
            ).fetchall()
            key = "all_rejected"
            facts |= {"count": file.rows_rejected, "reasons": [reason for (reason,) in rows]}
        if self._strict or key == "no_rows":
            raise LoadError(key, **facts)
        self._problems.append(Problem("error", key, facts))


def _rules(sources: Sources, mapping: Rules | str | Path | None) -> Rules:
    """The mapping given, read from its file, or suggested."""
    if mapping is None:
        from workbench.load.suggesting.suggest import suggest_mapping

        return suggest_mapping(sources)
    return mapping if isinstance(mapping, Rules) else Rules.read(mapping)


def _latest(as_of: date | None, today: date | None) -> date:
    """The last day that is not in the future."""
    return as_of or today or datetime.now(UTC).astimezone().date()


def _says_something_new(snapshot: Snapshot, company: str | None, as_of: date | None) -> bool:
    """True where the company's name or the day of the data differ from those of the snapshot in force."""
    return (company or snapshot.company, as_of or snapshot.as_of) != (snapshot.company, snapshot.as_of)


def _unchanged(source: Source) -> FileReport:
    """The line of a source that was in the store already."""
    return FileReport(
        file=source.file,
        sheet=source.sheet,
        table=source.table,
        sha256=source.sha256,
        encoding=None,
        delimiter=None,
        header_line=0,
        rows_read=source.rows_read,
        rows_loaded=source.rows_loaded,
        rows_rejected=source.rows_rejected,
        ignored={"ignored": source.rows_ignored} if source.rows_ignored else {},
        unchanged=True,
    )


def _keep_publish_list(con: duckdb.DuckDBPyConnection, staging: Staging) -> None:
    """Note which attributes dashboards may show: those the mappings name, beside those known before."""
    known = {table: dict.fromkeys(names) for table, names in publish_attributes(read_meta(con)).items()}
    for staged in staging.staged:
        table = known.setdefault(staged.plan.table.name, {})
        for attribute in staged.attributes:
            table.pop(attribute, None)
        table.update(dict.fromkeys(staged.plan.published))
    listed = {table: list(names) for table, names in known.items()}
    write_meta(con, {"publish_attributes": json.dumps(listed, ensure_ascii=False)})
