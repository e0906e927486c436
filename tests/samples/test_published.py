"""The sample company as dashboards see it: every row, but nobody's name, number or birthday."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from workbench.analyses.facts import customer_facts
from workbench.load import load
from workbench.samples import Sample
from workbench.store import Store, collect, open_store, publish
from workbench.topics.pareto.inequality import concentration


@pytest.fixture(scope="module")
def address(small_sample: Sample, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store that was loaded and published."""
    address = tmp_path_factory.mktemp("published") / "crm.store"
    load(small_sample.folder, store=address, mapping=small_sample.mapping)
    publish(address)
    return address


@pytest.fixture(scope="module")
def published(address: Path) -> Iterator[Store]:
    with open_store(address, published=True) as store:
        yield store


def test_publishing_keeps_every_row_once(address: Path, published: Store):
    with open_store(address) as store:
        assert published.snapshot.tables == store.snapshot.tables


def test_the_planted_concentration_shows_on_the_dashboards(published: Store, small_sample: Sample):
    facts = customer_facts(published.transactions, as_of=small_sample.as_of)
    found = concentration(published.arrays(facts.select("monetary"))["monetary"])
    assert found.total == small_sample.facts["top_share"]["total"]
    assert found.top_value_share.value == pytest.approx(0.74, abs=1e-6)


def test_names_and_numbers_are_masked_and_cars_are_shown(published: Store, small_sample: Sample):
    rows = collect(published.customers)
    assert rows.name.str.contains(r"\*").all()
    assert not set(rows.name) & set(small_sample.facts["odd_names"].values())
    assert rows.phone.str.fullmatch(r"154\*{4}\d{4}").all()
    assert not {"birthday", "plate"} & set(rows.columns)
    assert {"car_model", "warranty_until", "usage"} <= set(rows.columns)
