"""What docs/databases.md shows is accepted, and its Python runs."""

from __future__ import annotations

import re
import shlex

import duckdb
import pytest

from tests.conftest import ROOT
from workbench.cli import parser
from workbench.store import open_store

PAGE = (ROOT / "docs" / "databases.md").read_text(encoding="utf-8")


def test_the_commands_shown_are_accepted():
    lines = re.findall(r"^workbench .*$", PAGE, re.MULTILINE)
    assert len(lines) == 5
    for line in lines:
        parser("en").parse_args(shlex.split(line, comments=True)[1:])


def test_the_python_shown_loads_what_it_says(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with duckdb.connect("shop.duckdb") as con:
        con.execute("CREATE TABLE orders (order_id TEXT, customer_id TEXT, order_date DATE, amount DECIMAL(12, 2))")
        con.execute("INSERT INTO orders VALUES ('A1', 'C1', '2024-01-05', 100), ('A2', 'C2', '2024-01-06', -1)")
    (block,) = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    exec(compile(block, "docs/databases.md", "exec"), {})  # noqa: S102 - our own page
    with open_store("crm.store") as store:
        assert store.snapshot.tables["transactions"] == 1
        assert store.snapshot.tables["customers"] == 2


@pytest.mark.parametrize("scheme", ["postgresql", "mysql", "mariadb", "sqlite", "duckdb"])
def test_every_kind_of_database_is_on_the_page(scheme):
    assert scheme.lower() in PAGE.lower()
