"""The narrow path through Ibis 12 on DuckDB 2.0: every function the workbench calls is called here, with its result.

The list grows by itself: the test reads the package and fails for a function that has no canary yet.
"""

from __future__ import annotations

import ast
from collections.abc import Callable
from pathlib import Path

import ibis
import ibis.expr.types as ir
import pytest

import workbench
from tests.store.conftest import write_three_orders
from workbench.analyses.filter_cells import bits_of_all
from workbench.analyses.rounding import rounded
from workbench.store import Store, build, collect, open_store

PACKAGE = Path(workbench.__file__).parent

TABLES: dict[str, tuple[Callable[[Store], ir.Table], list]] = {
    "agg": (lambda s: s.transactions.agg(x=s.transactions.amount.sum()), [200.0]),
    "aggregate": (lambda s: s.transactions.aggregate(x=s.transactions.amount.sum()), [200.0]),
    "anti_join": (
        lambda s: s.transactions.anti_join(s.customers.filter(s.customers.customer_id == "C1"), "customer_id").select(
            "order_id"
        ),
        ["A3"],
    ),
    "semi_join": (
        lambda s: s.transactions.semi_join(s.customers.filter(s.customers.customer_id == "C2"), "customer_id").select(
            "order_id"
        ),
        ["A3"],
    ),
    "cross_join": (lambda s: s.transactions.cross_join(s.customers.select("region")).agg(x=lambda j: j.count()), [6]),
    "distinct": (lambda s: s.transactions.select("customer_id").distinct().order_by("customer_id"), ["C1", "C2"]),
    "drop": (lambda s: s.customers.select("customer_id", "name").drop("name").order_by("customer_id"), ["C1", "C2"]),
    "filter": (lambda s: s.transactions.filter(s.transactions.amount > 100).select("order_id"), ["A1"]),
    "group_by": (
        lambda s: s.transactions.group_by("customer_id").agg(x=s.transactions.amount.sum()).order_by("x").select("x"),
        [49.5, 150.5],
    ),
    "head": (lambda s: s.transactions.order_by("amount").select("amount").head(1), [30.0]),
    "join": (
        lambda s: s.transactions.join(s.customers, "customer_id").filter(s.transactions.amount < 40).select("name"),
        ["张三"],
    ),
    "inner_join": (
        lambda s: (
            s.transactions.inner_join(s.customers, "customer_id").filter(s.transactions.amount < 40).select("name")
        ),
        ["张三"],
    ),
    "left_join": (
        lambda s: (
            s.customers.left_join(s.transactions.filter(s.transactions.customer_id == "C2"), "customer_id")
            .order_by("name")
            .select("order_id")
        ),
        [None, "A3"],
    ),
    "outer_join": (
        lambda s: (
            s.customers.filter(s.customers.customer_id == "C1")
            .outer_join(s.transactions.filter(s.transactions.customer_id == "C2"), "customer_id")
            .order_by("order_id")
            .select("order_id")
        ),
        ["A3", None],
    ),
    "limit": (lambda s: s.transactions.order_by("amount").select("amount").limit(1, offset=1), [49.5]),
    "mutate": (
        lambda s: s.transactions.mutate(x=s.transactions.amount * 2).order_by("x").select("x"),
        [60.0, 99.0, 241.0],
    ),
    "order_by": (lambda s: s.transactions.order_by(s.transactions.amount.desc()).select("amount"), [120.5, 49.5, 30.0]),
    "rename": (lambda s: s.customers.rename(client="customer_id").order_by("client").select("client"), ["C1", "C2"]),
    "select": (lambda s: s.transactions.select(x=s.transactions.amount.max()).distinct(), [120.5]),
    "union": (
        lambda s: s.transactions.select("amount").union(s.transactions.select("amount")).agg(x=lambda u: u.count()),
        [6],
    ),
    "unnest": (
        lambda s: s.transactions.agg(n=s.transactions.count()).select(x=ibis.range(0, 3).unnest()).order_by("x"),
        [0, 1, 2],
    ),
    "view": (lambda s: s.transactions.view().agg(x=lambda v: v.count()), [3]),
    "drop_null": (lambda s: s.transactions.drop_null("channel").agg(x=lambda d: d.count()), [0]),
    "as_table": (lambda s: s.transactions.amount.sum().as_table(), [200.0]),
    "ibis.union": (
        lambda s: ibis.union(s.transactions.select("amount"), s.transactions.select("amount")).agg(
            x=lambda u: u.count()
        ),
        [6],
    ),
    "ibis.memtable": (
        lambda s: ibis.memtable({"k": ["C2"]}).join(s.transactions, [("k", "customer_id")]).select("amount"),
        [49.5],
    ),
}
"""Functions that make tables: the name, a table of one column made with them, and its values."""

VALUES: dict[str, tuple[Callable[[ir.Table], ir.Value], list]] = {
    "abs": (lambda t: (-t.amount).abs(), [120.5, 30.0, 49.5]),
    "any": (lambda t: (t.amount > 100).any(), [True]),
    "all": (lambda t: (t.amount > 100).all(), [False]),
    "asc": (lambda t: ibis.row_number().over(order_by=t.amount.asc()), [2, 0, 1]),
    "between": (lambda t: t.amount.between(30, 50), [False, True, True]),
    "cast": (lambda t: t.amount.cast("int64"), [121, 30, 50]),
    "ceil": (lambda t: t.amount.ceil(), [121, 30, 50]),
    "floor": (lambda t: t.amount.floor(), [120, 30, 49]),
    "round": (lambda t: t.amount.cast("float64").round(), [121.0, 30.0, 50.0]),
    "coalesce": (lambda t: t.channel.coalesce("shop"), ["shop"] * 3),
    "collect": (lambda t: t.order_id.collect(order_by=t.order_id).length(), [3]),
    "count": (lambda t: t.count(), [3]),
    "day": (lambda t: t.day.day(), [5, 8, 29]),
    "month": (lambda t: t.day.month(), [3, 3, 2]),
    "quarter": (lambda t: t.day.quarter(), [1, 1, 1]),
    "year": (lambda t: t.day.year(), [2024] * 3),
    "truncate": (lambda t: t.day.truncate("M").day(), [1, 1, 1]),
    "delta": (lambda t: ibis.date("2024-03-08").delta(t.day, unit="day"), [3, 0, 8]),
    "desc": (lambda t: ibis.row_number().over(order_by=t.amount.desc()), [0, 2, 1]),
    "fill_null": (lambda t: t.cost.fill_null(0), [0.0] * 3),
    "identical_to": (lambda t: t.channel.identical_to(ibis.null("string")), [True] * 3),
    "ifelse": (lambda t: (t.amount > 40).ifelse("big", "small"), ["big", "small", "big"]),
    "isin": (lambda t: t.order_id.isin(["A1", "A3"]), [True, False, True]),
    "notin": (lambda t: t.order_id.notin(["A1", "A3"]), [False, True, False]),
    "isnull": (lambda t: t.channel.isnull(), [True] * 3),
    "notnull": (lambda t: t.channel.notnull(), [False] * 3),
    "nullif": (lambda t: t.order_id.nullif("A1"), [None, "A2", "A3"]),
    "length": (lambda t: t.order_id.length(), [2, 2, 2]),
    "lower": (lambda t: t.order_id.lower(), ["a1", "a2", "a3"]),
    "upper": (lambda t: t.order_id.upper(), ["A1", "A2", "A3"]),
    "strip": (lambda t: t.order_id.strip(), ["A1", "A2", "A3"]),
    "contains": (lambda t: t.order_id.contains("1"), [True, False, False]),
    "re_replace": (lambda t: t.order_id.re_replace("[A-Z]", ""), ["1", "2", "3"]),
    "right": (lambda t: t.order_id.right(1), ["1", "2", "3"]),
    "re_search": (lambda t: t.order_id.re_search("^A[12]$"), [True, True, False]),
    "startswith": (lambda t: t.order_id.startswith("A"), [True] * 3),
    "concat": (lambda t: t.order_id.concat("-", t.customer_id), ["A1-C1", "A2-C1", "A3-C2"]),
    "max": (lambda t: t.amount.max(), [120.5]),
    "min": (lambda t: t.day.min().day(), [29]),
    "argmax": (lambda t: t.order_id.argmax(t.amount), ["A1"]),
    "argmin": (lambda t: t.order_id.argmin(t.amount), ["A2"]),
    "first": (lambda t: t.order_id.first(order_by=t.amount), ["A2"]),
    "last": (lambda t: t.order_id.last(order_by=t.amount), ["A1"]),
    "lag": (lambda t: t.order_id.lag().over(order_by=t.order_id), [None, "A1", "A2"]),
    "lead": (lambda t: t.order_id.lead().over(order_by=t.order_id), ["A2", "A3", None]),
    "mean": (lambda t: t.amount.sum() / t.count(), [pytest.approx(200 / 3)]),
    "median": (lambda t: t.amount.median(), [49.5]),
    "quantile": (lambda t: t.amount.cast("float64").quantile(0.5), [49.5]),
    "std": (lambda t: t.amount.cast("float64").std(how="pop"), [pytest.approx(38.889444)]),
    "var": (lambda t: t.amount.cast("float64").var(how="pop"), [pytest.approx(1512.388889)]),
    "sqrt": (lambda t: (t.amount.max() - t.amount.max() + 9).cast("float64").sqrt(), [3.0]),
    "exp": (lambda t: (t.count() - 3).cast("float64").exp(), [1.0]),
    "ln": (lambda t: (t.count() - 2).cast("float64").ln(), [0.0]),
    "power": (lambda t: t.count().cast("float64") ** 2, [9.0]),
    "rank": (lambda t: t.amount.rank(), [2, 0, 1]),
    "dense_rank": (lambda t: t.customer_id.dense_rank(), [0, 0, 1]),
    "cumsum": (lambda t: t.amount.cumsum(order_by=t.order_id), [120.5, 150.5, 200.0]),
    "nunique": (lambda t: t.customer_id.nunique(), [2]),
    "over": (lambda t: t.amount.sum().over(group_by=t.customer_id), [150.5, 150.5, 49.5]),
    "strftime": (lambda t: t.day.strftime("%Y-%m"), ["2024-03", "2024-03", "2024-02"]),
    "substitute": (lambda t: t.customer_id.substitute({"C1": "a", "C2": "b"}), ["a", "a", "b"]),
    "cases": (lambda t: t.customer_id.cases(("C1", 1), else_=2), [1, 1, 2]),
    "udf.agg.builtin": (lambda t: bits_of_all(ibis.literal(1, "int64") << t.day.month()), [12]),
    "udf.scalar.builtin": (lambda t: rounded(t.amount.cast("float64") / 100, 1), [1.2, 0.3, 0.5]),
    "sum": (lambda t: t.amount.sum(), [200.0]),
    "as_interval": (lambda t: (t.day + t.day.month().as_interval("D")).cast("date").day(), [8, 11, 2]),
    "log10": (lambda t: (t.count() - 2).cast("float64").log10(), [0.0]),
    "sign": (lambda t: (-t.amount).sign(), [-1.0] * 3),
    "try_cast": (lambda t: t.order_id.try_cast("int64"), [None] * 3),
    "ibis.and_": (lambda t: ibis.and_(t.amount > 40, t.amount < 100), [False, False, True]),
    "ibis.or_": (lambda t: ibis.or_(t.amount < 40, t.amount > 100), [True, True, False]),
    "ibis.array": (lambda t: ibis.array([t.amount, t.amount]).length(), [2, 2, 2]),
    "ibis.range_window": (
        lambda t: t.amount.sum().over(ibis.range_window(preceding=(5, 0), order_by=t.day.day())),
        [120.5, 150.5, 49.5],
    ),
    "ibis.map": (lambda t: ibis.map(["C1", "C2"], [1, 2]).get(t.customer_id), [1, 1, 2]),
    "ibis.cases": (lambda t: ibis.cases((t.amount > 100, "A"), else_="B"), ["A", "B", "B"]),
    "ibis.coalesce": (lambda t: ibis.coalesce(t.channel, t.order_id), ["A1", "A2", "A3"]),
    "ibis.cumulative_window": (
        lambda t: t.amount.sum().over(ibis.cumulative_window(order_by=t.order_id)),
        [120.5, 150.5, 200.0],
    ),
    "ibis.date": (lambda t: t.day > ibis.date("2024-03-01"), [True, True, False]),
    "ibis.desc": (lambda t: ibis.row_number().over(order_by=ibis.desc(t.amount)), [0, 2, 1]),
    "ibis.asc": (lambda t: ibis.row_number().over(order_by=ibis.asc(t.amount)), [2, 0, 1]),
    "ibis.dense_rank": (lambda t: ibis.dense_rank().over(order_by=t.customer_id), [0, 0, 1]),
    "ibis.rank": (lambda t: ibis.rank().over(order_by=t.customer_id), [0, 0, 2]),
    "ibis.greatest": (lambda t: ibis.greatest(t.amount, 50), [120.5, 50.0, 50.0]),
    "ibis.least": (lambda t: ibis.least(t.amount, 50), [50.0, 30.0, 49.5]),
    "ibis.ifelse": (lambda t: ibis.ifelse(t.amount > 40, 1, 0), [1, 0, 1]),
    "ibis.interval": (lambda t: (t.day + ibis.interval(days=1)).day(), [6, 9, 1]),
    "ibis.literal": (lambda t: ibis.literal("x", "string").concat(t.order_id), ["xA1", "xA2", "xA3"]),
    "ibis.null": (lambda t: ibis.null("float64").fill_null(t.amount.cast("float64")), [120.5, 30.0, 49.5]),
    "ibis.range": (lambda t: ibis.range(0, 3).length() + t.count(), [6]),
    "ibis.row_number": (lambda t: ibis.row_number().over(order_by=t.order_id), [0, 1, 2]),
    "ibis.window": (lambda t: t.amount.max().over(ibis.window(group_by="customer_id")), [120.5, 120.5, 49.5]),
}
"""Functions that make values: the name, a value made with them over the orders A1, A2, A3, and what it is."""

SHARED = {
    "add", "clip", "date", "dropna", "endswith", "fillna", "get", "index", "intersection", "left", "map", "name",
    "names", "path", "replace", "sample", "sort", "split", "sql", "sums", "to_json", "to_pandas", "type", "unique",
    "values",
    "within",
}  # fmt: skip
"""Names that Ibis has too, called in the package on dictionaries, paths, texts, frames, schemas and the store."""

PLUMBING = {
    "compile",
    "execute",
    "find",
    "get_backend",
    "op",
    "to_pyarrow",
    "get_name",
    "schema",
    "equals",
    "as_scalar",
}
"""Called by every canary on its way through the store, or without any database."""

BROKEN = {
    "list_tables", "list_databases", "create_table", "create_view", "drop_table", "drop_view", "to_pyarrow_batches",
    "raw_sql", "read_csv", "read_parquet", "ntile",
}  # fmt: skip
"""Fails on DuckDB 2.0 and leaves the connection stuck, or (ntile) breaks ties by chance."""


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    address = tmp_path_factory.mktemp("company") / "crm.store"
    build(address, write_three_orders)
    with open_store(address) as store:
        yield store


def found(expr: ir.Expr) -> list:
    rows = collect(expr)
    column = rows.iloc[:, -1]
    return [None if value else known for known, value in zip(column, column.isna(), strict=True)]


@pytest.mark.parametrize("name", TABLES)
def test_a_table_function_works(store, name: str):
    make, expected = TABLES[name]
    assert found(make(store)) == expected


@pytest.mark.parametrize("name", VALUES)
def test_a_value_function_works(store, name: str):
    make, expected = VALUES[name]
    orders = store.transactions
    value = make(orders)
    if isinstance(value, ir.Scalar):
        assert found(value) == expected
    else:
        assert found(orders.mutate(x=value).order_by("order_id").select("x")) == expected


def calls() -> set[tuple[str, str]]:
    """Every attribute called in a module that imports Ibis, with the module."""
    found = set()
    for module in PACKAGE.rglob("*.py"):
        tree = ast.parse(module.read_text(encoding="utf-8"))
        if not any(imports_ibis(node) for node in ast.walk(tree)):
            continue
        others = {name for node in ast.walk(tree) for name in other_modules(node)}
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                owner = node.func.value
                if isinstance(owner, ast.Name) and owner.id in others:
                    continue
                of_ibis = isinstance(owner, ast.Name) and owner.id == "ibis"
                found.add(("ibis." * of_ibis + node.func.attr, module.name))
    return found


def other_modules(node: ast.AST) -> list[str]:
    """The names under which a module imports others than Ibis, e.g. np."""
    names = node.names if isinstance(node, ast.Import) else []
    return [alias.asname or alias.name for alias in names if not alias.name.startswith("ibis")]


def imports_ibis(node: ast.AST) -> bool:
    names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
    names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
    return any(name.split(".")[0] == "ibis" for name in names)


def expression_methods() -> set[str]:
    kinds = [kind for kind in vars(ir).values() if isinstance(kind, type) and issubclass(kind, ir.Expr)]
    return {name for kind in kinds for name in dir(kind) if not name.startswith("_")}


def test_every_ibis_function_the_package_calls_has_a_canary():
    known = {*TABLES, *VALUES, *SHARED, *PLUMBING}
    methods = expression_methods()
    ours = {(name, module) for name, module in calls() if name.startswith("ibis.") or name in methods}
    assert sorted((name, module) for name, module in ours if name not in known) == []


def test_nothing_that_breaks_on_duckdb_2_is_called():
    assert sorted((name, module) for name, module in calls() if name.removeprefix("ibis.") in BROKEN) == []
