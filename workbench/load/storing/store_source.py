"""Put staged sources into the tables: good rows, rejects and counts."""

from __future__ import annotations

from collections.abc import Sequence

import duckdb
import pyarrow as pa

from workbench.errors import LoadError
from workbench.load.reporting.file_report import FileReport
from workbench.load.staging.earlier_sources import Superseded
from workbench.load.staging.staged_source import GOOD, StagedSource
from workbench.load.storing.duplicates import mark_duplicates
from workbench.schema import TABLES
from workbench.store.contents import stored_columns
from workbench.store.sql_quoting import quoted_name, quoted_text, quoted_text_or_null

MOST_ADDED_SINGLY = 50
"""So many columns are added one by one; each takes as long as the table has columns."""

IS_GOOD = f"{GOOD} AND NOT EXISTS (FROM marks WHERE marks.place = staged.rowid)"


def delete_sources(con: duckdb.DuckDBPyConnection, source_ids: Sequence[int]) -> None:
    """Delete every row of these sources: their files changed, or came with another mapping."""
    for table in (*TABLES, "rejects", "sources"):
        con.execute(f"DELETE FROM {quoted_name(table)} WHERE list_contains(?, source_id)", [list(source_ids)])


def delete_superseded(con: duckdb.DuckDBPyConnection, newer: Superseded, staged: Sequence[StagedSource]) -> None:
    """Delete what a staged source has newer from the sources that were stored before, and count it as ignored there."""
    table, fresh = quoted_name(newer.table), [one.source_id for one in staged]
    older = (
        f"NOT list_contains($fresh, source_id) AND EXISTS (FROM stage.main.{quoted_name(newer.things)} AS newer"
        f" WHERE {newer.match_sql(f'{table}.')})"
    )
    con.execute(
        f"""
        UPDATE sources SET rows_loaded = rows_loaded - gone, rows_ignored = rows_ignored + gone
        FROM (SELECT source_id AS id, count(DISTINCT source_line) AS gone FROM {table} WHERE {older} GROUP BY 1)
        WHERE source_id = id
        """,
        {"fresh": fresh},
    )
    con.execute(f"DELETE FROM {table} WHERE {older}", {"fresh": fresh})


def store_source(con: duckdb.DuckDBPyConnection, staged: StagedSource) -> FileReport:
    """Put one staged source into its table, its rejects into `rejects`, its counts into `sources`; return them.

    `con` holds the canonical tables, and the staged ones in the database `stage`. LoadError `rows_lost` where the
    rows staged are not the rows the file has: nothing may be lost on the way.
    """
    source = staged.plan.source
    staged_count = _single_number(con, f"SELECT count(*) FROM {staged.table_sql}")
    if source.expected_rows is not None and staged_count != source.expected_rows:
        raise LoadError("rows_lost", file=source.file, found=staged_count, expected=source.expected_rows)
    _add_attributes(con, staged)
    mark_duplicates(con, staged)
    report = FileReport(
        file=source.file,
        sheet=source.sheet,
        table=staged.plan.table.name,
        sha256=source.sha256,
        encoding=source.encoding,
        delimiter=source.delimiter,
        header_line=source.header_line,
        rows_read=staged_count + len(source.rejects) + source.titles + source.blank,
        rows_loaded=_insert_good(con, staged),
        rows_rejected=_insert_unsplit(con, staged) + _insert_rejects(con, staged) + _insert_conflicts(con, staged),
        ignored=_ignored_counts(con, staged),
    )
    _record_source(con, staged.source_id, report)
    return report


def _add_attributes(con: duckdb.DuckDBPyConnection, staged: StagedSource) -> None:
    """Give the table a text column for each attribute it does not have yet: very many in one statement."""
    table = quoted_name(staged.plan.table.name)
    there = {name.lower() for name in stored_columns(con, staged.plan.table.name)}
    new = [attribute for attribute in staged.attributes if attribute.lower() not in there]
    if len(new) > MOST_ADDED_SINGLY:
        added = ", ".join(f"CAST(NULL AS VARCHAR) AS {quoted_name(attribute)}" for attribute in new)
        con.execute(f"CREATE OR REPLACE TABLE {table} AS SELECT *, {added} FROM {table}")
        return
    for attribute in new:
        con.execute(f"ALTER TABLE {table} ADD COLUMN {quoted_name(attribute)} VARCHAR")


def _insert_good(con: duckdb.DuckDBPyConnection, staged: StagedSource) -> int:
    """Insert the rows with nothing against them; return how many rows of the file they are."""
    columns = {column: f"x_{column}" for column in staged.columns}
    columns |= staged.attributes
    columns |= {"source_id": str(staged.source_id), "source_line": staged.line_sql}
    rows = f"{staged.table_sql} AS staged"
    if staged.plan.wide:
        columns |= {part: f"answer.{part}" for part in ("item", "kind", "score", "scale_low", "scale_high", "missing")}
        columns["touchpoint"] = f"coalesce(answer.touchpoint, {columns.get('touchpoint', 'NULL')})"
        columns.setdefault("response_id", f"{quoted_text(staged.plan.source.file)} || '#' || ({staged.line_sql})")
        rows += ", unnest(staged.answers) AS items(answer)"
    listed = ", ".join(f"{sql} AS {quoted_name(column)}" for column, sql in columns.items())
    where = IS_GOOD if _single_number(con, "SELECT count(*) FROM marks") else GOOD
    con.execute(f"INSERT INTO {quoted_name(staged.plan.table.name)} BY NAME SELECT {listed} FROM {rows} WHERE {where}")
    return _single_number(con, f"SELECT count(*) FROM {staged.table_sql} AS staged WHERE {where}")


def _insert_unsplit(con: duckdb.DuckDBPyConnection, staged: StagedSource) -> int:
    """Keep the records that could not be split into cells."""
    rejects = staged.plan.source.rejects
    if rejects:
        records = pa.table(
            {
                "line": [record.line for record in rejects],
                "value": [record.text for record in rejects],
                "reason": [record.reason for record in rejects],
                "found": [record.facts.get("found") for record in rejects],
                "expected": [record.facts.get("expected") for record in rejects],
            }
        )
        con.register("unsplit", records)
        _insert_into_rejects(
            con,
            staged,
            ("NULL", "value", "reason"),
            "json_object('found', found, 'expected', expected)",
            "FROM unsplit",
            "line",
        )
        con.unregister("unsplit")
    return len(rejects)


def _insert_rejects(con: duckdb.DuckDBPyConnection, staged: StagedSource) -> int:
    """Keep the rows with problems: the first one in the columns, all of them and the cells in the facts."""
    headers = staged.plan.source.names
    cells = ", ".join(f"{quoted_text(header)}, raw[{place}]" for place, header in enumerate(headers, 1))
    facts = f"json_object('header', problems[1].header, 'row', json_object({cells}), 'problems', to_json(problems))"
    first = ("problems[1].column", "problems[1].value", "problems[1].reason")
    rows = f"FROM {staged.table_sql} WHERE kind IS NULL AND problems IS NOT NULL"
    return _insert_into_rejects(con, staged, first, facts, rows, staged.line_sql)


def _insert_conflicts(con: duckdb.DuckDBPyConnection, staged: StagedSource) -> int:
    """Keep the rows whose key another row has taken, with the place of that row."""
    if not staged.plan.key:
        return 0
    pairs = {**{column: f"x_{column}" for column in staged.columns}, **staged.attributes}
    cells = ", ".join(f"{quoted_text(column)}, CAST({sql} AS VARCHAR)" for column, sql in pairs.items())
    kept_place = "'kept_source', kept_source, 'kept_line', kept_line"
    key = " || ' ' || ".join(f"CAST(x_{column} AS VARCHAR)" for column in staged.plan.key if column in staged.columns)
    rows = (
        f"FROM {staged.table_sql} AS staged JOIN marks ON marks.place = staged.rowid AND marks.kind = 'conflicting_key'"
    )
    facts = f"json_object('row', json_object({cells}), {kept_place})"
    problem = (quoted_text(", ".join(staged.plan.key)), key or "NULL", "'conflicting_key'")
    return _insert_into_rejects(con, staged, problem, facts, rows, f"staged.{staged.line_sql}")


def _insert_into_rejects(
    con: duckdb.DuckDBPyConnection,
    staged: StagedSource,
    problem: tuple[str, str, str],
    facts: str,
    rows: str,
    line: str,
) -> int:
    """Insert into `rejects` with the place of each row, in the order of the lines; return how many.

    `problem` is the SQL of the column, the value and the reason.
    """
    source, (column, value, reason) = staged.plan.source, problem
    sheet = quoted_text_or_null(source.sheet)
    inserted = con.execute(f"""
        INSERT INTO rejects BY NAME
        SELECT {staged.source_id} AS source_id, {quoted_text(source.file)} AS file, {sheet} AS sheet, {line} AS line,
            {quoted_text(staged.plan.table.name)} AS table_name, {column} AS column_name, {value} AS value,
            {reason} AS reason, CAST({facts} AS VARCHAR) AS facts
        {rows} ORDER BY line
    """)
    return int(inserted.fetchall()[0][0])


def _ignored_counts(con: duckdb.DuckDBPyConnection, staged: StagedSource) -> dict[str, int]:
    """Count the rows that hold no data, by reason."""
    source = staged.plan.source
    kinds = dict(
        con.execute(f"SELECT kind, count(*) FROM {staged.table_sql} WHERE kind IS NOT NULL GROUP BY kind").fetchall()
    )
    kinds["blank"] = kinds.get("blank", 0) + source.blank
    kinds["title"] = source.titles
    kinds["duplicate"] = _single_number(con, "SELECT count(*) FROM marks WHERE kind = 'duplicate'")
    return {kind: number for kind, number in kinds.items() if number}


def _record_source(con: duckdb.DuckDBPyConnection, source_id: int, report: FileReport) -> None:
    """Write the line of the file into `sources`."""
    con.execute(
        """
        INSERT INTO sources BY NAME
        SELECT ? AS source_id, ? AS file, ? AS sheet, ? AS sha256, ? AS "table",
            ? AS rows_read, ? AS rows_loaded, ? AS rows_rejected, ? AS rows_ignored
        """,
        [
            *(source_id, report.file, report.sheet, report.sha256, report.table),
            *(report.rows_read, report.rows_loaded, report.rows_rejected, report.rows_ignored),
        ],
    )


def _single_number(con: duckdb.DuckDBPyConnection, sql: str) -> int:
    """The one number a query returns."""
    return int(con.execute(sql).fetchall()[0][0])
