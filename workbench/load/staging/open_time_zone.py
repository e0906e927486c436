"""Rows turned away because no time zone is declared: a question to the analyst, and not so many rejects."""

from __future__ import annotations

import duckdb

from workbench.load.mapping.zone_choices import time_zone_question, time_zone_question_of_rows
from workbench.load.questions import Question
from workbench.load.reading.header import clean_header
from workbench.load.staging.staged_source import StagedSource
from workbench.store.sql_quoting import quoted_name

MOST_TEXTS = 1_000
"""Different moments that are looked at for the zones they carry."""


def ask_time_zone_of_rejects(con: duckdb.DuckDBPyConnection, staged: StagedSource) -> Question | None:
    """Return the question where a staged source has rows that wait for the company's time zone; None where not.

    Only rows with a problem are looked at, so that a source without zones costs nothing.
    """
    rows = con.execute(f"""
        SELECT problem.header, problem.value
        FROM (SELECT unnest(problems) AS problem FROM {quoted_name(staged.table)} WHERE problems IS NOT NULL)
        WHERE problem.reason = 'time_zone_open'
        GROUP BY ALL ORDER BY ALL LIMIT {MOST_TEXTS}
    """).fetchall()
    if not rows:
        return None
    source = staged.plan.source
    header = rows[0][0]
    if (zone_column := staged.plan.mapping.zone_column) is not None:
        place = [*source.names].index(clean_header(zone_column)) + 1
        pairs = con.execute(f"""
            SELECT DISTINCT problem.value, raw[{place}]
            FROM (SELECT unnest(problems) AS problem, raw FROM {quoted_name(staged.table)} WHERE problems IS NOT NULL)
            WHERE problem.reason = 'time_zone_open' AND raw[{place}] IS NOT NULL ORDER BY ALL LIMIT {MOST_TEXTS}
        """).fetchall()
        return time_zone_question_of_rows(source.file, pairs, sheet=staged.plan.mapping.sheet, header=header)
    return time_zone_question(source.file, [text for _, text in rows], sheet=staged.plan.mapping.sheet, header=header)
