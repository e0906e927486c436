"""The quality of data counted: sums in the head, what is blank, who may be whom, which sources contradict."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.analyses.rows import records, table
from workbench.errors import ChoiceError
from workbench.topics.data_quality.query import (
    age_of_customers,
    changed_orders,
    changed_values,
    column_fill,
    column_fill_by,
    duplicate_members,
    duplicate_sets,
    rejected_rows,
)

AS_OF = date(2025, 12, 31)
PEOPLE = {
    "customer_id": "string",
    "name": "string",
    "phone": "string",
    "email": "string",
    "entered_department": "string",
}
ROWS = [
    ("a001", "王芳", "138-0000-0001", "w@x.cn", "销售部"),
    ("A001", "李雷", None, " W@X.CN ", "销售部"),
    ("0a001", "韩梅", "+86 138 0000 0001", None, "客服部"),
    ("b2", "王芳", "13800000001", "  ", None),
    ("c3", None, "12345", None, None),
    ("d4", None, "12345", None, None),
]


def people(rows=ROWS):
    return table("people", PEOPLE, rows)


def test_blank_text_fills_nothing_and_columns_keep_their_order():
    rows = records(column_fill(people(), columns=("phone", "email", "name")))
    assert [(row["column_name"], row["row_count"], row["filled_count"], row["blank_count"]) for row in rows] == [
        ("phone", 6, 5, 1),
        ("email", 6, 2, 4),
        ("name", 6, 4, 2),
    ]


def test_each_department_is_counted_and_who_has_none_is_a_group():
    rows = records(column_fill_by(people(), by="entered_department", columns=("email", "phone")))
    counts = {(row["group_name"], row["column_name"]): (row["row_count"], row["filled_count"]) for row in rows}
    assert counts == {
        ("销售部", "email"): (2, 2),
        ("销售部", "phone"): (2, 1),
        ("客服部", "email"): (1, 0),
        ("客服部", "phone"): (1, 1),
        (None, "email"): (3, 0),
        (None, "phone"): (3, 3),
    }


def test_near_duplicates_share_a_phone_a_mail_address_name_and_phone_or_nearly_an_id():
    members: dict[str, set[str]] = {}
    for row in records(duplicate_members(people())):
        members.setdefault(row["kind"], set()).add(row["customer_id"])
    assert members == {
        "phone": {"a001", "0a001", "b2"},
        "email": {"a001", "A001"},
        "name_phone": {"a001", "b2"},
        "id_spelling": {"a001", "A001", "0a001"},
    }
    sets = {
        row["kind"]: (row["set_count"], row["customer_count"])
        for row in records(duplicate_sets(duplicate_members(people())))
    }
    assert sets == {"phone": (1, 3), "email": (1, 2), "name_phone": (1, 2), "id_spelling": (1, 3)}


def test_a_customer_is_no_double_of_their_own_row_and_zeros_alone_are_an_id():
    twice = [
        ("000", "王芳", "13800000001", None, None),
        ("00", "王芳", None, None, None),
        ("1", "李", None, None, None),
    ]
    assert [row["customer_id"] for row in records(duplicate_members(people(twice)))] == []


@given(st.lists(st.sampled_from(["007", "7", "x", "X", "0x", "y"]), unique=True, max_size=6))
def test_whoever_is_in_a_set_shares_it_with_somebody(ids: list[str]):
    rows = records(duplicate_members(people([(one, None, None, None, None) for one in ids])))
    expected = [one for one in ids if sum(one.lower().lstrip("0") == other.lower().lstrip("0") for other in ids) > 1]
    assert sorted(row["customer_id"] for row in rows) == sorted(expected)


def test_a_sign_of_life_is_the_latest_event_and_a_year_ends_on_the_day_itself():
    customers = table("known", {"customer_id": "string", "updated_on": "date"}, [
        ("new", None), ("edge", None), ("old", None), ("kept", date(2025, 5, 1)),
        ("none", None), ("later", date(2026, 1, 1)),
    ])  # fmt: skip
    days = {"new": date(2025, 1, 1), "edge": date(2024, 12, 31), "old": date(2023, 12, 31), "kept": date(2020, 1, 1)}
    sales = table("sold", {"customer_id": "string", "day": "date"}, [*days.items(), (None, AS_OF)])
    ages = {row["customer_id"]: row["age"] for row in records(age_of_customers(customers, [sales], as_of=AS_OF))}
    assert ages == {
        "new": "recent",
        "edge": "ageing",
        "old": "older",
        "kept": "recent",
        "none": "never",
        "later": "never",
    }


def test_lists_contradict_each_other_where_two_values_differ_and_not_where_one_is_blank():
    lists = table("lists", {"customer_id": "string", "region": "string", "phone": "string"}, [
        ("1", "华东", "1"), ("1", "华南", None), ("2", "华东", "2"), ("2", None, "2"),
    ])  # fmt: skip
    rows = records(changed_values(lists, columns=("region", "phone")))
    assert {row["column_name"]: row["customer_count"] for row in rows} == {"region": 1, "phone": 0}


def test_an_order_contradicts_itself_between_two_files_and_not_between_its_lines():
    columns = {
        "customer_id": "string",
        "order_id": "string",
        "source_id": "int64",
        "amount": "decimal(18, 2)",
        "is_cancelled": "boolean",
    }
    lines = table("lines", columns, [
        ("1", "A", 1, 10, False), ("1", "A", 1, 5, False), ("1", "A", 2, 15, False),
        ("1", "B", 1, 10, False), ("1", "B", 2, 12, False),
        ("2", "B", 1, 99, False), (None, "C", 1, 1, False), (None, "C", 2, 2, False),
    ])  # fmt: skip
    assert records(changed_orders(lines)) == [{"set_count": 2, "customer_count": 1}]


def test_a_row_rejected_twice_for_one_reason_is_one_row():
    columns = dict.fromkeys(("file", "sheet", "table_name", "column_name", "reason"), "string")
    rejects = table("rejects", {"source_id": "int64", "line": "int64", **columns}, [
        (1, 2, "a.csv", None, "customers", "birthday", "not_date"),
        (1, 2, "a.csv", None, "customers", "birthday", "not_date"),
        (1, 3, "a.csv", None, "customers", "birthday", "not_date"),
    ])  # fmt: skip
    (row,) = records(rejected_rows(rejects))
    assert (row["file"], row["reason"], row["row_count"]) == ("a.csv", "not_date", 2)


def test_an_unknown_column_is_named_with_those_there_are():
    with pytest.raises(ChoiceError, match=r"fax.*customer_id"):
        column_fill(people(), columns=("fax",))
    with pytest.raises(ChoiceError, match="Name at least one"):
        column_fill(people(), columns=())
