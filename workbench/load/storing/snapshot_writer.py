"""Write the staged sources into a database with the canonical tables, and keep what is to be reported."""

from __future__ import annotations

import json

import duckdb

from workbench.errors import LoadError
from workbench.load.history import write_notes
from workbench.load.mapping.company_mapping import Mapping as Rules
from workbench.load.problems import Problem
from workbench.load.progress import ProgressMeter
from workbench.load.reporting.file_report import FileReport
from workbench.load.reporting.report import LoadReport, no_rejects
from workbench.load.staging.staging_area import Staging
from workbench.load.storing.notices import notices_of, strangers
from workbench.load.storing.store_source import forget, settle
from workbench.store import Snapshot, Source
from workbench.store.contents import publish_attributes, read_meta, read_sources, write_meta
from workbench.store.sql_quoting import quoted_text


class SnapshotWriter:
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
