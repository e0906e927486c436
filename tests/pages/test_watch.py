"""The watch list: judged by what managers see, with its history, and no small group comes out through an alarm."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tests.company import AS_OF, crowd, fill
from workbench import cli
from workbench.errors import ChoiceError
from workbench.pages import page
from workbench.pages.publication import record_publication
from workbench.pages.report import report_of
from workbench.pages.watch import WatchResult, watch_html, watch_results
from workbench.pages.watch_file import WatchRule, read_watch_rules, watch_path
from workbench.panels import Filters, Session
from workbench.store import build, open_store, publish, save_record
from workbench.topics.revenue.panel_figures import KeyFigures
from workbench.topics.segments.panel import segments_panel

NAMES = {"zh": "名称", "en": "Name"}


def rule(figure: str = "revenue", condition: str = "below", limit: float = 1e9, **more: object) -> WatchRule:
    return WatchRule(names=NAMES, figure=figure, condition=condition, limit=limit, **{"period": "all", **more})


@pytest.fixture(scope="module")
def built(tmp_path_factory) -> Path:
    """A published company of 410 customers."""
    address = tmp_path_factory.mktemp("watched") / "crm.store"

    def write(connection) -> None:
        fill(connection)
        for statement in crowd(seed=1, customers=400):
            connection.execute(statement)

    build(address, write, company="示例汽车", as_of=AS_OF)
    publish(address)
    return address


@pytest.fixture
def address(built, tmp_path) -> Path:
    shutil.copytree(built, tmp_path / "crm.store")
    return tmp_path / "crm.store"


def judged(address: Path, *rules: WatchRule) -> list[WatchResult]:
    return [WatchResult(**one) for one in record_publication(address, rules=rules)["watch"]]


def test_a_figure_is_compared_with_its_limit(address):
    low, high = judged(address, rule("revenue", "below", 1e9), rule("revenue", "above", 1e9))
    assert (low.state, high.state) == ("alarm", "quiet")
    assert low.value == high.value > 0
    assert "低于" in low.words("zh")
    assert "New in this publication" in low.words("en")


def test_rules_of_one_page_are_measured_together_and_with_the_record(address, monkeypatch):
    measured = []
    measure = KeyFigures._measure
    monkeypatch.setattr(KeyFigures, "_measure", lambda self: measured.append(self._session.filters) or measure(self))
    many = [rule(figure, "below", 0) for figure in ("revenue", "order_count", "active_customers")]
    judged(address, *many, rule("revenue", "below", 0, regions=("华东",)))
    assert len(measured) == len({*measured}) == 3, "all the data, the last twelve months, and a region"


def test_a_region_is_that_of_the_page(address):
    (one,) = judged(address, rule("order_count", "above", 0, regions=("华东",)))
    with open_store(address, published=True) as store:
        made = page(Session(store, lang="en"), "overview", [])
        made.filters.region.value = ("华东",)
        shown = {figure.label: figure.value for figure in made.key_figures.shown}
    assert f"{one.value:,.0f}" == shown["Orders"]


def test_a_rule_may_watch_several_regions_together(address):
    (one,) = judged(address, rule("order_count", "above", 0, regions=("华东", "华南")))
    with open_store(address, published=True) as store:
        figures = KeyFigures(Session(store, filters=Filters(regions=("华东", "华南"))))
    assert one.value == figures.rows.set_index("figure").loc["order_count", "value"]
    watch_path(address).write_text('[[rule]]\nname = "x"\nfigure = "nps"\nregion = ["华东", "华南"]\nbelow = 1\n')
    (read,) = read_watch_rules(address)
    assert read.regions == ("华东", "华南")


def test_an_alarm_that_stays_counts_its_publications(address):
    asked_for = rule("revenue", "below", 1e9)
    assert judged(address, asked_for)[0].times == 1
    for times in (2, 3):
        publish(address)
        (one,) = judged(address, asked_for)
        assert (one.times, one.since) == (times, "2024-12-31")
    assert "3 publications" in one.words("en")
    publish(address)
    judged(address, rule("revenue", "above", 1e9))
    publish(address)
    assert judged(address, asked_for)[0].times == 1, "another rule, or a publication without it, ends the row"


@pytest.fixture(scope="module")
def sizes(built):
    """How many customers a manager's page says are in the classes A, B …; hidden ones are unknown."""
    with open_store(built, published=True) as store:
        return segments_panel(Session(store), segmentation="abc").rows.set_index("segment")["customer_count"]


def test_the_size_of_a_segment_is_the_one_on_the_page(address, sizes):
    shown = sizes.dropna()
    for one, size in zip(
        judged(address, *(rule("customers", "above", 5, segmentation="abc", segment=name) for name in shown.index)),
        shown,
        strict=True,
    ):
        assert (one.state, one.value) == ("alarm", size)


def test_a_segment_that_the_page_hides_is_unknown_whatever_the_limit(address, sizes):
    (hidden, *_others) = sizes.index[sizes.isna()]
    watched = [rule("customers", way, 5, segmentation="abc", segment=hidden) for way in ("below", "above")]
    for one in judged(address, *watched):
        assert (one.state, one.value) == ("unknown", None)
        assert not any(character.isdigit() for character in one.words("en"))


def test_a_region_of_few_answers_or_customers_is_unknown(make_store):
    store = make_store("UPDATE customers SET region = '西北' WHERE customer_id IN ('C01', 'C02')", published=True)
    watched = [rule("active_customers", condition, 3, regions=("西北",)) for condition in ("below", "above")]
    assert [one.state for one in judged(store.address, *watched)] == ["unknown", "unknown"]


def test_a_segment_that_lost_a_few_customers_has_not_moved(address, sizes):
    asked_for = rule("customers", "falls_by", 5, segmentation="abc", segment=sizes.dropna().index[0])
    (first,) = judged(address, asked_for)
    assert (first.state, first.reason) == ("unknown", "no_base")
    path = next((address / "records").glob("*.json"))
    for lost, state, change in ((4, "quiet", 0.0), (7, "alarm", -7.0)):
        content = json.loads(path.read_text("utf-8"))
        content.pop("checksum")
        content["watch"][0]["value"] = first.value + lost
        save_record(address, content.pop("snapshot"), content)
        publish(address)
        (one,) = judged(address, asked_for)
        assert (one.state, one.change) == (state, change)
        for newer in sorted((address / "records").glob("*.json"))[1:]:
            newer.unlink()
    assert "−7" in one.words("zh")


def test_what_the_data_do_not_have_is_unknown_and_said(address):
    asked_for = [
        rule("nps", regions=("火星",)),
        rule("customers", "below", 9, segmentation="abc", segment="Z"),
        rule("customers", "below", 9, segmentation="none", segment="A"),
    ]
    for one in judged(address, *asked_for):
        assert one.state == "unknown"
        assert one.words("zh").startswith("名称：无法判断")


def test_the_overview_shows_alarms_and_says_how_many_are_quiet(address):
    record_publication(address, rules=[rule("revenue", "below", 1e9), rule("revenue", "above", 1e9)])
    with open_store(address, published=True) as store:
        session = Session(store, lang="zh")
        made = page(session, "overview", [])
        assert made.watch.value.count("<li") == 1
        assert "无预警：1 条" in made.watch.value
        session.lang = "en"
        assert "Watch list" in made.watch.value
        assert page(session, "pareto", []).watch.value == ""
        assert [one.state for one in watch_results(session)] == ["alarm", "quiet"]


def test_a_report_of_the_overview_says_the_alarms(address):
    record_publication(address, rules=[rule("revenue", "below", 1e9), rule("revenue", "above", 1e9)])
    with open_store(address, published=True) as store:
        session = Session(store, lang="zh")
        (alarm,) = page(session, "overview", []).alarms
        assert alarm.startswith("关注清单：名称：")
        assert report_of(page(session, "overview", [])).sentences[0] == alarm
        assert report_of(page(session, "pareto", [])).sentences[:1] != [alarm]


def test_a_page_without_rules_has_no_strip(address):
    record_publication(address)
    with open_store(address, published=True) as store:
        assert watch_html(Session(store)) == ""


def test_a_name_of_markup_is_text(address):
    hostile = WatchRule({"zh": "<img src=x>", "en": "<img src=x>"}, "revenue", "below", 1e9, period="all")
    record_publication(address, rules=[hostile])
    with open_store(address, published=True) as store:
        assert "<img" not in watch_html(Session(store))


FILE = """
[[rule]]
name = { zh = "东区 NPS 过低", en = "East: NPS too low" }
figure = "nps"
region = "华东"
below = 20

[[rule]]
name = "A"
figure = "customers"
segmentation = "abc"
segment = "A"
falls_by = 5
"""


def test_the_file_beside_the_store_is_read(tmp_path):
    store = tmp_path / "crm.store"
    assert read_watch_rules(store) == []
    watch_path(store).write_text(FILE, encoding="utf-8")
    assert watch_path(store).name == "crm.watch.toml"
    first, second = read_watch_rules(store)
    assert (first.names["en"], first.figure, first.regions, first.condition, first.limit, first.period) == (
        "East: NPS too low", "nps", ("华东",), "below", 20.0, "last_12_months",
    )  # fmt: skip
    assert (second.names, second.segment, second.condition) == ({"zh": "A", "en": "A"}, "A", "falls_by")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[[rule]", "TOML"),
        ("rules = 1", "[[rule]]"),
        ('[[rule]]\nname = "x"\nfigure = "nps"\nbelow = 1\nregoin = "x"', "regoin"),
        ('[[rule]]\nname = "x"\nfigure = "profit"\nbelow = 1', "profit"),
        ('[[rule]]\nfigure = "nps"\nbelow = 1', "name"),
        ('[[rule]]\nname = "x"\nfigure = "nps"', "below"),
        ('[[rule]]\nname = "x"\nfigure = "nps"\nbelow = 1\nabove = 2', "below"),
        ('[[rule]]\nname = "x"\nfigure = "nps"\nbelow = "low"', "low"),
        ('[[rule]]\nname = "x"\nfigure = "nps"\nfalls_by = 0', "falls_by"),
        ('[[rule]]\nname = "x"\nfigure = "nps"\nregion = 3\nbelow = 1', "region"),
        ('[[rule]]\nname = "x"\nfigure = "nps"\nperiod = "week"\nbelow = 1', "week"),
        ('[[rule]]\nname = "x"\nfigure = "nps"\nsegment = "A"\nsegmentation = "abc"\nbelow = 1', "segmentation"),
        ('[[rule]]\nname = "x"\nfigure = "customers"\nbelow = 9', "segmentation"),
        ('[[rule]]\nname = "x"\nfigure = "customers"\nsegmentation = "abc"\nsegment = "A"\nbelow = 3', "5"),
    ],
)
def test_a_rule_that_cannot_be_read_is_a_sentence_in_both_languages(tmp_path, text, said):
    store = tmp_path / "crm.store"
    watch_path(store).write_text(text, encoding="utf-8")
    with pytest.raises(ChoiceError) as caught:
        read_watch_rules(store)
    for lang in ("zh", "en"):
        assert said in caught.value.words(lang)


def test_publish_says_how_the_list_stands_in_words_and_as_json(address, capsys):
    watch_path(address).write_text(FILE, encoding="utf-8")
    assert cli.main(["publish", "--store", str(address), "--lang", "zh"]) == 0
    said = capsys.readouterr().out
    assert "东区 NPS 过低" in said
    assert cli.main(["publish", "--store", str(address), "--lang", "en", "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert [one["names"]["en"] for one in answer["watch"]] == ["East: NPS too low", "A"]
    assert answer["watch"][0]["text"].startswith("East: NPS too low: ")
    assert answer["as_of"] == "2024-12-31"


def test_a_list_that_cannot_be_read_stops_the_publication(address, capsys):
    before = (address / "PUBLISHED").read_text()
    watch_path(address).write_text('[[rule]]\nname = "x"\nfigure = "profit"\nbelow = 1', encoding="utf-8")
    assert cli.main(["publish", "--store", str(address), "--lang", "zh"]) == 1
    assert "profit" in capsys.readouterr().err
    assert (address / "PUBLISHED").read_text() == before
