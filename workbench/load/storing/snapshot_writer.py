"""Write the staged sources into a database with the canonical tables, and keep what is to be reported."""

from __future__ import annotations

import json

import duckdb
from ibis import _

from workbench.errors import LoadError
from workbench.load.history import write_fingerprints
from workbench.load.mapping.company_mapping import Mapping
from workbench.load.problems import Problem
from workbench.load.progress import ProgressMeter
from workbench.load.reporting.file_report import FileReport
from workbench.load.reporting.report import REJECT_COLUMNS, LoadReport, no_rejects
from workbench.load.staging.staging_area import StagingArea
from workbench.load.storing.customer_history import set_aside, write_history
from workbench.load.storing.customer_lists import join_lists, part_lists
from workbench.load.storing.near_duplicates import near_duplicates
from workbench.load.storing.notices import notices_of, unknown_customers, unused_facts
from workbench.load.storing.product_categories import fill_categories
from workbench.load.storing.store_source import delete_sources, delete_superseded, store_source
from workbench.store import Snapshot, Source, Store
from workbench.store.contents import attributes_to_publish, read_meta, read_sources, write_meta
from workbench.store.sql_quoting import quoted_text

MOST_REJECTS = 100_000_000
"""All of them: the report counts them, and what it lists has to be as many."""


class SnapshotWriter:
    """Writes the staged sources into a database with the canonical tables, and keeps what is to be reported."""

    def __init__(self, staging: StagingArea, *, strict: bool) -> None:
        self._staging = staging
        self._strict = strict
        self._files: list[FileReport] = []
        self._problems: list[Problem] = []
        self._rejects = no_rejects()

    def write(self, con: duckdb.DuckDBPyConnection) -> None:
        """Take out what is replaced, put in what was staged. LoadError where the store changed since it was read."""
        staging = self._staging
        expected_ids = {source.source_id for source in staging.history.sources.values()}
        if expected_ids != {source.source_id for source in read_sources(con)}:
            raise LoadError("loaded_meanwhile")
        con.execute(f"ATTACH {quoted_text(staging.close())} AS stage (READ_ONLY)")
        part_lists(con)
        set_aside(con, staging.replaced)
        delete_sources(con, staging.replaced)
        for newer in staging.superseded:
            delete_superseded(con, newer, staging.staged)
        meter = ProgressMeter(staging.progress, "store", "", sum(staged.plan.source.size for staged in staging.staged))
        for staged in staging.staged:
            report = store_source(con, staged)
            self._files.append(report)
            self._problems += notices_of(con, staged, report)
            self._check_any_loaded(con, report, staged.source_id)
            meter.advance(staged.plan.source.size)
        self._check_money(con)
        self._problems += fill_categories(con, staging.staged)
        self._problems += join_lists(con)
        self._problems += write_history(con, loaded_on=staging.latest)
        self._problems += [*unknown_customers(con), *unused_facts(con), *near_duplicates(con)]
        ids = [one.source_id for one in staging.unchanged] + [one.source_id for one in staging.staged]
        self._rejects = con.execute(
            "SELECT * FROM rejects WHERE list_contains(?, source_id) ORDER BY source_id, line", [ids]
        ).df()
        write_fingerprints(con, staging.fingerprints)
        _record_publish_list(con, staging)
        con.execute("DETACH stage")

    def look_up(self, store: Store) -> None:
        """Take the rejects of sources that are in a store as they were given: nothing was written."""
        ids = [source.source_id for source in self._staging.unchanged]
        rejects = store.rejects.filter(_.source_id.isin(ids)).order_by("source_id", "line")
        self._rejects = store.collect(rejects, limit=MOST_REJECTS)[[*REJECT_COLUMNS]]

    def report(self, mapping: Mapping, snapshot: Snapshot | None) -> LoadReport:
        """Return the report of the whole load, the sources that were there already included."""
        files = (*map(_unchanged_report, self._staging.unchanged), *self._files)
        problems = (*self._staging.problems, *self._problems)
        return LoadReport(files, problems, self._rejects, snapshot=snapshot, mapping=mapping)

    def _check_money(self, con: duckdb.DuckDBPyConnection) -> None:
        """Raise LoadError where purchases without an amount would stand beside those with one: no sum were whole."""
        if not any(staged.plan.table.name == "transactions" for staged in self._staging.staged):
            return
        unknown, known = con.execute(
            "SELECT count(*) FILTER (is_purchase AND amount IS NULL), count(amount) FROM transactions"
        ).fetchall()[0]
        if unknown and known:
            files = con.execute(
                "SELECT DISTINCT file FROM sources SEMI JOIN (SELECT source_id FROM transactions"
                " WHERE is_purchase AND amount IS NULL) USING (source_id) ORDER BY file"
            ).fetchall()
            raise LoadError("money_mixed", files=[file for (file,) in files], unknown=unknown, known=known)

    def _check_any_loaded(self, con: duckdb.DuckDBPyConnection, report: FileReport, source_id: int) -> None:
        """A source that brings no row is an error: its mapping or its reading is wrong, not its rows."""
        if report.rows_loaded:
            return
        key, facts = "no_rows", dict[str, object](file=report.file)
        if report.rows_rejected:
            rows = con.execute(
                "SELECT reason FROM rejects WHERE source_id = ? GROUP BY reason ORDER BY count(*) DESC LIMIT 3",
                [source_id],
            ).fetchall()
            key = "all_rejected"
            facts |= {"count": report.rows_rejected, "reasons": [reason for (reason,) in rows]}
        if self._strict or key == "no_rows":
            raise LoadError(key, **facts)
        self._problems.append(Problem("error", key, facts))


def _unchanged_report(source: Source) -> FileReport:
    """The report of a source that was in the store already."""
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


def _record_publish_list(con: duckdb.DuckDBPyConnection, staging: StagingArea) -> None:
    """Record which attributes dashboards may show: those the mappings name, besides those known before."""
    attributes = {table: dict.fromkeys(names) for table, names in attributes_to_publish(read_meta(con)).items()}
    for staged in staging.staged:
        table = attributes.setdefault(staged.plan.table.name, {})
        for attribute in staged.attributes:
            table.pop(attribute, None)
        table.update(dict.fromkeys(staged.plan.published))
    names_by_table = {table: list(names) for table, names in attributes.items()}
    write_meta(con, {"publish_attributes": json.dumps(names_by_table, ensure_ascii=False)})
