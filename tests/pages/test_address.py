"""The address of a page: a link opens what somebody saw, and what is not offered changes nothing and is said."""

from __future__ import annotations

import json
import re
from datetime import date

import pytest

from tests.company import crowd
from workbench.pages import page, segments_board
from workbench.pages.address import FILTERS, PageAddress, read, wished_parts, written
from workbench.panels import Filters, Session
from workbench.panels.multiple_choice import TickedChoice
from workbench.topics.pareto import pareto_panel
from workbench.widgets.assets import STATIC


@pytest.fixture(scope="module")
def public(make_store):
    return make_store(*crowd(seed=1, customers=400), published=True)


@pytest.fixture
def opened(public):
    def open_page(query: str = "", name: str = "pareto", panel=pareto_panel) -> PageAddress:
        address = PageAddress(page(Session(public, lang="zh"), name, [panel]))
        address.open(wished_parts(query))
        return address

    return open_page


def shown(address: PageAddress) -> dict[str, str]:
    return dict(address.widget.shown)


def test_a_page_as_it_opens_has_nothing_in_its_address_but_the_language(opened):
    assert shown(opened()) == {"lang": "zh"}


def test_what_somebody_sees_opens_from_its_address(opened):
    seen = opened()
    made = seen._page
    made.filters.region.value = ("华东",)
    made.panels[0].set(by="margin", a_share=0.7)
    made.session.lang = "en"
    seen.say()
    assert shown(seen) == {"lang": "en", "region": "华东", "pareto.by": "margin", "pareto.a_share": "0.7"}
    query = "&".join(f"{name}={value}" for name, value in shown(seen).items())
    again = opened(f"{query}&token=secret")
    assert shown(again) == shown(seen)
    assert again._page.session.filters == Filters(regions=("华东",))
    assert again._page.panels[0].rows.equals(made.panels[0].rows)


def test_going_back_puts_what_the_address_does_not_name_as_the_page_opened(opened):
    address = opened("region=华东&period=last_12_months&pareto.a_share=0.7")
    address.widget.wished = {"lang": "zh", "region": "华南"}
    assert shown(address) == {"lang": "zh", "region": "华南"}
    assert address._page.panels[0].controls["a_share"].value == 0.8
    assert address._page.session.filters == Filters(regions=("华南",))


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("region=火星", "区域：火星"),
        ("period=yesterday", "统计期间：yesterday"),
        ("period=custom&since=2024-01-02", "2024-01-02"),
        ("region=华东,火星", "华东,火星"),
        ("pareto.a_share=7", "A 类累计至：7"),
        ("pareto.a_share=nan", "nan"),
        ("pareto.by=__class__", "排序依据：__class__"),
    ],
)
def test_what_is_not_offered_changes_nothing_and_is_said(opened, query, said):
    address = opened(query)
    assert shown(address) == {"lang": "zh"}
    assert said in address._page.filters.message.value
    assert "没有提供" in address._page.filters.message.value


def test_own_months_several_regions_and_the_year_before_open_from_an_address(opened):
    asked = {
        "period": "custom",
        "since": "2024-07-01",
        "until": "2024-09-30",
        "region": "华东,华南",
        "year_before": "true",
    }
    address = opened("&".join(f"{name}={value}" for name, value in asked.items()))
    session = address._page.session
    assert session.filters == Filters(date(2024, 7, 1), date(2024, 9, 30), ("华东", "华南"))
    assert session.compares_years
    assert shown(address) == {"lang": "zh", **asked}
    assert address.unmet(asked) == []
    assert address._page.filters.message.value == ""


def test_the_months_of_an_own_period_always_stand_in_the_address(opened):
    address = opened("period=custom")
    until = date.fromisoformat(shown(address)["until"])
    assert shown(address)["since"] == address._page.session.filters.since.isoformat()
    assert until == address._page.session.filters.until


def test_a_comma_in_a_region_is_no_comma_between_two():
    regions = TickedChoice("panels.filters.region", ["A", "A, B", "B"], words=lambda value, _: value)
    regions.value = ("A", "A, B")
    assert written(regions) == "A,A\\, B"
    assert read(regions, written(regions)) == ("A", "A, B")
    with pytest.raises(ValueError, match="C"):
        read(regions, "A,C")


def test_one_button_puts_filters_controls_and_chips_as_the_page_opened(opened):
    address = opened("region=华东,华南&period=last_12_months&year_before=true&pareto.by=margin&pareto.a_share=0.7")
    made = address._page
    made.panels[0].views["curve"].picked = [{"abc_class": "C"}]
    assert made.panels[0].picking.picked
    made.session.lang = "en"
    made.filters.reset.click()
    assert shown(address) == {"lang": "en"}, "the language is the reader's own"
    assert made.session.filters == Filters()
    assert not made.session.compares_years
    panel = made.panels[0]
    assert (panel.controls["by"].value, panel.controls["a_share"].value, panel.picking.picked) == (
        "monetary",
        0.8,
        None,
    )
    assert panel.rows.equals(opened()._page.panels[0].rows)


def test_a_page_in_a_notebook_can_be_put_back_too(public):
    made = page(Session(public, lang="zh"), "pareto", [pareto_panel])
    made.filters.region.value = ("华东",)
    made.panels[0].set(a_share=0.7)
    made.filters.reset.click()
    assert made.session.filters == Filters()
    assert made.panels[0].controls["a_share"].value == 0.8


def test_markup_in_an_address_is_text(opened):
    assert "<img" not in opened("region=<img src=x>")._page.filters.message.value


def test_a_section_and_its_grouping_open_from_the_address(opened):
    address = opened("section=profile&grouping=abc&segment_profile.against=C", "segments", segments_board)
    board = address._page.panels[0]
    assert board.sections.value == "profile"
    assert board.panels["profile"].answer.segmentation.as_dict()["kind"] == "abc"
    assert board.panels["profile"].controls["against"].value == "C"
    assert {"section": "profile", "grouping": "abc", "segment_profile.against": "C"}.items() <= shown(address).items()


def test_a_change_in_a_section_opened_later_is_in_the_address(opened):
    address = opened("", "segments", segments_board)
    board = address._page.panels[0]
    board.sections.value = "overlap"
    second = board.panels["overlap"].controls["second"]
    other = next(value for _words, value in second.options if value != second.value)
    board.panels["overlap"].set(second=other)
    assert shown(address)["section"] == "overlap"
    assert shown(address)["segment_overlap.second"] == other


def test_a_browser_may_ask_in_short_texts_only(opened):
    widget = opened().widget
    for wished in ({"region": 3}, {"region": "x" * 501}, {str(n): "x" for n in range(61)}, ["region"]):
        widget.set_state({"wished": wished})
        assert widget.wished == {}
    widget.set_state({"shown": {"lang": "en"}})
    assert widget.shown == {"lang": "zh"}


def test_links_take_along_what_all_pages_share():
    script = (STATIC / "page.js").read_text(encoding="utf-8")
    assert json.loads(re.search(r"TAKEN_ALONG = (\[.*?\])", script)[1]) == [*FILTERS]


def test_an_answer_says_to_which_step_it_belongs_however_late_it_comes(opened):
    address = opened()
    hear = address.widget._take_message
    region = address._page.filters.region
    for message in ({"is": "step", "step": 1}, {"is": "step", "step": "2"}, {"step": 3}, {"is": "step", "step": 10**9}):
        hear(None, message, [])
    region.value = ("华东",)
    assert (address.widget.step, shown(address)["region"]) == (1, "华东")
    region.value = ("华南",)
    assert (address.widget.step, shown(address)["region"]) == (1, "华南")
    hear(None, {"is": "step", "step": 2}, [])
    assert address.widget.step == 1, "nothing is shown yet that answers it"
    region.value = ()
    assert (address.widget.step, "region" in shown(address)) == (2, False)
