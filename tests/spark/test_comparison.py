"""The comparison of two answers finds what differs, and nothing else."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pyarrow as pa
import pytest

from tests.spark.comparison import differences

ROWS = [
    {"customer": "王五", "spend": Decimal("0.10"), "share": 0.1 + 0.2, "first_on": date(2024, 2, 29), "visits": 3},
    {"customer": None, "spend": None, "share": None, "first_on": None, "visits": None},
    {"customer": "王五", "spend": Decimal("0.20"), "share": 0.5, "first_on": date(2024, 2, 29), "visits": 3},
]


def table(rows: list[dict]) -> pa.Table:
    return pa.Table.from_pylist(rows)


def test_order_and_the_last_bits_of_floats_decide_nothing():
    other = [row | {"share": 0.3 if row["spend"] == Decimal("0.10") else row["share"]} for row in reversed(ROWS)]
    assert differences(table(ROWS), table(other)) == []


def test_how_a_column_is_stored_decides_nothing():
    other = table(ROWS)
    other = other.set_column(4, "visits", other["visits"].cast(pa.int8()))
    other = other.set_column(1, "spend", other["spend"].cast(pa.decimal128(38, 4)))
    assert differences(table(ROWS), other) == []


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("spend", Decimal("0.11")),
        ("spend", None),
        ("share", 0.3000001),
        ("share", float("nan")),
        ("share", None),
        ("first_on", date(2024, 3, 1)),
        ("customer", "王六"),
        ("visits", 4),
    ],
)
def test_another_value_is_found(column: str, value: object):
    assert len(differences(table(ROWS), table([ROWS[0] | {column: value}, *ROWS[1:]]))) >= 1


@pytest.mark.parametrize(
    ("column", "value"),
    [("first_on", datetime(2024, 2, 29, tzinfo=UTC)), ("spend", 0.1), ("visits", "3"), ("visits", 3.0)],
)
def test_another_kind_of_value_is_found(column: str, value: object):
    other = [row | {column: None if row[column] is None else value} for row in ROWS]
    assert differences(table(ROWS), table(other)) != []


def test_a_row_too_few_another_name_or_another_order_of_columns_is_found():
    assert differences(table(ROWS), table(ROWS[:2])) != []
    assert differences(table(ROWS), table([ROWS[0], ROWS[0], ROWS[1]])) != []
    assert differences(table(ROWS), table(ROWS).rename_columns(["a", "b", "c", "d", "e"])) != []
    assert differences(table(ROWS), table(ROWS).select([1, 0, 2, 3, 4])) != []


def test_several_values_in_a_cell_are_a_set():
    some, same, fewer = (pa.table({"bought": [values]}) for values in (["保养", "保险"], ["保险", "保养"], ["保险"]))
    assert differences(some, same) == []
    assert differences(some, fewer) != []
