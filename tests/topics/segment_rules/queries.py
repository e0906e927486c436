"""Rules on any columns asked on Spark: every operator, on columns of every kind, text read as numbers and days."""

from __future__ import annotations

from typing import Any

import ibis.expr.types as ir

from tests.spark.company import Tables
from workbench.analyses.rules.columns import rule_columns, rule_table
from workbench.analyses.rules.examples import RULE_EXAMPLES, column_values, rule_example
from workbench.analyses.rules.segmentation import RuleSegmentation
from workbench.topics.segment_rules.query import rule_rows, rule_sets


def _rules(**conditions: dict[str, Any]) -> RuleSegmentation:
    names = {"en": "ours", "zh": "自定"}
    listed = [{"id": name, "names": {"en": name, "zh": name}, "when": when} for name, when in conditions.items()]
    return RuleSegmentation.from_dict({"names": names, "rules": listed})


def _test(column: str, operator: str, value: Any = None) -> dict[str, Any]:
    return {"column": column, "is": operator} if value is None else {"column": column, "is": operator, "value": value}


OF_TEXT = _rules(
    missing=_test("usage", "missing"),
    named=_test("name", "contains", "O'BRIEN"),
    listed=_test("region", "in", ["城东", "A/B"]),
    not_listed=_test("region", "not_in", ["城西", "城南", ""]),
    not_known={"not": _test("region", "missing")},
)
OF_NUMBERS_IN_TEXT = _rules(
    three=_test("car_count", "in", [3, 7]),
    many=_test("car_count", "at_least", 100),
    few=_test("car_count", "between", {"from": 1, "to": 5}),
    below=_test("car_count", "below", 1),
    unread={"not": _test("car_count", "missing")},
)
OF_DAYS_IN_TEXT = _rules(
    leap_day=_test("car_bought_on", "between", {"from": "2024-02-29", "to": "2024-02-29"}),
    young=_test("car_bought_on", "age_years", {"to": 1}),
    later=_test("car_bought_on", "days_until", {"from": 0}),
    old=_test("car_bought_on", "below", "2020-01-01"),
    known=_test("car_bought_on", "at_least", "1000-01-01"),
)
OF_FACTS = _rules(
    birthday=_test("birthday", "age_years", {"from": 1, "to": 38}),
    loss=_test("margin", "below", 0),
    giant=_test("monetary", "at_least", 1_000_000.5),
    regular={"all": [_test("monthly_monetary", "at_least", 100), _test("order_count", "between", {"from": 3})]},
    lately={"any": [_test("last_on", "at_least", "2025-06-01"), _test("recency_days", "in", [0, 1])]},
)
OF_LINES = _rules(
    both={"all": [_test("bought.category", "in", ["保养"]), _test("bought.category", "in", ["保险", "A.B"])]},
    neither=_test("bought.category", "not_in", ["保养"]),
    spent=_test("spent.category.保养", "at_least", 500),
    unnamed=_test("bought.category", "missing"),
    part=_test("bought.channel", "contains", "店"),
)


def rules_on_text(tables: Tables) -> ir.Table:
    return OF_TEXT.assign(tables.ground)


def rules_on_numbers_in_text(tables: Tables) -> ir.Table:
    return OF_NUMBERS_IN_TEXT.assign(tables.ground)


def rules_on_days_in_text(tables: Tables) -> ir.Table:
    return OF_DAYS_IN_TEXT.assign(tables.ground)


def rules_on_facts(tables: Tables) -> ir.Table:
    return OF_FACTS.assign(tables.ground)


def rules_on_lines(tables: Tables) -> ir.Table:
    return OF_LINES.assign(tables.ground)


def sets_of_rules_met(tables: Tables) -> ir.Table:
    return rule_sets(OF_FACTS, rule_rows(OF_FACTS, tables.ground), as_of=tables.as_of)


def sets_of_no_rule(tables: Tables) -> ir.Table:
    return rule_sets(_rules(), rule_rows(_rules(), tables.ground), as_of=tables.as_of)


def every_column_a_rule_may_look_at(tables: Tables) -> ir.Table:
    return rule_table(tables.ground, [column.name for column in rule_columns(tables.ground) if column.name[-1] != "."])


def values_of_a_column(tables: Tables) -> ir.Table:
    return column_values(rule_table(tables.ground, ["region"]), "region")


def values_of_a_column_of_several(tables: Tables) -> ir.Table:
    return column_values(rule_table(tables.ground, ["bought.category"]), "bought.category")


def every_example_that_comes_with_the_workbench(tables: Tables) -> ir.Table:
    rows = tables.facts.select("customer_id")
    for name in RULE_EXAMPLES:
        rules = rule_example(name).rules(["城东", "营运"])
        if set(rules.columns) <= {column.name for column in rule_columns(tables.ground)}:
            assigned = rules.assign(tables.ground).select("customer_id", **{name: "segment"})
            rows = rows.left_join(assigned, "customer_id").drop("customer_id_right")
    return rows
