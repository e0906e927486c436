"""Loading from a database, month after month, in Python and by the command; the password stays with who gave it."""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import sys
import time
from datetime import date
from decimal import Decimal
from urllib.parse import quote

import pytest

from tests.conftest import ROOT
from tests.load.databases.filling import run_mariadb, run_postgresql
from tests.load.databases.servers import PASSWORD
from workbench import cli, terminal
from workbench.load import Database, Mapping, check, load, remove, suggest_mapping
from workbench.store import open_store, restore

COLUMNS = '"客户编号" text, "订单号" text, "下单日期" date, "金额" numeric(12,2)'
JANUARY = ("('C1', 'A1', '2024-01-05', 100)", "('C2', 'A2', '2024-01-20', 200)")
FEBRUARY = ("('C1', 'A3', '2024-02-05', 400)", "('C2', 'A4', '2024-02-20', 800)")


@pytest.fixture
def sales(postgresql_server, password):
    """A table of orders with January, in PostgreSQL, and how rows are added to it."""
    run_postgresql(
        postgresql_server,
        "DROP TABLE IF EXISTS 订单",
        f"CREATE TABLE 订单 ({COLUMNS})",
        "GRANT SELECT ON 订单 TO analyst",
    )

    def add(*rows: str) -> None:
        run_postgresql(postgresql_server, f"INSERT INTO 订单 VALUES {', '.join(rows)}")

    add(*JANUARY)
    return add


@pytest.fixture
def wanted(postgresql_server):
    return Database(postgresql_server.address, tables=["订单"])


@pytest.fixture
def store(tmp_path):
    return tmp_path / "crm.store"


def total(store) -> Decimal:
    with open_store(store) as opened:
        return opened.transactions.amount.sum().to_pyarrow().as_py() or Decimal(0)


def test_a_table_that_has_grown_is_loaded_anew_and_nothing_counts_twice(sales, wanted, store):
    first = load(wanted, store=store, today=date(2026, 1, 1))
    assert [file.file.partition("/shop ")[2] for file in first.files] == ["public.订单"]
    assert (total(store), first.files[0].rows_loaded) == (Decimal("300.00"), 2)
    again = load(wanted, store=store, today=date(2026, 1, 1))
    assert again.snapshot.id == first.snapshot.id, "the same rows change nothing"
    sales(*FEBRUARY)
    load(wanted, store=store, today=date(2026, 1, 1))
    assert total(store) == Decimal("1500.00")


def test_a_query_of_one_month_stands_beside_the_month_before(sales, postgresql_server, store):
    sales(*FEBRUARY)
    for month in (1, 2):
        sql = f'SELECT * FROM 订单 WHERE extract(month FROM "下单日期") = {month}'
        month_of_sales = Database(postgresql_server.address, queries={"orders.sql": sql})
        report = load(month_of_sales, store=store, today=date(2026, 1, 1))
        if report.questions:
            assert [question.key for question in report.questions] == ["same_name"]
            assert set(report.questions[0].choices) >= {"add", "replace"}
            from workbench.load import answered

            mapping = answered(report.mapping, report.questions[0], "add")
            report = load(month_of_sales, store=store, mapping=Mapping(mapping.sources), today=date(2026, 1, 1))
    assert total(store) == Decimal("1500.00")
    with open_store(store) as opened:
        names = sorted(source.file.partition("/shop ")[2] for source in opened.snapshot.sources)
    assert names == ["orders.sql", "orders.sql 2024-02-05…2024-02-20"]


def test_a_table_is_taken_out_and_brought_back(sales, wanted, store):
    report = load(wanted, store=store, today=date(2026, 1, 1))
    remove(report.files[0].file, store=store)
    assert total(store) == 0
    restore(store, snapshot=report.snapshot.id)
    assert total(store) == Decimal("300.00")


def test_a_table_loaded_from_mariadb_is_the_same_one_under_either_name(mariadb_server, password, store):
    run_mariadb(
        mariadb_server, "DROP TABLE IF EXISTS orders",
        "CREATE TABLE orders (客户编号 varchar(9), 订单号 varchar(9), 下单日期 date, 金额 decimal(12,2))",
        f"INSERT INTO orders VALUES {', '.join(JANUARY)}",
    )  # fmt: skip
    for scheme in ("mysql", "mariadb"):
        address = mariadb_server.address.replace("mysql", scheme)
        report = load(Database(address, tables=["orders"]), store=store, today=date(2026, 1, 1))
        assert len(report.snapshot.sources) == 1
    assert total(store) == Decimal("300.00")


def test_moments_with_a_zone_are_asked_about_like_those_of_files(postgresql_server, password):
    run_postgresql(
        postgresql_server, "DROP TABLE IF EXISTS visits",
        'CREATE TABLE visits ("客户编号" text, "订单号" text, "下单时间" timestamptz, "金额" numeric)',
        "INSERT INTO visits SELECT 'C' || n, 'A' || n, '2024-03-05 23:30+00', 10 FROM generate_series(1, 9) AS n",
        "GRANT SELECT ON visits TO analyst",
    )  # fmt: skip
    mapping = suggest_mapping(Database(postgresql_server.address, tables=["visits"]))
    assert [question.key for question in mapping.questions] == ["time_zone"]


def test_the_password_is_nowhere_but_with_who_gave_it(sales, postgresql_server, store, tmp_path, monkeypatch, caplog):
    monkeypatch.delenv("PGPASSWORD")
    caplog.set_level(logging.DEBUG)
    address = postgresql_server.address.replace("analyst@", f"analyst:{quote(PASSWORD, safe='')}@")
    database = Database(address, tables=["订单"])
    report = load([database], store=store, today=date(2026, 1, 1))
    report.mapping.save(tmp_path / "mapping.toml")
    report.export_rejects(tmp_path / "rejects.xlsx", lang="zh")
    said = repr(report) + report.text("zh") + report.text("en") + caplog.text + repr(database) + str(vars(database))
    written = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()) + said.encode()
    for secret in (PASSWORD, quote(PASSWORD, safe=""), "analyst"):
        assert secret.encode() not in written
    mapping = Mapping.read(tmp_path / "mapping.toml")
    assert mapping.sources[0].files == ("shop public.订单",), "the same mapping serves the database on another machine"
    assert load([database], store=store, mapping=mapping, today=date(2026, 1, 1)).snapshot.id == report.snapshot.id


def test_the_command_loads_and_checks(sales, postgresql_server, store, tmp_path, capsys):
    query = tmp_path / "月报.sql"
    query.write_text('SELECT * FROM 订单 WHERE "金额" > 150;\n', encoding="utf-8")
    words = [postgresql_server.address, "--query", str(query), "--lang", "zh"]
    assert cli.main(["check", *words]) == 0
    assert not store.exists()
    assert cli.main(["load", *words, "--store", str(store)]) == 0
    assert "月报.sql" in capsys.readouterr().out
    assert total(store) == Decimal("200.00")


def test_the_command_finds_the_mapping_beside_the_query(sales, postgresql_server, store, tmp_path, capsys):
    (tmp_path / "q.sql").write_text("SELECT * FROM 订单", encoding="utf-8")
    words = [
        "load",
        postgresql_server.address,
        "--query",
        str(tmp_path / "q.sql"),
        "--lang",
        "en",
        "--store",
        str(store),
    ]
    assert cli.main([*words, "--save-mapping", str(tmp_path / "mapping.toml")]) == 0
    assert cli.main(words) == 0
    assert f"Using the mapping {tmp_path / 'mapping.toml'} that lies beside" in capsys.readouterr().out


def test_the_command_asks_for_the_password_and_for_the_tables(sales, postgresql_server, store, monkeypatch):
    monkeypatch.delenv("PGPASSWORD")
    monkeypatch.setattr(terminal, "is_watched", lambda: True)
    asked_for = []
    monkeypatch.setattr(terminal.getpass, "getpass", lambda prompt: asked_for.append(prompt) or PASSWORD)
    monkeypatch.setattr(
        terminal, "choose_tables", lambda _label, tables, _lang: asked_for.append(tables) or ["public.订单"]
    )
    monkeypatch.setattr(terminal, "choose", lambda question, **_: terminal.as_suggested(question))
    assert cli.main(["load", postgresql_server.address, "--store", str(store), "--lang", "zh"]) == 0
    label = postgresql_server.address.replace("analyst@", "")
    assert asked_for[0] == f"{label} 的密码："
    assert "public.订单" in asked_for[1]
    assert total(store) == Decimal("300.00")


def test_where_nobody_watches_nothing_is_asked(sales, postgresql_server, capsys):
    assert cli.main(["check", postgresql_server.address, "--lang", "en"]) == 1
    assert "holds several tables" in capsys.readouterr().err
    assert cli.main(["check", "orders.csv", "--tables", "a", "--lang", "en"]) == 1
    assert "--query and --tables are about a database" in capsys.readouterr().err


def test_a_password_on_the_command_line_is_warned_of(sales, postgresql_server, capsys, store):
    address = postgresql_server.address.replace("analyst@", f"analyst:{quote(PASSWORD, safe='')}@")
    assert cli.main(["load", address, "--tables", "订单", "--store", str(store), "--lang", "en"]) == 0
    output = capsys.readouterr()
    assert output.err.startswith("The password in the address can be read in this machine's list of processes")
    assert PASSWORD not in output.out + output.err
    assert quote(PASSWORD, safe="") not in output.out + output.err


@pytest.mark.parametrize("kind", ["postgresql", "mariadb"])
def test_ctrl_c_stops_a_slow_query_without_a_traceback(kind, request, password, tmp_path):
    server = request.getfixturevalue(f"{kind}_server")
    (tmp_path / "slow.sql").write_text("SELECT pg_sleep(60)" if kind == "postgresql" else "SELECT sleep(60)")
    command = [sys.executable, "-m", "workbench.cli", "check", server.address, "--query", str(tmp_path / "slow.sql")]
    child = subprocess.Popen(
        [*command, "--lang", "en"], cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    running = "SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%pg_sleep(60)%' AND pid <> pg_backend_pid()"
    _wait_until_running(server, kind, running)
    begun = time.monotonic()
    child.send_signal(signal.SIGINT)
    _, said = child.communicate(timeout=30)
    assert time.monotonic() - begun < 15
    assert (child.returncode, said.strip()) == (130, "Stopped. Nothing half done was kept.")


def _wait_until_running(server, kind, running) -> None:
    import adbc_driver_postgresql.dbapi as driver
    import pymysql

    for _ in range(300):
        if kind == "postgresql":
            with driver.connect(server.owner) as con, con.cursor() as cursor:
                cursor.execute(running)
                if cursor.fetchone()[0]:
                    return
        else:
            con = pymysql.connect(host="127.0.0.1", port=server.port, user="analyst", password=PASSWORD.encode())
            with con, con.cursor() as cursor:
                cursor.execute("SHOW PROCESSLIST")
                if any("sleep(60)" in str(row) for row in cursor.fetchall()):
                    return
        time.sleep(0.1)
    raise TimeoutError


def test_check_says_what_load_would(sales, wanted):
    report = check(wanted, today=date(2026, 1, 1))
    assert (report.files[0].rows_loaded, report.snapshot) == (2, None)


def test_amounts_and_days_that_are_none_are_rejected_with_their_reason(sales, postgresql_server, wanted, store):
    sales("('C3', 'A5', '2024-01-06', 'NaN')", "('C4', 'A6', 'infinity', 10)", "('C5', 'A7', NULL, 10)")
    report = load(wanted, store=store, today=date(2026, 1, 1))
    rejected = report.rejects[["line", "column_name", "value", "reason"]].astype(object)
    assert [tuple(row) for row in rejected.where(rejected.notna(), None).itertuples(index=False)] == [
        (3, "amount", "NaN", "missing_value"),
        (4, "day", "infinity", "not_date"),
        (5, "day", None, "missing_value"),
    ]
    assert total(store) == Decimal("300.00")
