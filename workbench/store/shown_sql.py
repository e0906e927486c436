"""The SQL a reader sees: names as in the snapshot, kept tables spelt out, so that it runs on the file alone."""

from __future__ import annotations

import sqlglot
from sqlglot import expressions as sg

from workbench.store.kept_tables import KeptTables


def shown_sql(sql: str, kept_tables: KeptTables) -> str:
    """Return `sql` laid out for reading, with every kept table as a named query in front."""
    query = sqlglot.parse_one(sql, dialect="duckdb")
    named: dict[str, sg.Expr] = {}
    _spell_out(query, kept_tables, named)
    if named and isinstance(query, sg.Query):
        # The query's own parts may read the kept tables, so they come after them.
        parts = [(sg.to_identifier(name, quoted=True), kept) for name, kept in named.items()]
        parts += [(part.args["alias"], part.this) for part in query.ctes]
        for position, (name, part) in enumerate(parts):
            query = query.with_(name, as_=part, append=position > 0, copy=False)
    return query.sql(dialect="duckdb", pretty=True)


def _spell_out(query: sg.Expr, kept_tables: KeptTables, named: dict[str, sg.Expr]) -> None:
    """Collect the definitions of the kept tables a query reads, those they rest on first."""
    for table in list(query.find_all(sg.Table)):
        if table.name in kept_tables and table.name not in named:
            definition = sqlglot.parse_one(kept_tables.definition(table.name), dialect="duckdb")
            _spell_out(definition, kept_tables, named)
            named[table.name] = definition
