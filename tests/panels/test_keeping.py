"""What a panel shows can be kept by a click: the same groups, listed in an open filter bar, chosen as a filter."""

from __future__ import annotations

import shutil
from importlib import import_module
from pathlib import Path

import pytest

from workbench.analyses.segmentation import segment_sizes
from workbench.pages.filter_bar import FilterBar
from workbench.panels import Filters, Panel, Session
from workbench.store import open_store
from workbench.topics.pareto import pareto_panel
from workbench.topics.rfm import rfm_panel
from workbench.topics.tiers import tier_designer_panel

TOPICS = (
    "clusters", "core_customers", "lifecycle", "loyalty", "pareto", "relationship", "rfm", "two_criteria",
    "value_segments",
)  # fmt: skip


@pytest.fixture(scope="module")
def session(sample_store: Path, tmp_path_factory: pytest.TempPathFactory) -> Session:
    """A session on a copy of the sample's store: what is kept here is seen by no other test."""
    own = tmp_path_factory.mktemp("kept") / "crm.store"
    shutil.copytree(sample_store, own)
    return Session(open_store(own), lang="en")


def kept(panel: Panel, name: str) -> str:
    assert panel.keeping is not None
    panel.keeping.id.value = name
    panel.keeping.button.click()
    assert panel.keeping.message.value == ""
    return panel.keeping.kept.value


@pytest.mark.parametrize("topic", TOPICS)
def test_what_a_panel_shows_is_kept_and_filters_the_page(session: Session, topic: str):
    session.filters = Filters()
    bar = FilterBar(session)
    panel: Panel = getattr(import_module(f"workbench.topics.{topic}"), f"{topic}_panel")(session)
    assert f"my_{topic}, version 1" in kept(panel, f"my_{topic}")
    assert f"my_{topic}" in [value for _, value in bar.segmentation.options]
    saved = session.segmentation(f"my_{topic}")
    sizes = session.store.collect(segment_sizes(saved.assign(session.ground), session.facts))
    sizes = sizes[sizes["customer_count"] > 0].set_index("segment")["customer_count"]
    if topic not in ("core_customers", "pareto", "two_criteria"):  # their rows are tenths, classes and cells
        shown = panel.rows.set_index("segment")["customer_count"]
        assert sizes.to_dict() == shown[shown > 0].to_dict()
    largest = str(sizes.idxmax())
    bar.segmentation.value = f"my_{topic}"
    bar.segments.value = (largest,)
    assert session.filters == Filters(segmentation=f"my_{topic}", segments=(largest,))
    assert len(session.store.collect(session.facts.select("customer_id"))) == sizes.max()
    panel.sleep()  # nobody looks at it any more, whatever the session's next panels filter
    session.filters = Filters()


def test_classes_are_kept_by_the_amounts_on_screen(session: Session):
    panel = pareto_panel(session)
    panel.set(a_share=0.5, b_share=0.7)
    kept(panel, "half")
    sizes = session.store.collect(segment_sizes(session.segmentation("half").assign(session.ground), session.facts))
    shown = panel.rows.set_index("abc_class")["customer_count"]
    assert sizes.set_index("segment")["customer_count"].to_dict() == shown[shown > 0].to_dict()


def test_classes_of_products_are_no_segmentation(session: Session):
    panel = pareto_panel(session)
    panel.set(dimension="product_id")
    assert panel.keeping is not None
    panel.keeping.id.value = "products"
    panel.keeping.button.click()
    assert "Only classes of customers" in panel.keeping.message.value
    assert panel.keeping.kept.value == ""


def test_tiers_that_move_customers_down_are_adopted_before_they_are_kept(session: Session):
    panel = tier_designer_panel(session)
    assert panel.keeping is not None
    assert panel.answer.moved("down") > 0
    panel.keeping.id.value = "tiers"
    panel.keeping.button.click()
    assert "would move down" in panel.keeping.message.value
    panel.set(before=panel.answer.rules)
    assert "tiers, version 1" in kept(panel, "tiers")


def test_a_second_keeping_is_a_new_version_and_a_wrong_id_is_said(session: Session):
    panel = rfm_panel(session)
    assert "twice, version 1" in kept(panel, "twice")
    panel.set(table="eight_groups", bins=2, method="mean")
    assert "twice, version 2" in kept(panel, "twice")
    assert session.segmentation("twice").rules.id == "eight_groups"
    assert session.segmentation("twice@1").rules.id == "r_rfm_vignette"
    assert panel.keeping is not None
    panel.keeping.id.value = "../x"
    panel.keeping.button.click()
    assert panel.keeping.message.value
    assert panel.keeping.kept.value == ""


def test_a_managers_page_keeps_nothing(make_store):
    panel = rfm_panel(Session(make_store(published=True)))
    assert panel.keeping is None
