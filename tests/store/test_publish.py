"""What dashboards get: no direct identifier in any byte, the same customers and sums, and the facts of the load."""

from __future__ import annotations

import re
from datetime import date

import duckdb
import pytest

from workbench.errors import ChoiceError, StoreError
from workbench.schema import TABLES
from workbench.store import build, collect, current_id, erase, open_store, publish
from workbench.store.budget import Budget
from workbench.store.manifest import Manifest

PEOPLE = [
    ("KH-10001", "诸葛孔明", "13912345678", "kongming@example.com", "成都市武侯祠大街231号", "510107198001011234"),
    ("KH-10002", "Wolfgang Beckenbauer", "+86 158 7654 3210", "w@example.org", "南京西路1266号", "310106197505055678"),
    ("KH-10003", "张伟", "010-87654321", "zhangwei@example.cn", "北京市朝阳区望京街9号", "110105199009099012"),
]


def write_people(con: duckdb.DuckDBPyConnection) -> None:
    """Three people in every table that knows customers, with everything personal filled in."""
    con.execute("ALTER TABLE customers ADD COLUMN 车型 VARCHAR")
    con.execute("ALTER TABLE customers ADD COLUMN 车架号 VARCHAR")
    for number, (customer_id, name, phone, email, home, id_number) in enumerate(PEOPLE):
        con.execute(
            "INSERT INTO customers (customer_id, name, phone, email, address, id_number, birthday, 车型, 车架号)"
            " VALUES (?, ?, ?, ?, ?, ?, DATE '1980-01-01', '哈弗 H6', ?)",
            [customer_id, name, phone, email, home, id_number, f"LGWEF4A5{number}"],
        )
        con.execute(
            "INSERT INTO transactions (customer_id, order_id, day, amount, is_purchase)"
            " VALUES (?, ?, DATE '2024-03-05', ?, true)",
            [customer_id, f"DD-2024-{number}", 100 * (number + 1)],
        )
        con.execute(
            "INSERT INTO surveys (response_id, customer_id, item, score, comment) VALUES (?, ?, 'nps', 9, ?)",
            [f"HF-{number}", customer_id, f"{name}很满意"],
        )
        con.execute(
            "INSERT INTO complaints (complaint_id, customer_id, day, narrative) VALUES (?, ?, DATE '2024-03-06', ?)",
            [f"TS-{number}", customer_id, f"请回电 {phone}"],
        )
        con.execute(
            "INSERT INTO interactions (interaction_id, customer_id, day, note) VALUES (?, ?, DATE '2024-03-07', ?)",
            [f"HD-{number}", customer_id, f"{name}来电"],
        )
        con.execute(
            "INSERT INTO customer_facts (customer_id, last_on, frequency, monetary, as_of)"
            " VALUES (?, DATE '2024-03-05', 1, ?, DATE '2024-03-07')",
            [customer_id, 100 * (number + 1)],
        )
        con.execute(
            "INSERT INTO rejects VALUES (1, '客户.csv', NULL, 5, 'customers', 'phone', ?, 'phone', '{}')", [phone + "x"]
        )
    con.execute("INSERT INTO employees (employee_id, employee_name) VALUES ('E1', '尉迟敬德')")
    con.execute("INSERT INTO sources VALUES (1, '/home/analyst/导出/客户.csv', NULL, 'ab12', 'customers', 6, 3, 3, 0)")


SECRETS = sorted(
    {value for person in PEOPLE for value in person}
    | {"尉迟敬德", "LGWEF4A5", "DD-2024-", "HF-0", "TS-0", "HD-0", "很满意", "请回电", "/home/analyst"}
)


@pytest.fixture
def company(address):
    build(address, write_people, company="四海汽车", publish_attributes={"customers": ["车型"]})
    return address


@pytest.fixture
def uncompressed(monkeypatch):
    """Make every new database file without compression, so that its texts can be found in its bytes."""
    original = Budget.connect

    def connect(self, path, spill_folder, *, read_only=False):
        con = original(self, path, spill_folder, read_only=read_only)
        con.execute("SET force_compression = 'uncompressed'")
        return con

    monkeypatch.setattr(Budget, "connect", connect)


def content(address, *, published: bool) -> bytes:
    return b"".join(
        path.read_bytes()
        for path in (address / ("published" if published else "snapshots")).rglob("*")
        if path.is_file()
    )


def found_in(content: bytes, secrets=SECRETS) -> list[str]:
    """The secrets that stand in the bytes as UTF-8."""
    return [secret for secret in secrets if secret.encode() in content]


def test_no_direct_identifier_stands_in_any_byte_of_a_publication(uncompressed, company):
    publish(company)
    assert found_in(content(company, published=False)) == SECRETS, "the search itself should find them where they are"
    assert found_in(content(company, published=True)) == []


def test_personal_columns_are_masked_replaced_or_left_out_as_the_schema_says(company):
    publish(company)
    with open_store(company, published=True) as store:
        for table in TABLES.values():
            columns = store.table(table.name).columns
            assert [c.name for c in table.columns if c.personal != "drop"] == [c for c in columns if c in table.names]
        rows = collect(store.customers.order_by("name"))
        assert rows["name"].tolist() == ["W*** B***", "张*", "诸葛**"]
        assert rows["phone"].tolist() == ["158****3210", "010****4321", "139****5678"]
        assert all(re.fullmatch("[0-9A-V]{12}", customer_id) for customer_id in rows["customer_id"])


def test_only_declared_attributes_are_published(company):
    publish(company)
    with open_store(company, published=True) as store:
        assert "车型" in store.customers.columns
        assert "车架号" not in store.customers.columns


def test_a_customer_has_the_same_pseudonym_in_every_table_and_publication(company):
    publish(company)
    with open_store(company, published=True) as store:
        c = store.customers
        for other in (store.transactions, store.surveys, store.complaints, store.interactions):
            assert len(collect(c.join(other, "customer_id"))) == len(PEOPLE)
        before = collect(c.order_by("customer_id"))["customer_id"].tolist()
    publish(company)
    with open_store(company, published=True) as store:
        assert collect(store.customers.order_by("customer_id"))["customer_id"].tolist() == before


def test_counts_and_sums_of_a_publication_equal_those_of_its_snapshot(company):
    published = publish(company)
    source = Manifest.of(company / "snapshots" / f"{current_id(company)}.duckdb")
    copy = Manifest.of(company / "published" / f"{published.id}.duckdb")
    assert copy.snapshot.tables == source.snapshot.tables
    assert copy.sums == source.sums
    assert copy.published_from == source.snapshot.id


def test_a_publication_tells_its_company_day_files_and_smallest_group(company):
    published = publish(company, minimum_group=8)
    with open_store(company, published=True) as store:
        assert store.snapshot == published
        assert (published.company, str(published.as_of), published.published) == ("四海汽车", "2024-03-07", True)
        assert published.minimum_group == 8
        assert [(source.file, source.rows_read, source.rows_rejected) for source in published.sources] == [
            ("客户.csv", 6, 3)
        ]


def test_a_publication_speaks_of_the_same_day_as_its_snapshot(address):
    build(address, write_people, as_of=date(2024, 3, 31))
    assert publish(address).as_of == date(2024, 3, 31)
    assert erase(address, ["KH-10001"]).as_of == date(2024, 3, 31)
    with open_store(address, published=True) as store:
        assert store.snapshot.as_of == date(2024, 3, 31)


def test_rejected_values_are_not_published(company):
    publish(company)
    with open_store(company, published=True) as store, pytest.raises(StoreError) as caught:
        _ = store.rejects
    assert caught.value.key == "not_in_published"


def test_only_the_newest_publication_stays(company):
    for _ in range(3):
        published = publish(company)
    assert {path.stem for path in (company / "published").iterdir()} == {published.id}


def test_a_customer_missing_from_the_next_load_is_gone_from_the_publication(uncompressed, company):
    publish(company)
    with open_store(company, published=True) as store:
        gone = collect(store.customers.filter(store.customers.name == "诸葛**"))["customer_id"][0]
    assert found_in(content(company, published=True), [gone]) == [gone]
    build(company, lambda con: con.execute("INSERT INTO customers (customer_id, name) VALUES ('KH-10003', '张伟')"))
    publish(company)
    assert found_in(content(company, published=True), [gone, "诸葛"]) == []


def test_a_damaged_snapshot_is_not_published(company):
    publish(company)
    before = current_id(company, published=True)
    path = company / "snapshots" / f"{current_id(company)}.duckdb"
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(StoreError) as caught:
        publish(company)
    assert caught.value.key == "snapshot_damaged_only"
    assert current_id(company, published=True) == before


@pytest.mark.parametrize("minimum_group", [0, -5])
def test_a_group_of_nobody_cannot_be_the_smallest(company, minimum_group: int):
    with pytest.raises(ChoiceError):
        publish(company, minimum_group=minimum_group)
