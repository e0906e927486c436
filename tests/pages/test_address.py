"""The address of a page: a link opens what somebody saw, and what is not offered changes nothing and is said."""

from __future__ import annotations

import json
import re

import pytest

from tests.company import crowd
from workbench.pages import page, segments_board
from workbench.pages.address import FILTERS, PageAddress, wished_parts
from workbench.panels import Filters, Session
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
    made.filters.region.value = "华东"
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
        ("region=火星", "火星"),
        ("period=yesterday", "yesterday"),
        ("period=custom&since=2024-01-01", "custom"),
        ("pareto.a_share=7", "7"),
        ("pareto.a_share=nan", "nan"),
        ("pareto.by=__class__", "__class__"),
    ],
)
def test_what_is_not_offered_changes_nothing_and_is_said(opened, query, said):
    address = opened(query)
    assert shown(address) == {"lang": "zh"}
    assert said in address._page.filters.message.value
    assert "没有提供" in address._page.filters.message.value


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
    for wished in ({"region": 3}, {"region": "x" * 201}, {str(n): "x" for n in range(61)}, ["region"]):
        widget.set_state({"wished": wished})
        assert widget.wished == {}
    widget.set_state({"shown": {"lang": "en"}})
    assert widget.shown == {"lang": "zh"}


def test_links_take_along_what_all_pages_share():
    script = (STATIC / "page.js").read_text(encoding="utf-8")
    assert json.loads(re.search(r"TAKEN_ALONG = (\[.*?\])", script)[1]) == [*FILTERS]
