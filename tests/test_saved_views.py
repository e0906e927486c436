"""Saved views: what may be kept under a name, by whom, how much of it, and what is left out."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from workbench.errors import ChoiceError
from workbench.serving.saved_views import LONGEST_NAME, MOST_VIEWS, SavedViews

STATE = "period=last_year&region=%E5%8D%8E%E4%B8%9C&section=movement&pareto.by=margin"


@pytest.fixture
def views(tmp_path: Path) -> SavedViews:
    return SavedViews(tmp_path, ["overview", "pareto"])


def test_a_view_is_kept_with_its_page_its_state_and_who_saved_it(views: SavedViews, tmp_path: Path):
    saved = views.save(" 华东\t大客户 ", "pareto", STATE, "wang.wei")
    assert (saved.name, saved.who, saved.regions) == ("华东 大客户", "wang.wei", ("华东",))
    assert saved.address == f"pareto?{STATE}"
    assert SavedViews(tmp_path, ["pareto"]).listed() == [saved]
    assert (tmp_path / "views.json").stat().st_mode & 0o077 == 0


def test_a_view_of_several_regions_is_listed_for_whoever_may_see_all_of_them(views: SavedViews):
    saved = views.save(
        "x", "overview", "region=华东,华南&period=custom&since=2024-01-01&until=2024-03-31&year_before=true"
    )
    assert saved.regions == ("华东", "华南")
    assert "year_before=true" in saved.query
    assert views.listed(("华东", "华南", "西北")) == [saved]
    assert views.listed(("华东",)) == []


def test_views_are_listed_by_name_and_one_that_is_deleted_is_gone(views: SavedViews):
    last, first = views.save("b", "overview", ""), views.save("A", "overview", "")
    assert views.listed() == [first, last]
    assert first.address == "overview"
    views.delete(first.id)
    views.delete(first.id)
    assert views.listed() == [last]


def test_only_who_saved_a_view_deletes_it(views: SavedViews):
    saved = views.save("东区", "overview", "", "wang.wei")
    for other in ("li.na", ""):
        with pytest.raises(ChoiceError, match="Somebody else saved this view"):
            views.delete(saved.id, other)
    views.delete(saved.id, "wang.wei")
    assert views.listed() == []


@pytest.mark.parametrize("query", ["token=secret", "lang=en", "next=//evil.example", "a=1&b=2", "region", "PERIOD=x"])
def test_of_an_address_only_the_state_of_the_page_is_kept(views: SavedViews, query: str):
    assert views.save("x", "overview", f"{query}&region=A%26B").query == "region=A%26B"


@pytest.mark.parametrize(
    ("page", "query"),
    [
        ("", ""),
        ("satisfaction", ""),
        ("//evil.example/overview", ""),
        ("https://evil.example/overview", ""),
        ("javascript:alert(1)", ""),
        ("../overview", ""),
        ("overview/", ""),
        ("overview?x", ""),
        ("overview", "region=" + "x" * 501),
        ("overview", "&".join(f"a.b{number}=1" for number in range(3)) + "&" + "&".join(["region=1"] * 61)),
        ("overview", "region=1&" * 3000),
        ("overview", "&".join(f"region={'华' * 60}" for _ in range(30))),
    ],
)
def test_nothing_but_an_address_of_a_page_here_can_be_saved(views: SavedViews, page: str, query: str):
    with pytest.raises(ChoiceError, match="not the address of a dashboard here"):
        views.save("x", page, query)
    assert views.listed() == []


@pytest.mark.parametrize("name", ["", "  \n ", "\u200b\u202e", "x" * (LONGEST_NAME + 1)])
def test_a_name_is_neither_empty_nor_endless(views: SavedViews, name: str):
    with pytest.raises(ChoiceError, match="1 to 60"):
        views.save(name, "overview", "")
    assert views.save("x" * LONGEST_NAME, "overview", "").name == "x" * LONGEST_NAME


def test_signs_that_turn_a_line_around_are_taken_out_of_a_name(views: SavedViews):
    assert views.save("a\u202eb\x00\x1b", "overview", "").name == "ab"


def test_a_name_is_taken_once(views: SavedViews):
    views.save("East", "overview", "")
    with pytest.raises(ChoiceError, match="already"):
        views.save(" EAST ", "pareto", "")


def test_there_are_only_so_many(views: SavedViews):
    for number in range(MOST_VIEWS):
        views.save(str(number), "overview", "")
    with pytest.raises(ChoiceError, match="200"):
        views.save("one more", "overview", "")
    views.delete(views.listed()[0].id)
    views.save("one more", "overview", "")


def test_who_may_see_some_regions_is_offered_no_view_of_another(views: SavedViews):
    for region in ("华东", "华南"):
        views.save(region, "overview", f"region={region}")
    views.save("全部", "overview", "")
    assert [view.name for view in views.listed(["华东"])] == ["全部", "华东"]
    assert len(views.listed()) == 3


@pytest.mark.parametrize(
    "text", ["{", "7", '[{"id": 1}]', '[{"id":1,"name":2,"page":3,"query":4,"who":5,"saved_on":6}]']
)
def test_a_file_that_cannot_be_read_is_said_and_never_written_over(views: SavedViews, tmp_path: Path, text: str):
    (tmp_path / "views.json").write_text(text)
    for ask in (views.listed, lambda: views.save("x", "overview", ""), lambda: views.delete("x")):
        with pytest.raises(ChoiceError, match="cannot be read"):
            ask()
    assert (tmp_path / "views.json").read_text() == text


def test_what_somebody_wrote_into_the_file_leads_nowhere_else(views: SavedViews, tmp_path: Path):
    entry = {"id": "a", "name": "x", "page": "overview", "query": "region=x", "who": "", "saved_on": "2026-01-01"}
    wrong = [{**entry, "page": "//evil.example"}, {**entry, "query": "region=x&token=s"}, {**entry, "query": '"><b'}]
    (tmp_path / "views.json").write_text(json.dumps([entry, *wrong]))
    assert [view.address for view in views.listed()] == ["overview?region=x"]


def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path):
    with pytest.raises(ChoiceError, match="cannot be written"):
        SavedViews(tmp_path / "nowhere", ["overview"]).save("x", "overview", "")
