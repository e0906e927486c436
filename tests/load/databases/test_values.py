"""What values of a database are read as: exactly what its own tools show, whatever their type."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import duckdb
import pytest

from tests.load.databases.filling import run_mariadb, run_postgresql
from workbench.load import Database, read_text_table
from workbench.load.reading.sources import opened_origins


def cells(source: object) -> list[dict[str, str | None]]:
    """The rows of the one table there is, by header."""
    with duckdb.connect() as con, read_text_table(source) as text:
        return [dict(zip(text.names, row[1:], strict=True)) for row in text.rows(con).fetchall()]


def test_postgresql_gives_every_type_as_it_writes_it(postgresql_server, password):
    run_postgresql(
        postgresql_server,
        "DROP TABLE IF EXISTS odd",
        "DROP TYPE IF EXISTS grade",
        "CREATE TYPE grade AS ENUM ('gold', 'silver')",
        """CREATE TABLE odd (whole bigint, amount numeric, price float8, note text, padded char(6), day date,
            moment timestamptz, local timestamp, yes boolean, paid money, grade grade, more jsonb, tags text[],
            photo bytea)""",
        """INSERT INTO odd VALUES
            (9223372036854775807, 12345678901234567890.123456789, 0.1, '', 'ab', '2024-03-05', '2024-03-05 23:30:00+00',
             '2024-03-05 10:00', true, 1234.5, 'gold', '{"a": 1}', '{x,y}', '\\x00ff'),
            (-1, 'NaN', 'Infinity', NULL, NULL, 'infinity', 'infinity', NULL, NULL, NULL, NULL, NULL, NULL, NULL)""",
        "GRANT SELECT ON odd TO analyst",
    )
    first, second = cells(Database(postgresql_server.address, tables=["odd"]))
    assert first == {
        "whole": "9223372036854775807",
        "amount": "12345678901234567890.123456789",
        "price": "0.1",
        "note": "",
        "padded": "ab",
        "day": "2024-03-05",
        "moment": "2024-03-05 23:30:00+00",
        "local": "2024-03-05 10:00:00",
        "yes": "true",
        "paid": "1234.50",
        "grade": "gold",
        "more": '{"a": 1}',
        "tags": "{x,y}",
    }
    assert (second["amount"], second["price"], second["note"], second["day"]) == ("NaN", "Infinity", None, "infinity")


def test_mariadb_gives_every_type_as_it_writes_it_and_moments_in_utc(mariadb_server, password):
    run_mariadb(
        mariadb_server,
        "DROP TABLE IF EXISTS odd",
        """CREATE TABLE odd (big bigint unsigned, amount decimal(30,9), price double, note text, day date,
            moment timestamp, local datetime(3), flag bit(3), yes tinyint(1), grade enum('gold','silver'), more json,
            photo blob)""",
        """INSERT INTO odd VALUES (18446744073709551615, 123456789012345678901.123456789, 0.1, '', '2024-03-05',
            '2024-03-06 07:30:00', '2024-03-05 10:00:00.250', b'101', 1, 'gold', '{"a": 1}', x'00ff')""",
        "INSERT INTO odd VALUES (0, 0, 0, NULL, '0000-00-00', NULL, '0000-00-00', NULL, NULL, NULL, NULL, NULL)",
    )
    first, second = cells(Database(mariadb_server.address, tables=["odd"]))
    assert first == {
        "big": "18446744073709551615",
        "amount": "123456789012345678901.123456789",
        "price": "0.1",
        "note": "",
        "day": "2024-03-05",
        "moment": "2024-03-05 23:30:00+00:00",
        "local": "2024-03-05 10:00:00.250",
        "flag": "5",
        "yes": "1",
        "grade": "gold",
        "more": '{"a": 1}',
    }
    assert (second["note"], second["day"], second["local"]) == (None, None, None)


def test_columns_of_bytes_are_named_and_left_out(postgresql_server, password):
    run_postgresql(
        postgresql_server,
        "DROP TABLE IF EXISTS pictures",
        "CREATE TABLE pictures AS SELECT 'C1' AS customer, '\\x00ff'::bytea AS photo",
        "GRANT SELECT ON pictures TO analyst",
    )
    with read_text_table(Database(postgresql_server.address, tables=["pictures"])) as text:
        assert text.names == ("customer",)
        assert [(one.key, one.facts["columns"]) for one in text.problems] == [("binary_columns", ["photo"])]


def test_sqlite_gives_each_value_as_what_it_is(tmp_path):
    path = tmp_path / "shop.db"
    with sqlite3.connect(path) as con:
        con.execute("CREATE TABLE odd (a INTEGER, b REAL, c, d TEXT)")
        con.execute("INSERT INTO odd VALUES (1, 3.0, 'x', ''), ('007', 0.1, 2, NULL)")
    con.close()
    assert cells(path) == [{"a": "1", "b": "3", "c": "x", "d": ""}, {"a": "7", "b": "0.1", "c": "2", "d": None}]


def test_duckdb_gives_exact_numbers_and_moments_in_utc(tmp_path):
    path = tmp_path / "shop.duckdb"
    with duckdb.connect(str(path)) as con:
        con.execute("SET TimeZone = 'Asia/Shanghai'")
        con.execute("CREATE TABLE odd AS SELECT 170141183460469231731687303715884105727::HUGEINT AS a,"
                    " 3.0::DOUBLE AS b, 1.50::DECIMAL(18,2) AS c,"
                    " TIMESTAMPTZ '2024-03-06 07:30:00' AS d, '' AS e")  # fmt: skip
    expected = {"a": "170141183460469231731687303715884105727", "b": "3", "c": "1.50", "d": "2024-03-05 23:30:00+00"}
    assert cells(path) == [{**expected, "e": ""}]


def test_a_query_may_end_as_people_end_it_and_name_two_columns_alike(postgresql_server, mariadb_server, password):
    for server in (postgresql_server, mariadb_server):
        sql = "-- monthly\nSELECT 1 AS a, 2 AS a -- both\n;\n-- the end\n"
        assert cells(Database(server.address, queries={"q.sql": sql})) == [{"a": "1", "a_2": "2"}]


@pytest.mark.parametrize("kind", ["postgresql", "mariadb"])
def test_all_tables_are_read_as_they_stood_at_one_moment(kind, request, password):
    server = request.getfixturevalue(f"{kind}_server")
    run = run_postgresql if kind == "postgresql" else run_mariadb
    run(server, "DROP TABLE IF EXISTS one", "DROP TABLE IF EXISTS two", "CREATE TABLE one (x int)",
        "CREATE TABLE two (x int)")  # fmt: skip
    if kind == "postgresql":
        run(server, "GRANT SELECT ON one, two TO analyst")
    wanted = Database(server.address, tables=["one", "two"])
    with opened_origins(wanted) as origins:
        rows = [origin.rows for origin in origins]
        assert sum(batch.num_rows for batch in rows[0].session.fetch(rows[0].sql, "one").batches) == 0
        run(server, "INSERT INTO two VALUES (1)")
        assert sum(batch.num_rows for batch in rows[1].session.fetch(rows[1].sql, "two").batches) == 0
    assert cells(Database(server.address, tables=["two"])) == [{"x": "1"}]


@pytest.mark.parametrize("kind", ["postgresql", "mariadb"])
def test_rows_come_in_pieces_however_many_there_are(kind, request, password):
    server = request.getfixturevalue(f"{kind}_server")
    many = "generate_series(1, 400000) AS n" if kind == "postgresql" else "seq_1_to_400000"
    sql = f"SELECT {'n' if kind == 'postgresql' else 'seq'}, repeat('x', 200) AS t FROM {many}"
    with opened_origins(Database(server.address, queries={"q.sql": sql})) as origins:
        rows = origins[0].rows
        batches = [(batch.num_rows, batch.nbytes) for batch in rows.session.fetch(rows.sql, "q").batches]
    assert sum(number for number, _ in batches) == 400_000
    assert max(size for _, size in batches) < 40 << 20


def test_tables_are_named_by_schema_pattern_or_alone(postgresql_server, password):
    run_postgresql(
        postgresql_server,
        "CREATE SCHEMA IF NOT EXISTS archive",
        "CREATE TABLE IF NOT EXISTS archive.sales_2023 (x int)",
        "CREATE TABLE IF NOT EXISTS sales_2024 (x int)",
        "GRANT USAGE ON SCHEMA archive TO analyst",
        "GRANT SELECT ON archive.sales_2023, sales_2024 TO analyst",
    )
    names = []
    for wanted in ("archive.sales_2023", "sales_2024", "sales_*"):
        with opened_origins(Database(postgresql_server.address, tables=[wanted])) as origins:
            names.append([origin.name.partition("/shop ")[2] for origin in origins])
    assert names == [["archive.sales_2023"], ["public.sales_2024"], ["archive.sales_2023", "public.sales_2024"]]


def test_a_folder_partitioned_by_year_is_one_table_with_that_column(tmp_path):
    with duckdb.connect() as con:
        con.execute("COPY (SELECT * FROM (VALUES ('C1', 2023), ('C2', 2024)) AS t(customer, year)) TO"
                    f" '{tmp_path / 'orders'}' (FORMAT parquet, PARTITION_BY (year))")  # fmt: skip
    with opened_origins(tmp_path) as origins:
        assert [origin.name for origin in origins] == ["orders"]
    assert cells(tmp_path) == [{"customer": "C1", "year": "2023"}, {"customer": "C2", "year": "2024"}]


def test_parquet_files_with_names_of_their_own_stay_apart(tmp_path):
    with duckdb.connect() as con:
        for name in ("orders_2023", "orders_2024"):
            con.execute(f"COPY (SELECT 1 AS x) TO '{tmp_path / name}.parquet' (FORMAT parquet)")
    with opened_origins(tmp_path) as origins:
        assert [origin.name for origin in origins] == ["orders_2023.parquet", "orders_2024.parquet"]


def test_a_path_may_be_written_as_an_address(tmp_path, monkeypatch):
    with sqlite3.connect(tmp_path / "shop.db") as con:
        con.execute("CREATE TABLE t (x)")
        con.execute("INSERT INTO t VALUES (1)")
    con.close()
    monkeypatch.chdir(tmp_path)
    assert (
        cells("sqlite:///shop.db") == cells(f"sqlite:///{tmp_path}/shop.db") == cells(Path("shop.db")) == [{"x": "1"}]
    )
