"""A store of an older version, which lacks columns and a table that came later, opens, publishes and is loaded on."""

from __future__ import annotations

import pytest

from tests.company import fill
from workbench.panels import Session
from workbench.schema import TABLES
from workbench.store import build, collect, contents, erase, open_store, publish, published_regions, regional_copy
from workbench.topics.data_quality.panel_measured import measured_quality

LATER = ("updated_on", "entered_department", "entered_by", "verified_by")


@pytest.fixture
def older(tmp_path, monkeypatch):
    """A store built as before the columns were there."""

    def write(connection):
        fill(connection)
        for name in LATER:
            connection.execute(f"ALTER TABLE customers DROP COLUMN {name}")

    with monkeypatch.context() as before:
        before.setattr(contents, "check_tables", lambda *_, **__: None)
        before.setattr(contents, "add_missing_columns", lambda *_, **__: None)
        before.setattr(contents, "TABLES", {name: one for name, one in TABLES.items() if name != "customer_facts"})
        build(tmp_path / "crm.store", write)
    return tmp_path / "crm.store"


def test_it_opens_and_its_quality_is_measured(older):
    with open_store(older) as store:
        assert not {*LATER} & {*store.customers.columns}
        rows = measured_quality(store).frames["columns"]
        assert "name" in set(rows["column_name"])
        assert not Session(store).has_ready_facts


def test_it_publishes_with_the_new_columns_empty_and_copies_for_regions(older):
    publish(older)
    with open_store(older, published=True) as store:
        rows = collect(store.customers.select(*LATER))
        assert len(rows)
        assert rows.isna().all(axis=None)
        assert store.noted("data_quality")
    with open_store(regional_copy(older, published_regions(older)[:1]), published=True) as copy:
        assert copy.noted("data_quality") == "", "it counts every region"


def test_it_is_loaded_on_and_erased_from(older):
    with open_store(older) as store:
        before = store.snapshot.tables["customers"]
        first = collect(store.customers.order_by("customer_id").limit(1))["customer_id"].iloc[0]
    build(older, lambda connection: connection.execute("DELETE FROM products"), start_from_current=True)
    erase(older, [first])
    with open_store(older) as store:
        assert {*LATER} < {*store.customers.columns}
        assert store.snapshot.tables["customers"] == before - 1
