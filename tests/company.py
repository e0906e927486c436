"""A small company whose sums can be done in the head, in a real store."""

from __future__ import annotations

import random
import shutil
from datetime import date, timedelta
from pathlib import Path

import duckdb
import pytest

from workbench.store import build, open_store, publish

AS_OF = date(2024, 12, 31)
HOSTILE = "</script><script>alert(1)</script>"
SPENT = [5000, 3000, 1000, 400, 200, 100, 100, 100, 50, 50]
"""What customers C01 to C10 spent, 10,000 in all: the first two of ten bring 80 %."""


BATTERY = ("关系", "性价比", "省时")
"""Items that the crowd rates, so that respondents can be grouped by what they value."""


def fill(connection: duckdb.DuckDBPyConnection) -> None:
    """Write the company: odd customers live in 华东, even ones in 华南; the first five are companies."""
    for number, spent in enumerate(SPENT, start=1):
        customer = f"C{number:02}"
        insert(
            connection,
            "customers",
            customer_id=customer,
            name=HOSTILE if number == 4 else f"王{number}",
            region="华东" if number % 2 else "华南",
            customer_type="企业" if number <= 5 else "个人",
        )
        for half, day in ((1, date(2023, 11, 11)), (2, date(2024, number, 15))):
            insert(
                connection,
                "transactions",
                customer_id=customer,
                order_id=f"{customer}-{half}",
                day=day,
                product_id=f"P{number % 3}",
                category="保养",
                amount=spent / 2,
                cost=spent / 4,
                is_cancelled=False,
                is_purchase=True,
            )
        for kind, item, score, low, high in (
            ("nps", "推荐", 10 - number, 0, 10),
            ("csat", "结算", 1 + number % 5, 1, 5),
        ):
            insert(
                connection,
                "surveys",
                response_id=f"R{number}",
                customer_id=customer,
                day=date(2024, number, 20),
                item=item,
                kind=kind,
                score=score,
                scale_low=low,
                scale_high=high,
                touchpoint="结算" if number % 2 else "接待",
            )


def crowd(*, seed: int, customers: int = 90) -> tuple[str, ...]:
    """Return SQL that adds a crowd to the company, small groups lie in it wherever one cuts."""
    dice = random.Random(seed)
    people, sales, answers = [], [], []
    for number in range(customers):
        customer, only_returned = f"D{number:03}", number % 30 == 7
        region = dice.choice(["华东"] * 5 + ["华南"] * 4 + ["西北"])
        kind = dice.choice(["企业"] * 3 + ["个人"] * 4)
        tier = dice.choice(["金卡"] + ["银卡"] * 3 + [None] * 5)
        people.append((customer, f"李{number}", region, kind, tier))
        rhythm, last = dice.choice([15, 40, 90, 200]), AS_OF - timedelta(days=dice.randrange(200))
        for visit in range(1 if only_returned else dice.choice([1, 1, 2, 3, 5, 8])):
            day = last - timedelta(days=visit * rhythm + dice.randrange(10))
            amount = -50 if only_returned else 10 * dice.randint(1, 9) * dice.choice([1, 1, 2, 5, 20])
            order, product = f"{customer}-{visit}", f"P{dice.randrange(6)}"
            sales.append((customer, order, day.isoformat(), product, "保养", amount, 40, False, not only_returned))
        for item, kind, high in (("推荐", "nps", 10), ("结算", "csat", 5), *((one, "other", 5) for one in BATTERY)):
            place = dice.choice(["结算"] * 5 + ["接待"] * 3 + ["维修"])
            day = AS_OF - timedelta(days=dice.randrange(300))
            if dice.random() < 0.7:
                score = dice.randint(1, high)
                answers.append((f"S{number}", customer, day.isoformat(), item, kind, score, 1, high, place))
    columns = {
        "customers": "customer_id, name, region, customer_type, tier",
        "transactions": "customer_id, order_id, day, product_id, category, amount, cost, is_cancelled, is_purchase",
        "surveys": "response_id, customer_id, day, item, kind, score, scale_low, scale_high, touchpoint",
    }
    written = dict(zip(columns, (people, sales, answers), strict=True))
    return tuple(
        f"INSERT INTO {table} ({names}) VALUES {', '.join(map(_values, written[table]))}"  # noqa: S608  our own names
        for table, names in columns.items()
    )


def _values(row: tuple[object, ...]) -> str:
    return "(" + ", ".join("NULL" if one is None else f"'{one}'" for one in row) + ")"


def insert(connection: duckdb.DuckDBPyConnection, table: str, **row: object) -> None:
    columns, marks = ", ".join(row), ", ".join("?" * len(row))
    connection.execute(f"INSERT INTO {table} ({columns}) VALUES ({marks})", list(row.values()))  # noqa: S608  our own names


@pytest.fixture(scope="session")
def make_store(tmp_path_factory):
    """Return a function that builds the company, changed by SQL statements, and opens it."""

    built: dict[tuple[object, ...], Path] = {}
    opened = []

    def make(*changes: str, published: bool = False, as_of: date = AS_OF):
        def write(connection):
            fill(connection)
            for change in changes:
                connection.execute(change)

        wanted = (changes, published, as_of)
        if wanted not in built:
            built[wanted] = tmp_path_factory.mktemp("built") / "crm.store"
            build(built[wanted], write, company="示例汽车", as_of=as_of)
            if published:
                publish(built[wanted])
        address = tmp_path_factory.mktemp("company") / "crm.store"
        shutil.copytree(built[wanted], address)  # each its own: a test may keep definitions in it
        opened.append(open_store(address, published=published))
        return opened[-1]

    yield make
    for store in opened:
        store.close()


@pytest.fixture(scope="session")
def store(make_store):
    """The company as an analyst opens it."""
    return make_store()


@pytest.fixture(scope="session")
def published_store(make_store):
    """The company as a manager's page opens it."""
    return make_store(published=True)


@pytest.fixture
def run_code(monkeypatch):
    """Run the code a panel shows, on the panel's own store."""

    def run(panel):
        monkeypatch.setattr("workbench.open_store", lambda *_, **__: panel.session.store)
        monkeypatch.setattr("workbench.collect", panel.session.store.collect)
        names: dict[str, object] = {}
        exec(panel.code(), names)  # noqa: S102  the promise is that it runs as shown
        return names

    return run
