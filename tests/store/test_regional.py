"""Copies for viewers of some regions: no row, name or sum of another region stands in their bytes."""

from __future__ import annotations

import threading
from datetime import date, timedelta
from pathlib import Path

import pytest

from tests.company import AS_OF, insert
from workbench.errors import StoreError
from workbench.store import build, collect, open_store, publish, published_regions, regional_address, regional_copy

PLACES = ("华东", "华南", "西北")


def fill(connection) -> None:
    """One customer a region with a sale, an answer, a complaint and a call; and those who are not so simple."""
    for number, region in enumerate(PLACES):
        customer = f"C{number}"
        place = {"customer_id": customer, "region": None, "day": date(2024, 3, 1 + number)}
        insert(
            connection,
            "customers",
            customer_id=customer,
            name=f"王{number}",
            region=region,
            city=f"{region}市",
            owner=f"E{number}",
            customer_type="企业",
        )
        insert(connection, "transactions", **place, amount=10**number, is_purchase=True, is_cancelled=False)
        insert(connection, "surveys", **place, response_id=f"R{number}", item="推荐", kind="nps", score=number)
        insert(connection, "complaints", **place, complaint_id=f"K{number}")
        insert(connection, "interactions", **place, interaction_id=f"I{number}")
        insert(connection, "employees", employee_id=f"E{number}", employee_name=f"李{number}", region=region)
        insert(connection, "products", product_id=f"P{number}", product_name=f"机油{number}")
    abroad = {"day": date(2024, 4, 1), "is_purchase": True, "is_cancelled": False}
    insert(connection, "transactions", customer_id="C2", region="华东", amount=5000, **abroad)
    insert(connection, "transactions", customer_id="C0", region="西北", amount=70000, **abroad)
    insert(connection, "transactions", customer_id=None, region=None, amount=900000, **abroad)
    connection.execute("ALTER TABLE transactions ADD COLUMN 门店 VARCHAR")
    connection.execute("UPDATE transactions SET 门店 = '门店' || amount::INT")
    connection.execute("INSERT INTO sources VALUES (1, '西北.csv', NULL, 'ab12', 'customers', 6, 3, 3, 0)")


@pytest.fixture
def store(tmp_path: Path) -> Path:
    address = tmp_path / "crm.store"
    build(address, fill, company="启程", as_of=AS_OF, publish_attributes={"transactions": ["门店"]})
    publish(address)
    return address


def test_a_copy_holds_the_rows_of_its_regions_and_no_other(store: Path):
    with open_store(regional_copy(store, ["华东"]), published=True) as copy:
        sales = collect(copy.transactions.order_by("amount"))
        assert list(sales["amount"]) == [1.0, 5000.0]
        assert list(collect(copy.surveys)["score"]) == [0.0]
        assert [len(collect(copy.table(name))) for name in ("complaints", "interactions", "employees")] == [1, 1, 1]
        assert len(collect(copy.products)) == 3
        assert len(collect(copy.sources)) == 0
        customers = collect(copy.customers.order_by("source_line", "region"))
        assert set(customers["region"].dropna()) == {"华东"}
        assert len(customers) == 2
        guest = customers[customers["region"].isna()].iloc[0]
        assert guest["customer_type"] == "企业"
        assert guest[["city", "owner"]].isna().all()
        assert copy.snapshot.tables["transactions"] == 2


def test_no_byte_of_another_region_is_left_in_a_copy(store: Path):
    copy = regional_copy(store, ["华东"])
    (file,) = (copy / "published").glob("*.duckdb")
    raw = file.read_bytes() + file.with_suffix(".json").read_bytes()
    for word in ("华东", "门店1", "门店5000"):
        assert word.encode() in raw
    for word in ("华南", "西北", "门店10", "门店70000", "门店900000"):
        assert word.encode() not in raw


def test_a_copy_of_two_regions_adds_them_up_and_says_which_they_are(store: Path):
    with open_store(regional_copy(store, ["西北", "华东"]), published=True) as copy:
        assert copy.regions == ("华东", "西北")
        assert collect(copy.transactions)["amount"].sum() == 1 + 5000 + 100 + 70000
    with open_store(store, published=True) as whole:
        assert whole.regions == ()
        assert copy.snapshot.created_at - whole.snapshot.created_at <= timedelta(milliseconds=1)
        assert (copy.snapshot.company, copy.snapshot.as_of) == (whole.snapshot.company, whole.snapshot.as_of)
        assert copy.snapshot.minimum_group == whole.snapshot.minimum_group


def test_a_copy_is_made_once_and_goes_with_the_next_publication(store: Path):
    first = regional_copy(store, ["华东"])
    made = (first / "PUBLISHED").stat().st_mtime_ns
    assert regional_copy(store, ["华东", "华东"]) == first
    assert (first / "PUBLISHED").stat().st_mtime_ns == made
    publish(store)
    assert not first.exists()
    assert regional_address(store, ["华东"]) != first
    assert regional_copy(store, ["华东"]).exists()


def test_many_pages_may_ask_for_a_copy_at_once(store: Path):
    found: list[Path] = []
    threads = [threading.Thread(target=lambda: found.append(regional_copy(store, ["华南"]))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(found) == {regional_address(store, ["华南"])}
    assert len(found) == 4
    assert [path.name for path in found[0].parent.iterdir()] == [found[0].name]


def test_a_copy_can_be_read_by_its_owner_alone(store: Path):
    copy = regional_copy(store, ["华东"])
    assert {path.stat().st_mode & 0o077 for path in (copy.parent, copy, *copy.rglob("*"))} == {0}


def test_the_regions_are_those_that_any_published_row_names(store: Path):
    assert published_regions(store) == sorted(PLACES)


def test_without_a_publication_there_is_no_copy(tmp_path: Path):
    build(tmp_path / "crm.store", fill, as_of=AS_OF)
    for ask in (published_regions, lambda store: regional_copy(store, ["华东"])):
        with pytest.raises(StoreError, match="publish"):
            ask(tmp_path / "crm.store")


def test_looks_into_a_copy_are_logged_with_the_whole_store(store: Path):
    with open_store(regional_copy(store, ["华东"]), published=True) as copy:
        assert copy.log_address == store
    with open_store(store, published=True) as whole:
        assert whole.log_address == store
