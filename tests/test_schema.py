"""The canonical tables hold together: keys are columns, names and phones never reach a dashboard unmasked."""

from __future__ import annotations

import pytest

from workbench.schema import SQL_TYPES, TABLES, SchemaColumn


@pytest.mark.parametrize("table", TABLES.values(), ids=lambda table: table.name)
def test_keys_and_alternatives_name_columns_of_the_table(table):
    named = {*table.key, *(name for group in table.one_of for name in group)}
    assert named <= set(table.names)
    assert len(set(table.names)) == len(table.names)
    assert all(column.type in SQL_TYPES for column in table.columns)


@pytest.mark.parametrize("table", TABLES.values(), ids=lambda table: table.name)
def test_what_identifies_a_person_directly_is_never_published_as_it_is(table):
    direct = {
        "customer_id",
        "name",
        "phone",
        "email",
        "address",
        "id_number",
        "birthday",
        "comment",
        "narrative",
        "note",
    }
    assert [column.name for column in table.columns if column.name in direct and column.personal == "no"] == []


def test_a_column_is_found_by_its_name():
    assert TABLES["transactions"].column("amount") == SchemaColumn("amount", "money")
    with pytest.raises(KeyError):
        TABLES["transactions"].column("colour")
