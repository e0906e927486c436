"""Rule segments: the first rule that fits decides, on any column; what cannot be is said, and the logic holds."""

from __future__ import annotations

import tomllib
from datetime import date
from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from tests.analyses.rows import bought, records, table
from tests.analyses.segmentation_laws import assert_equals_are_equal, assert_laws, ground
from workbench.analyses.facts import customer_facts
from workbench.analyses.rules.asking import met
from workbench.analyses.rules.audit import audit_segments
from workbench.analyses.rules.columns import missing_columns, rule_columns, rule_table
from workbench.analyses.rules.conditions import AllOf, AnyOf, Not, Span, Test, formula, when_dict, when_from
from workbench.analyses.rules.contradictions import can_hold
from workbench.analyses.rules.examples import RULE_EXAMPLES, column_values, rule_example, rules_for_values
from workbench.analyses.rules.rule import Rule
from workbench.analyses.rules.segmentation import RuleSegmentation, rules_from_toml
from workbench.analyses.segmentation import Ground, segment_sizes
from workbench.errors import ChoiceError
from workbench.topics.segment_rules.query import RuleCounts, rule_rows, rule_sets, rule_sizes

DAY = date(2024, 12, 31)
PEOPLE = {
    "customer_id": "VARCHAR",
    "name": "VARCHAR",
    "customer_type": "VARCHAR",
    "birthday": "DATE",
    "car_model": "VARCHAR",
    "car_bought_on": "VARCHAR",
    "car_count": "VARCHAR",
    "usage": "VARCHAR",
    "segment": "VARCHAR",
}
CARS = [
    # id, name, type, birthday, model, bought on, cars, usage, a column that is called as ours
    ("C1", "王一", "个人", date(1985, 5, 1), "哈弗 H6 越野", "2022-01-01", "1", "非营运", "老"),
    ("C2", "王二", "个人", date(1992, 2, 29), "哈弗 H6 越野", "2020/12/31", "2", "非营运", None),
    ("C3", "顺达", "企业", None, "轻卡", "2021年12月31日", "12", "营运", ""),
    ("C4", "王四", None, None, None, "不详", "", None, "新"),
]
LINES = [
    bought("C1", "2024-01-05", 300, order_id="A1", product_id="P1"),
    bought("C1", "2024-03-05", 100, order_id="A2", product_id="P2"),
    bought("C2", "2024-05-05", 200, order_id="A3", product_id="P1"),
    bought("C3", "2024-06-05", 1000, order_id="A4", product_id="P3"),
    bought("C3", "2024-07-05", -300, order_id="A5", product_id="P3"),
    bought("C4", "2024-12-05", 50, order_id="A6"),
]


def company(*lines, people=CARS, as_of=DAY) -> Ground:
    from tests.analyses.rows import transactions

    sales, customers = transactions(*lines), table("customers", PEOPLE, people)
    tables = {"transactions": sales, "customers": customers}
    return Ground(as_of, customer_facts(sales, as_of=as_of, customers=customers), tables.__getitem__)


@pytest.fixture
def cars():
    return company(*LINES)


def rules(*conditions, others=None):
    """Rules r1, r2 … with these conditions."""
    listed = [
        Rule(f"r{place}", {"en": f"Rule {place}", "zh": f"规则{place}"}, when)
        for place, when in enumerate(conditions, start=1)
    ]
    return RuleSegmentation({"en": "Rules", "zh": "规则"}, tuple(listed), **({"others": others} if others else {}))


def who(when, cars) -> str:
    """The customers who meet a condition, e.g. "13" for C1 and C3."""
    return "".join(
        sorted(row["customer_id"][1:] for row in records(rules(when).assign(cars)) if row["segment"] == "r1")
    )


# One condition ------------------------------------------------------------------------------------------------------


LETS_IN = [
    (Test("customer_type", "in", ("个人",)), "12"),
    (Test("customer_type", "not_in", ("个人",)), "3"),  # who has no type known is in no list and out of none
    (Not(Test("customer_type", "in", ("个人",))), "34"),
    (Test("customer_type", "in", ()), ""),
    (Test("customer_type", "not_in", ()), "123"),
    (Test("customer_type", "missing"), "4"),
    (Test("segment", "missing"), "23"),  # an empty text says nothing
    (Test("car_model", "contains", "h6"), "12"),
    (Test("monetary", "at_least", 400), "13"),
    (Test("monetary", "below", 400), "24"),
    (Test("monetary", "above", 400), "3"),
    (Test("birthday", "above", "1985-05-01"), "2"),
    (Test("monetary", "between", Span(200, 400)), "12"),
    (Test("monetary", "between", Span(None, 199)), "4"),
    (Test("monetary", "in", (200, 50)), "24"),
    (Test("car_count", "at_least", 2), "23"),  # text that says a number
    (Test("car_count", "in", (12,)), "3"),
    (Test("car_count", "in", ("12",)), "3"),
    (Test("birthday", "between", Span("1980-01-01", "1989-12-31")), "1"),
    (Test("birthday", "age_years", Span(39, 39)), "1"),
    (Test("birthday", "at_least", "1990-01-01"), "2"),
    (Test("car_bought_on", "age_years", Span(0, 2)), "1"),  # 2021-12-31 is three years ago today
    (Test("car_bought_on", "age_years", Span(3, None)), "23"),
    (Test("last_on", "days_until", Span(-30, 0)), "4"),
    (Test("last_on", "in", ("2024-05-05",)), "2"),
    (Test("bought.product_id", "in", ("P1", "P9")), "12"),
    (Test("bought.product_id", "not_in", ("P1",)), "3"),
    (Test("bought.product_id", "missing"), "4"),
    (Test("bought.product_id", "contains", "p"), "123"),
    (Test("spent.product_id.P3", "between", Span(700, 700)), "3"),  # the refund is taken off
    (Test("spent.product_id.P3", "below", 1), "124"),  # who has no line spent nothing
    (Test("monthly_monetary", "between", Span(50, 50)), "4"),  # 50 in the one month of December
    (Test("customer_id", "contains", "c1"), "1"),
    (AllOf(()), "1234"),
    (AnyOf(()), ""),
    (AllOf((Test("usage", "in", ("非营运",)), Not(Test("birthday", "below", "1990-01-01")))), "2"),
    (AnyOf((Test("usage", "missing"), Test("monetary", "at_least", 700))), "34"),
]


@pytest.fixture(scope="module")
def let_in():
    """Whom each condition of LETS_IN lets in, asked at once: the customers' digits by the condition's place."""
    cars = company(*LINES)
    rows = rule_table(cars, rules(*[when for when, _ in LETS_IN]).columns)
    asked = {str(place): met(when, rows, as_of=DAY) for place, (when, _) in enumerate(LETS_IN)}
    found = records(rows.select("customer_id", **asked).order_by("customer_id"))
    return {int(place): "".join(row["customer_id"][1:] for row in found if row[place]) for place in asked}


@pytest.mark.parametrize("place", range(len(LETS_IN)), ids=[formula(when) for when, _ in LETS_IN])
def test_a_condition_lets_in(place, let_in):
    assert let_in[place] == LETS_IN[place][1]


@pytest.mark.parametrize(
    ("today", "customers"), [(date(2027, 2, 28), "1"), (date(2027, 3, 1), "12"), (date(2028, 2, 29), "12")]
)
def test_a_birthday_on_the_29th_of_february_is_had_on_the_1st_of_march(today, customers):
    people = [("C1", *[None] * 2, date(1985, 5, 1), *[None] * 5), ("C2", *[None] * 2, date(1992, 2, 29), *[None] * 5)]
    cars = company(*LINES[:3], people=people, as_of=today)
    assert who(Test("birthday", "age_years", Span(35)), cars) == customers


def test_a_warranty_counts_its_last_day():
    people = [("C1", *[None] * 4, "2024-12-31", *[None] * 3), ("C2", *[None] * 4, "2024-12-30", *[None] * 3)]
    assert who(Test("car_bought_on", "days_until", Span(0)), company(*LINES[:3], people=people)) == "1"


# Rules in order -----------------------------------------------------------------------------------------------------

ORDERED = rules(
    Test("car_model", "contains", "越野"),
    Test("monetary", "at_least", 400),
    Test("usage", "in", ("营运",)),
    AllOf((Test("monetary", "at_least", 400), Test("monetary", "below", 300))),
)


def test_the_first_rule_that_fits_decides_and_the_evidence_says_why(cars):
    found = assert_laws(ORDERED, cars)
    assert {key: row["segment"] for key, row in found.items()} == {"C1": "r1", "C2": "r1", "C3": "r2", "C4": "others"}
    assert found["C3"] == {
        "customer_id": "C3", "segment": "r2", "car_model": "轻卡", "monetary": 700, "usage": "营运", "rule": "r2"
    }  # fmt: skip
    assert found["C4"]["rule"] is None


def test_equal_customers_are_equal(cars):
    assert_equals_are_equal(ORDERED, cars)


def test_a_column_that_is_called_as_ours_is_evidence_under_its_full_name(cars):
    found = assert_laws(rules(Test("segment", "in", ("老",))), cars)
    assert found["C1"]["segment"] == "r1"
    assert found["C1"]["customers.segment"] == "老"


def test_the_counts_are_those_of_the_assignment_for_every_order_of_the_rules(cars):
    counts = RuleCounts.read([rule.id for rule in ORDERED.rules], sets(ORDERED, cars))
    for order in list(permutations(["r1", "r2", "r3", "r4"]))[::5]:
        asked = ORDERED.reordered(order)
        expected = records(segment_sizes(asked.assign(cars), cars.facts))
        assert_same(rule_sizes(counts, rules=asked).to_dict("records"), expected)


def sets(asked, cars):
    return arrays(rule_sets(asked, rule_rows(asked, cars), as_of=cars.as_of))


def arrays(expression):
    return {name: column.to_numpy() for name, column in zip(*columns_of(expression), strict=True)}


def columns_of(expression):
    found = expression.to_pyarrow()
    return found.column_names, found.columns


def assert_same(found, expected):
    assert len(found) == len(expected)
    for one, other in zip(found, expected, strict=True):
        for name, value in other.items():
            if isinstance(value, str):
                assert one[name] == value
            else:
                assert one[name] == pytest.approx(None if value is None else float(value), nan_ok=True) or value is None


def test_the_audit_names_what_is_impossible_empty_taken_and_overlapping(cars):
    asked = rules(
        Test("car_model", "contains", "越野"),
        AllOf((Test("monetary", "at_least", 400), Test("monetary", "below", 300))),
        Test("customer_type", "in", ("集团",)),
        Test("birthday", "age_years", Span(39, 39)),
        Test("monetary", "at_least", 300),
    )
    audit = audit_segments(asked, counts=RuleCounts.read([rule.id for rule in asked.rules], sets(asked, cars)))
    assert (audit.contradictory, audit.empty, audit.taken) == (("r2",), ("r3",), ("r4",))
    assert audit.ambiguous_customers == 1  # C1 meets r1, r4 and r5
    assert audit.pairs == (("r1", "r4", 1), ("r1", "r5", 1), ("r4", "r5", 1))
    assert (audit.customer_count, audit.covered, audit.uncovered_customers) == (4, 3, 1)
    assert audit.unconditional == ()


def test_a_rule_without_a_condition_takes_everyone_and_the_audit_says_so(cars):
    asked = rules(AllOf(()), Test("usage", "in", ("营运",)))
    audit = audit_segments(asked, counts=RuleCounts.read(["r1", "r2"], sets(asked, cars)))
    assert (audit.unconditional, audit.taken, audit.uncovered_customers) == (("r1",), ("r2",), 0)


# Edges --------------------------------------------------------------------------------------------------------------


def test_without_rules_everyone_is_among_the_others(cars):
    assert {row["segment"] for row in assert_laws(rules(), cars).values()} == {"others"}
    assert rule_sizes(RuleCounts.read([], sets(rules(), cars)), rules=rules())["customer_count"].sum() == 4


@pytest.mark.parametrize(
    "lines",
    [[], LINES[:1], [bought("C1", "2024-01-05", 10), bought("C1", "2024-02-05", -50)]],
    ids=["none", "one", "negative"],
)
def test_nobody_one_customer_and_a_negative_net_value_keep_the_laws(lines):
    cars = company(*lines)
    assert_laws(ORDERED, cars)
    counts = RuleCounts.read([rule.id for rule in ORDERED.rules], sets(ORDERED, cars))
    sizes = rule_sizes(counts, rules=ORDERED)
    assert_same(sizes.to_dict("records"), records(segment_sizes(ORDERED.assign(cars), cars.facts)))


def test_all_equal_customers_share_one_segment():
    equal = ground(*[bought(f"C{n}", "2024-05-05", 100) for n in range(5)], as_of=DAY)
    assert len({row["segment"] for row in assert_laws(rules(Test("monetary", "at_least", 100)), equal).values()}) == 1


# What cannot be -----------------------------------------------------------------------------------------------------


def test_a_column_that_vanished_is_named_with_its_rule(cars):
    with pytest.raises(ChoiceError) as refusal:
        rules(Test("usage", "missing"), Test("爱好", "in", ("户外",))).assign(cars)
    for lang in ("zh", "en"):
        assert "爱好" in refusal.value.words(lang)
        assert "Rule 2 / 规则2" in refusal.value.words(lang)
    assert missing_columns(cars, ["usage", "爱好", "bought.mood", "spent.product_id."]) == [
        "爱好", "bought.mood", "spent.product_id."
    ]  # fmt: skip


@pytest.mark.parametrize(
    "when",
    [
        Test("monetary", "age_years", Span(1, 2)),
        Test("birthday", "at_least", 3),
        Test("monetary", "in", ("many",)),
        Test("birthday", "in", ("soon",)),
        Test("bought.product_id", "at_least", 3),
    ],
    ids=formula,
)
def test_what_a_column_cannot_be_asked_is_said_with_the_rule(when, cars):
    with pytest.raises(ChoiceError) as refusal:
        rules(AllOf(()), when).assign(cars)
    assert refusal.value.facts["rule"] == "Rule 2 / 规则2"
    assert when.column in refusal.value.words("zh")


@pytest.mark.parametrize("column", ["customer_id", "name", "phone"])
def test_a_rule_does_not_single_out_customers_by_what_names_them(column):
    with pytest.raises(ChoiceError, match=column):
        rules(AnyOf((Not(Test(column, "in", ("C1",))),)))
    assert rules(Test(column, "missing"), Test(column, "contains", "公司"))


BAD = [
    (3, "rule_condition"),
    ({}, "rule_condition"),
    ({"all": 3}, "rule_condition"),
    ({"all": [], "any": []}, "rule_condition"),
    ({"column": "", "is": "missing"}, "rule_condition"),
    ({"column": "usage", "is": "missing", "sql": "1=1"}, "rule_condition"),
    ({"column": "usage", "is": "like"}, "unknown_choice"),
    ({"column": "usage", "is": "in", "value": "营运"}, "rule_value"),
    ({"column": "usage", "is": "in", "value": [["营运"]]}, "rule_value"),
    ({"column": "usage", "is": "in", "value": list(range(1001))}, "rule_value"),
    ({"column": "usage", "is": "missing", "value": 1}, "rule_value"),
    ({"column": "usage", "is": "contains", "value": ""}, "rule_value"),
    ({"column": "monetary", "is": "at_least", "value": "many"}, "rule_value"),
    ({"column": "monetary", "is": "at_least", "value": float("nan")}, "rule_value"),
    ({"column": "monetary", "is": "at_least", "value": True}, "rule_value"),
    ({"column": "monetary", "is": "between", "value": {}}, "rule_value"),
    ({"column": "monetary", "is": "between", "value": {"from": 1, "until": 2}}, "rule_value"),
    ({"column": "monetary", "is": "between", "value": {"from": 1, "to": "2024-12-31"}}, "rule_value"),
    ({"column": "birthday", "is": "age_years", "value": {"from": 1.5}}, "rule_value"),
    ({"column": "birthday", "is": "age_years", "value": {"from": "1980-01-01"}}, "rule_value"),
]


@pytest.mark.parametrize(("given", "key"), BAD, ids=lambda value: str(value)[:60])
def test_what_is_no_condition_is_refused_and_says_in_which_rule(given, key):
    written = {
        "names": {"en": "a", "zh": "b"},
        "rules": [{"id": "车主", "names": {"en": "Owner", "zh": "车主"}, "when": given}],
    }
    with pytest.raises(ChoiceError) as refusal:
        RuleSegmentation.from_dict(written)
    assert (refusal.value.key, refusal.value.facts["rule"]) == (key, "Owner / 车主")
    assert refusal.value.words("zh")


def test_rules_nested_without_end_are_refused():
    deep: dict = {"all": []}
    for _ in range(100):
        deep = {"not": deep}
    with pytest.raises(ChoiceError):
        when_from(deep)


NAMED = {"en": "a", "zh": "b"}
ALL, MANY = {"all": []}, range(51)


@pytest.mark.parametrize(
    ("given", "key"),
    [
        ({"rules": []}, "rule_names"),
        ({"names": {"en": "a"}}, "rule_names"),
        ({"names": NAMED, "rules": 3}, "rules_form"),
        ({"names": NAMED, "rules": ["r"]}, "rules_form"),
        ({"names": NAMED, "rules": [{"names": NAMED}]}, "rule_id"),
        ({"names": NAMED, "rules": [{"id": "a b", "names": NAMED, "when": {"all": []}}]}, "rule_id"),
        ({"names": NAMED, "rules": [{"id": "others", "names": NAMED, "when": {"all": []}}]}, "rule_twice"),
        ({"names": NAMED, "rules": [{"id": "r", "names": NAMED, "when": {"all": []}}] * 2}, "rule_twice"),
        ({"names": NAMED, "rules": [{"id": f"r{n}", "names": NAMED, "when": ALL} for n in MANY]}, "rules_too_many"),
    ],
    ids=lambda value: str(value)[:60],
)  # fmt: skip
def test_what_are_no_rules_is_refused_in_words(given, key):
    with pytest.raises(ChoiceError) as refusal:
        RuleSegmentation.from_dict(given)
    assert refusal.value.key == key
    assert refusal.value.words("zh")


@pytest.mark.parametrize("text", ["rules = [", 'kind = "rfm"\nnames = {en = "a", zh = "b"}', "a = " + "[" * 5000])
def test_a_file_that_is_no_rules_is_refused_in_words(text):
    with pytest.raises(ChoiceError) as refusal:
        rules_from_toml(text)
    assert refusal.value.words("zh")


# Laws ---------------------------------------------------------------------------------------------------------------

MODELS, TYPES = ["哈弗 H6 越野", "轻卡", ""], ["个人", "企业"]
tests = some.one_of(
    some.builds(Test, some.just("customer_type"), some.sampled_from(["in", "not_in"]),
                some.lists(some.sampled_from(TYPES), max_size=2, unique=True).map(tuple)),
    some.builds(Test, some.sampled_from(["customer_type", "birthday", "car_count"]), some.just("missing")),
    some.builds(Test, some.just("car_model"), some.just("contains"), some.sampled_from(["h6", "卡"])),
    some.builds(Test, some.sampled_from(["monetary", "car_count"]), some.sampled_from(["at_least", "below"]),
                some.integers(0, 4)),
    some.builds(Test, some.sampled_from(["monetary", "car_count"]), some.just("between"),
                some.builds(Span, some.integers(0, 4), some.integers(0, 4))),
    some.builds(Test, some.just("birthday"), some.just("age_years"),
                some.builds(Span, some.integers(0, 3), some.none())),
    some.builds(Test, some.just("car_count"), some.just("in"),
                some.lists(some.sampled_from(["1", "2", 1, 2]), max_size=1).map(tuple)),
    some.builds(Test, some.just("bought.product_id"), some.sampled_from(["in", "not_in"]),
                some.lists(some.sampled_from(["P1", "P2"]), max_size=2).map(tuple)),
)  # fmt: skip
conditions = some.recursive(
    tests,
    lambda parts: some.one_of(
        some.builds(Not, parts),
        some.builds(AllOf, some.lists(parts, max_size=3).map(tuple)),
        some.builds(AnyOf, some.lists(parts, max_size=3).map(tuple)),
    ),
    max_leaves=5,
)
companies = some.lists(
    some.tuples(
        some.sampled_from([*TYPES, None]),
        some.sampled_from([None, date(2022, 12, 31), date(2023, 1, 1), date(2024, 2, 29)]),
        some.sampled_from([*MODELS, None]),
        some.sampled_from(["1", "2", "3", "", "不详", None]),
        some.sampled_from(["P1", "P2", None]),
        some.integers(1, 5),
    ),
    min_size=1,
    max_size=6,
)


def build(customers) -> Ground:
    lines, people = [], []
    for number, (kind, birthday, model, count, product, amount) in enumerate(customers):
        lines.append(bought(f"C{number}", "2024-05-05", amount, product_id=product))
        people.append((f"C{number}", f"王{number}", kind, birthday, model, None, count, None, None))
    return company(*lines, people=people)


@settings(max_examples=8)
@given(customers=companies, listed=some.lists(conditions, max_size=3))
def test_any_rules_keep_the_laws_and_the_counts_agree(customers, listed):
    cars, asked = build(customers), rules(*listed)
    found = assert_laws(asked, cars)
    alike: dict[tuple, set[str]] = {}
    for number, customer in enumerate(customers):
        alike.setdefault(customer, set()).add(found[f"C{number}"]["segment"])
    assert all(len(segments) == 1 for segments in alike.values())
    counts = RuleCounts.read([rule.id for rule in asked.rules], sets(asked, cars))
    assert_same(
        rule_sizes(counts, rules=asked).to_dict("records"), records(segment_sizes(asked.assign(cars), cars.facts))
    )
    audit = audit_segments(asked, counts=counts)
    assert audit.covered + audit.uncovered_customers == audit.customer_count == len(customers)
    assert all(counts.matches()[one] == 0 for one in audit.contradictory)  # what cannot hold, holds for nobody


@settings(max_examples=20)
@given(customers=companies, one=conditions, two=conditions)
def test_the_laws_of_logic_hold_whatever_is_unknown(customers, one, two):
    cars = build(customers)
    rows = rule_table(cars, rules(one, two).columns)

    def asked(when):
        return met(when, rows, as_of=DAY)

    def differ(left, right):  # as numbers: Ibis 12 writes NOT x IS NULL and NOT x <> y without the brackets they need
        return asked(left).ifelse(1, 0) != asked(right).ifelse(1, 0)

    (found,) = records(
        rows.aggregate(
            unknown=rows.count() - rows.count(where=asked(one)) - rows.count(where=asked(Not(one))),
            twice=rows.count(where=differ(Not(Not(one)), one)),
            morgan=rows.count(where=differ(Not(AllOf((one, two))), AnyOf((Not(one), Not(two))))),
            both=rows.count(where=asked(AllOf((one, Not(one))))),
            neither=rows.count(where=~asked(AnyOf((one, Not(one))))),
        )
    )
    assert set(found.values()) == {0}


@settings(max_examples=30)
@given(when=conditions)
def test_a_condition_is_read_back_as_it_was(when):
    assert when_from(when_dict(when)) == when


@pytest.mark.parametrize(
    ("when", "possible"),
    [
        (AllOf((Test("a", "at_least", 5), Test("a", "below", 5))), False),
        (AllOf((Test("a", "at_least", 5), Test("a", "below", 6))), True),
        (AllOf((Test("a", "above", 5), Test("a", "between", Span(None, 5)))), False),
        (AllOf((Test("a", "above", 5), Test("a", "in", (5,)))), False),
        (Test("a", "between", Span(5, 4)), False),
        (AllOf((Test("a", "between", Span(1, 3)), Test("a", "between", Span(3, 9)))), True),
        (AllOf((Test("a", "in", ("x", "y")), Test("a", "in", ("z",)))), False),
        (AllOf((Test("a", "in", ("x", "y")), Test("a", "not_in", ("x", "y")))), False),
        (AllOf((Test("a", "in", ("x", "y")), Not(Test("a", "in", ("x",))))), True),
        (AllOf((Test("a", "in", ("x",)), Test("a", "missing"))), False),
        (AllOf((Test("a", "in", ("1",)), Test("a", "in", (1,)))), True),
        (AllOf((Test("a", "in", ("x",)), Test("a", "contains", "X"))), True),
        (AllOf((Test("a", "in", ("x",)), Test("a", "contains", "y"))), False),
        (AllOf((Test("bought.a", "in", ("x",)), Test("bought.a", "in", ("y",)))), True),
        (AllOf((Test("a", "between", Span("2024-01-02")), Test("a", "below", "2024-01-02"))), False),
        (AllOf((Test("a", "age_years", Span(1, 2)), Test("a", "age_years", Span(3)))), False),
        (AnyOf((Test("a", "in", ()), Test("b", "missing"))), True),
        (AnyOf((Test("a", "in", ()), AnyOf(()))), False),
        (Not(AllOf(())), False),
        (Not(AnyOf((Test("a", "missing"), Not(Test("a", "missing"))))), False),
        (Not(Test("a", "in", ())), True),
    ],
    ids=lambda value: formula(value) if not isinstance(value, bool) else "",
)
def test_what_can_never_be_true_is_found(when, possible):
    assert can_hold(when) is possible


# Examples -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", RULE_EXAMPLES)
def test_an_example_has_names_in_both_languages_and_can_be_kept(name):
    example = rule_example(name)
    found = example.rules(["城东", "城西"])
    assert set(example.names) == set(example.others) == {"en", "zh"}
    assert RuleSegmentation.from_dict(found.as_dict()).as_dict() == found.as_dict()
    assert all(can_hold(rule.when) for rule in found.rules)
    assert len(found.rules) >= 2


def test_an_example_by_car_age_runs_on_a_company_that_knows_it(cars):
    found = assert_laws(rule_example("warranty").rules(), cars)
    assert {key: row["segment"] for key, row in found.items()} == {
        "C1": "in_warranty", "C2": "just_out", "C3": "just_out", "C4": "others"
    }  # fmt: skip


def test_one_segment_for_each_value_and_the_rare_ones_are_others(cars):
    values = [row["value"] for row in records(column_values(rule_table(cars, ["customer_type"]), "customer_type"))]
    assert values == ["个人", "企业"]
    asked = rules_for_values("customer_type", values[:1], names=NAMED, others=NAMED)
    assert {key: row["segment"] for key, row in assert_laws(asked, cars).items()} == {
        "C1": "个人", "C2": "个人", "C3": "others", "C4": "others"
    }  # fmt: skip
    assert records(column_values(rule_table(cars, ["bought.product_id"]), "bought.product_id"))[0] == {
        "value": "P1", "customer_count": 2
    }  # fmt: skip


def test_every_column_of_the_company_is_offered_once(cars):
    names = [column.name for column in rule_columns(cars)]
    assert len(names) == len(set(names))
    assert {"monetary", "car_model", "monthly_monetary", "bought.product_id", "spent.product_id."} <= set(names)
    assert "source_id" not in names


def test_rules_can_be_written_by_hand():
    written = tomllib.loads("""
        kind = "rules"
        names = {en = "Trade", zh = "行业"}
        [[rules]]
        id = "营运"
        names = {en = "Commercial", zh = "营运"}
        when = {not = {column = "usage", is = "in", value = ["非营运"]}}
    """)
    assert formula(RuleSegmentation.from_dict(written).rules[0].when) == "not (usage in 非营运)"
