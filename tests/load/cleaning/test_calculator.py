"""Short questions about values are asked of one database, each of a connection of its own."""

from __future__ import annotations

import os

import duckdb
import pytest

from workbench.load.cleaning.calculator import calculator
from workbench.load.cleaning.clean import clean_values


def test_what_one_question_made_is_gone_for_the_next():
    with calculator() as con:
        con.execute("CREATE TEMP TABLE judged AS SELECT 1 AS place")
        with calculator() as other, pytest.raises(duckdb.CatalogException):
            other.execute("FROM judged")
    with calculator() as con:
        con.execute("CREATE TEMP TABLE judged AS SELECT 2 AS place")
        assert con.execute("FROM judged").fetchall() == [(2,)]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_a_forked_process_asks_a_database_of_its_own():
    """That of the process it came from has a lock which nobody there may ever open again."""
    clean_values(["1"], "money")
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        os.write(write, str(clean_values(["1.5"], "money")).encode())
        os._exit(0)
    os.waitpid(child, 0)
    assert os.read(read, 100) == b"[(Decimal('1.50'), None)]"


def test_a_list_of_values_that_is_changed_afterwards_changes_no_later_answer():
    first = clean_values(["1", "x"], "money")
    first.clear()
    assert [reason for _, reason in clean_values(["1", "x"], "money")] == [None, "not_money"]
