"""Controls speak both languages and take from a browser only what they offer."""

from __future__ import annotations

from datetime import date

import pytest

from workbench.panels import Session
from workbench.panels.controls import Choice, Day, Line, Press, Switch, WholeSlider, choice, share_slider
from workbench.panels.layout import Drawer, Markup
from workbench.topics.lifecycle.panel import lifecycle_panel
from workbench.topics.pareto.panel import pareto_panel
from workbench.topics.two_criteria.panel import two_criteria_panel


def by() -> Choice:
    return choice("panels.filters.period", ("monetary", "margin"), words="terms")


@pytest.mark.parametrize(
    ("control", "message"),
    [
        (by(), {"index": 7}),
        (by(), {"index": -1}),
        (by(), {"index": True}),
        (by(), {"index": None}),
        (by(), {"_options_labels": ["a", "b", "c"], "index": 2}),
        (share_slider(0.8, label="panels.filters.period"), {"value": 1.5}),
        (share_slider(0.8, label="panels.filters.period"), {"value": float("nan")}),
        (share_slider(0.8, label="panels.filters.period"), {"value": "0.9"}),
        (share_slider(0.8, label="panels.filters.period"), {"max": 9.0, "value": 5.0}),
        (WholeSlider("panels.filters.period", 5, low=2, high=9), {"value": 10}),
        (WholeSlider("panels.filters.period", 5, low=2, high=9), {"value": 4.5}),
        (Day("panels.filters.since", high=date(2024, 12, 31)), {"value": {"year": 2025, "month": 0, "date": 1}}),
        (Day("panels.filters.since"), {"value": {"year": 2024, "month": 1, "date": 31}}),
        (Day("panels.filters.since"), {"value": "2024-01-01"}),
        (Switch("panels.filters.period"), {"value": 1}),
        (Line("panels.filters.period"), {"value": "王" * 1001}),
        (Press("panels.filters.period"), {"description": "<b>pressed</b>", "disabled": True}),
        (Markup("safe"), {"value": "<script>alert(1)</script>"}),
    ],
)
def test_what_a_control_does_not_offer_changes_nothing(control, message):
    before = control.get_state()
    control.set_state(message)
    assert control.get_state() == before


def test_what_a_control_offers_is_taken():
    chosen, share, day = by(), share_slider(0.8, label="panels.filters.period"), Day("panels.filters.since")
    chosen.set_state({"index": 1})
    share.set_state({"value": 0.55})
    day.set_state({"value": {"year": 2024, "month": 1, "date": 29}})
    assert (chosen.value, share.value, day.value) == ("margin", 0.55, date(2024, 2, 29))


def test_words_change_with_the_language_and_the_value_stays():
    control = by()
    control.value = "margin"
    for lang, label, words in (("en", "Period", "margin"), ("zh", "统计期间", "毛利")):
        control.say(lang)
        assert control.description == label
        assert words in control.label.lower()
        assert control.value == "margin"


def test_a_company_s_own_words_are_not_translated():
    control = Choice("panels.filters.region", {"": "panels.filters.all_of_them", "华东": None})
    control.say("en")
    assert control.options == (("All", ""), ("华东", "华东"))


def test_a_drawer_is_filled_when_it_opens():
    filled = []
    drawer = Drawer("panels.how", [Markup()], fill=lambda: filled.append("now"))
    assert (drawer.body.layout.display, filled) == ("none", [])
    drawer.header.click()
    assert (drawer.body.layout.display, filled) == ("", ["now"])
    drawer.header.click()
    assert drawer.body.layout.display == "none"


@pytest.mark.parametrize(
    ("make", "moved", "to", "stops"),
    [
        (pareto_panel, "a_share", 0.99, {"a_share": 0.95, "b_share": 0.95}),
        (pareto_panel, "b_share", 0.1, {"a_share": 0.80, "b_share": 0.80}),
        (two_criteria_panel, "a_share", 1.0, {"a_share": 0.95, "b_share": 0.95}),
        (lifecycle_panel, "new_days", 500, {"new_days": 180, "at_risk_days": 180}),
        (lifecycle_panel, "return_days", 500, {"return_days": 180, "at_risk_days": 180}),
        (lifecycle_panel, "lapsed_days", 10, {"at_risk_days": 180, "lapsed_days": 181}),
    ],
)
def test_a_slider_stops_at_the_one_it_must_not_cross(store, make, moved, to, stops):
    panel = make(Session(store))
    panel.controls[moved].set_state({"value": to})
    assert {name: panel.arguments[name] for name in stops} == stops
    assert panel.widget.message.value == ""


def test_presets_may_jump_over_each_other(store):
    panel = pareto_panel(Session(store))
    panel.set(a_share=0.2, b_share=0.3)
    panel.set(a_share=0.8, b_share=0.95)
    assert (panel.arguments["a_share"], panel.arguments["b_share"]) == (0.8, 0.95)
