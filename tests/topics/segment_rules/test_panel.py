"""The rule builder: conditions from fields that fit the column, live counts, an audit, and rules that are kept."""

from __future__ import annotations

import json
from datetime import date

import pytest
from pandas.testing import assert_frame_equal

from workbench import audit
from workbench.analyses.rules.conditions import AllOf, AnyOf, Not, Span, Test
from workbench.analyses.rules.rule import Rule
from workbench.analyses.rules.segmentation import RuleSegmentation, rules_from_toml
from workbench.errors import NothingToShow
from workbench.panels import Filters, Session
from workbench.panels.controls import Day
from workbench.panels.multiple_choice import Several
from workbench.store import save_definition
from workbench.topics.segment_rules.panel import rule_builder_panel
from workbench.topics.segment_rules.panel_fields import ConditionRow, GroupBox
from workbench.topics.segment_rules.panel_words import when_words

CARS = (
    "ALTER TABLE customers ADD COLUMN car_bought_on VARCHAR",
    "ALTER TABLE customers ADD COLUMN hobby VARCHAR",
    "UPDATE customers SET birthday = DATE '1985-01-01'",
    "UPDATE customers SET car_bought_on = (2015 + substr(customer_id, 2)::INT) || '-06-30'",
    "UPDATE customers SET car_bought_on = '不详' WHERE customer_id = 'C10'",
)


@pytest.fixture
def session(make_store):
    return Session(make_store(*CARS), lang="zh")


@pytest.fixture
def panel(session):
    return rule_builder_panel(session, rules=rules(Test("customer_type", "in", ("企业",))))


@pytest.fixture
def editor(panel):
    return panel.controls["rules"]


def rules(*conditions):
    listed = [
        Rule(f"r{place}", {"en": f"Rule {place}", "zh": f"规则{place}"}, when)
        for place, when in enumerate(conditions, start=1)
    ]
    return RuleSegmentation({"en": "Mine", "zh": "我的"}, tuple(listed))


def only(editor) -> ConditionRow:
    """The one condition of the rule that lies open."""
    (row,) = editor.group.parts
    return row


def sizes(panel) -> dict[str, int]:
    return dict(zip(panel.rows["segment"], panel.rows["customer_count"], strict=True))


def test_a_builder_begins_with_an_example_that_the_data_can_answer(session):
    panel = rule_builder_panel(session)
    assert panel.controls["rules"].value.names["en"] == "Warranty by car age"
    assert sizes(panel) == {"in_warranty": 3, "just_out": 2, "out_of_warranty": 4, "others": 1}


def test_values_are_offered_with_their_counts_and_a_choice_counts_at_once(panel, editor):
    field = only(editor).fields[0]
    assert isinstance(field, Several)
    assert [words for words, _ in field.options] == ["个人 · 5", "企业 · 5"]
    field.value = ("个人", "企业")
    assert editor.value.rules[0].when == AllOf((Test("customer_type", "in", ("个人", "企业")),))
    assert sizes(panel) == {"r1": 10}


def test_a_number_counts_while_it_is_typed(panel, editor):
    only(editor).column.value = "monetary"
    field = only(editor).fields[0]
    assert field.continuous_update
    counts = []
    for typed in ("1", "10", "100", "100x", "1000"):
        field.value = typed
        counts.append(sizes(panel).get("r1", 0))
    assert counts == [10, 10, 8, 0, 3]
    assert "还没有选取值" not in editor.table.value


DAYS = ["age_years", "days_until", "between", "at_least", "below", "missing"]


@pytest.mark.parametrize(
    ("column", "operators"),
    [
        ("customer_type", ["in", "not_in", "contains", "missing"]),
        ("monetary", ["at_least", "below", "between", "missing"]),
        ("birthday", DAYS),
        ("car_bought_on", [*DAYS, "in", "not_in", "contains"]),
        ("bought.product_id", ["in", "not_in", "contains", "missing"]),
        ("name", ["contains", "missing"]),
    ],
)  # fmt: skip
def test_a_column_offers_the_operators_that_fit_it(editor, column, operators):
    only(editor).column.value = column
    assert [value for _, value in only(editor).operator.options] == operators


@pytest.mark.parametrize(
    ("column", "operator", "values", "expected", "count"),
    [
        ("car_bought_on", "age_years", ["0", "3"], Span(0, 3), 4),
        ("car_bought_on", "age_years", ["4", ""], Span(4, None), 5),
        ("monetary", "between", ["100", "1,000"], Span(100, 1000), 6),
        ("last_on", "days_until", ["-100", "0"], Span(-100, 0), 1),
        ("customer_type", "contains", ["企"], "企", 5),
        ("spent.category.保养", "below", ["100"], 100, 2),
        ("hobby", "missing", [], None, 10),
    ],
)
def test_fields_make_the_condition_they_show(panel, editor, column, operator, values, expected, count):
    row = only(editor)
    row.column.value, row.operator.value = column, operator
    for field, value in zip(row.fields, values, strict=True):
        field.value = value
    assert editor.value.rules[0].when == AllOf((Test(column, operator, expected),))
    assert sizes(panel).get("r1", 0) == count
    assert panel.error is None


def test_days_are_chosen_on_a_calendar(panel, editor):
    row = only(editor)
    row.column.value, row.operator.value = "last_on", "between"
    assert all(isinstance(field, Day) for field in row.fields)
    row.fields[0].value, row.fields[1].value = date(2024, 3, 1), date(2024, 5, 31)
    assert editor.value.rules[0].when == AllOf((Test("last_on", "between", Span("2024-03-01", "2024-05-31")),))
    assert sizes(panel)["r1"] == 3


def test_what_is_not_complete_is_met_by_nobody_and_said(panel, editor):
    row = only(editor)
    row.column.value = "monetary"
    assert "还没有选取值" in editor.table.value
    assert "尚未填完" in panel.widget.summary.value
    assert sizes(panel) == {"others": 10}


def test_conditions_groups_and_their_opposites(panel, editor):
    group = editor.group
    group.add_condition.click()
    group.parts[1].column.value = "monetary"
    group.parts[1].fields[0].value = "1000"
    assert sizes(panel)["r1"] == 3
    group.parts[1].negated.value = True
    assert sizes(panel)["r1"] == 2
    group.how.value = "any"
    assert sizes(panel)["r1"] == 10
    group.add_group.click()
    inner = group.parts[2]
    assert isinstance(inner, GroupBox)
    inner.how.value, inner.negated.value = "all", True
    expected = AnyOf((
        Test("customer_type", "in", ("企业",)),
        Not(Test("monetary", "at_least", 1000)),
        Not(AllOf((Test("customer_type", "in", ()),))),
    ))  # fmt: skip
    assert editor.value.rules[0].when == expected
    inner.remove.click()
    group.parts[1].remove.click()
    assert sizes(panel)["r1"] == 5


def test_a_loaded_rule_of_groups_within_groups_is_shown_and_read_back_as_it_was(session):
    when = AllOf((
        Test("customer_type", "in", ("企业",)),
        AnyOf((Not(Test("name", "contains", "王")), Not(AllOf((Test("monetary", "below", 7.5),))))),
        Not(AnyOf((Test("birthday", "between", Span("1980-01-01", None)), Test("bought.product_id", "in", ("P9",))))),
    ))  # fmt: skip
    editor = rule_builder_panel(session, rules=rules(when)).controls["rules"]
    assert editor.group.when == when


def test_a_list_of_values_stays_when_it_is_turned_round(panel, editor):
    only(editor).operator.value = "not_in"
    assert editor.value.rules[0].when == AllOf((Test("customer_type", "not_in", ("企业",)),))
    assert sizes(panel) == {"r1": 5, "others": 5}


def test_the_order_decides_and_the_audit_says_for_how_many(panel, editor, session):
    editor.value = rules(Test("customer_type", "in", ("企业",)), Test("monetary", "at_least", 100))
    assert sizes(panel) == {"r1": 5, "r2": 3, "others": 2}
    assert "5 位客户同时符合多条规则" in panel.widget.summary.value
    editor.rule.value = "r2"
    asked = len(session._remembered[session.filters])
    editor.up.click()
    assert sizes(panel) == {"r2": 8, "others": 2}
    assert "都被前面的规则取走：规则1" in panel.widget.summary.value
    assert len(session._remembered[session.filters]) == asked  # nothing was asked of the data
    assert editor.rule.value == "r2"


def test_a_rule_is_added_named_and_removed(panel, editor):
    editor.add.click()
    assert editor.rule.value == "rule_1"
    editor.names["zh"].value, editor.names["en"].value = "老客户", "Old friends"
    assert editor.value.rules[1].names == {"zh": "老客户", "en": "Old friends"}
    assert "老客户" in editor.table.value
    only(editor).column.value = "monetary"
    only(editor).fields[0].value = "50"
    assert sizes(panel) == {"r1": 5, "rule_1": 5}
    editor.remove.click()
    assert [rule.id for rule in editor.value.rules] == ["r1"]
    editor.remove.click()
    assert sizes(panel) == {"others": 10}


def test_values_that_say_no_day_are_counted(panel, editor):
    only(editor).column.value = "car_bought_on"
    only(editor).fields[1].value = "3"
    assert "购车日期：1 位客户的取值无法按数字或日期读取" in panel.widget.summary.value


def test_a_click_on_a_segment_lists_its_customers_with_the_reason(panel):
    panel.views["chart"].picked = [{"segment": "r1"}]
    assert panel.customers.table.length == 5
    shown = panel.customers.detail
    assert [field.name for field in shown.fields] == ["customer_id", "name", "region", "customer_type", "worth"]
    panel.set(rules=rules(Test("bought.product_id", "in", ("P1",))))
    panel.views["chart"].picked = [{"segment": "others"}]
    assert "bought.product_id" in [field.name for field in panel.customers.detail.fields]
    assert panel.error is None


def test_the_code_shown_gives_the_rows_on_screen(panel, run_code):
    assert_frame_equal(run_code(panel)["rows"], panel.rows, rtol=1e-12)


def test_everything_is_said_in_both_languages(panel, session, editor):
    session.lang = "en"
    assert "customer type" in editor.table.value.lower()
    assert "Rule 1" in editor.table.value
    assert editor.rule.options[0][0] == "1. Rule 1"
    assert only(editor).operator.options[0][0] == "Is one of"
    assert editor.value == rules(Test("customer_type", "in", ("企业",)))  # wording changes nothing


def test_filters_change_what_is_counted(panel, session):
    session.filters = Filters(regions=("华东",))
    assert sizes(panel) == {"r1": 3, "others": 2}


# Kept and taken along -----------------------------------------------------------------------------------------------


def test_rules_are_saved_as_versions_and_opened_again(panel, editor, session):
    editor.titles["en"].value = "Companies first"
    editor.save.click()
    assert "companies_first 第 1 版" in editor.message.value
    editor.save.click()
    assert "第 2 版" in editor.message.value
    assert session.segmentation("companies_first").as_dict() == editor.value.as_dict()
    (line, _) = [json.loads(line) for line in (session.store.address / audit.FILE).read_text().splitlines()]
    assert (line["action"], line["reason"]) == ("save", "companies_first@1")
    editor.value = rules()
    editor.saved.value = "companies_first"
    editor.opener.click()
    assert [rule.id for rule in editor.value.rules] == ["r1"]
    session.filters = Filters(segmentation="companies_first", segments=("r1",))
    assert sizes(panel) == {"r1": 5}


def test_an_id_that_cannot_be_is_said_and_nothing_is_saved(editor, session):
    editor.id.value = "../x"
    editor.save.click()
    assert "../x" in editor.message.value
    assert session.store.definitions() == []


def test_examples_that_lack_a_column_are_named_and_not_offered(editor):
    editor.keeping.header.click()
    assert "employee_count" in editor.needs.value
    offered = [value for _, value in editor.saved.options]
    assert {"warranty", "region"} <= set(offered)
    assert "company_size" not in offered


def test_a_damaged_definition_is_named(editor, session):
    save_definition(session.store.address, "broken", rules().as_dict())
    (session.store.address / "definitions" / "broken" / "0001.json").write_bytes(b"")
    editor.keeping.header.click()
    assert "broken" in editor.needs.value


def test_rules_travel_as_toml(editor, tmp_path, panel):
    name, content = editor._file()
    assert name == "mine.toml"
    assert rules_from_toml(content.decode()).as_dict() == editor.value.as_dict()
    path = tmp_path / "theirs.toml"
    path.write_bytes(content.replace("企业".encode(), "个人".encode()))
    editor._received(path, path.name)
    assert editor.value.rules[0].when == Test("customer_type", "in", ("个人",))
    assert sizes(panel)["r1"] == 5


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b"rules = 3", b"", b"kind = 'abc'"])
def test_a_file_that_is_no_rules_is_refused_and_changes_nothing(editor, tmp_path, content):
    path, before = tmp_path / "theirs.toml", editor.value
    path.write_bytes(content)
    _, complaint = editor.upload.guarded(lambda: editor._received(path, path.name))
    assert complaint
    assert editor.value == before


def test_rules_on_a_column_that_vanished_are_said_and_the_last_answer_stays(panel, editor):
    before = panel.rows
    editor.value = rules(Test("爱好", "in", ("户外",)))
    assert "爱好" in panel.widget.message.value
    assert "规则1" in panel.widget.message.value
    assert panel.rows.equals(before)
    assert only(editor).column.value == "爱好"
    only(editor).column.value = "hobby"
    assert panel.error is None


def test_a_name_as_condition_is_refused_in_words(panel, editor):
    editor.tell("")
    row = only(editor)
    row.column.value = "name"
    assert row.operator.value == "contains"
    assert panel.error is None
    row.fields[0].value = "王"
    assert sizes(panel)["r1"] == 9


def test_hostile_names_are_text(panel, editor):
    editor.names["zh"].value = "<img src=x onerror=alert(1)>"
    assert "<img" not in editor.table.value + panel.widget.summary.value


def test_a_managers_page_builds_no_rules(make_store):
    session = Session(make_store(published=True))
    panel = rule_builder_panel(session)
    assert isinstance(panel.error, NothingToShow)
    assert "分析人员" in panel.widget.message.value
    assert panel.controls["rules"].value.rules == ()


@pytest.mark.parametrize(
    ("when", "lang", "words"),
    [
        (Test("car_bought_on", "age_years", Span(0, 2)), "zh", "购车日期距今 0 至 2 年"),
        (Test("car_bought_on", "age_years", Span(0, 2)), "en", "Car bought on: 0 to 2 years ago"),
        (Test("warranty_until", "days_until", Span(None, -1)), "zh", "距质保到期日 -1 天及以下"),
        (Test("warranty_until", "days_until", Span(5)), "en", "Warranty until: 5 days ahead or more"),
        (Test("monetary", "above", 100), "zh", "消费金额大于 100"),
        (AnyOf((Test("usage", "missing"), AllOf(()))), "zh", "使用性质为空，或（所有客户）"),
        (AnyOf((Test("usage", "missing"), AllOf(()))), "en", "Usage of the car is missing or (everyone)"),
        (Test("bought.category", "in", tuple("abcdefgh")), "zh", "买过的品类为a、b、c、d、e、f、另外 2 个"),
    ],
)
def test_a_condition_is_said_as_people_say_it(when, lang, words):
    assert when_words(when, lang) == words
