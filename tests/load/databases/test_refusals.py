"""What a database refuses is one sentence in both languages, with what to do, and never with the password in it."""

from __future__ import annotations

import traceback
from pathlib import Path
from urllib.parse import quote

import duckdb
import pytest

from tests.load.databases.filling import run_mariadb, run_postgresql
from tests.load.databases.servers import PASSWORD
from workbench.errors import InstallError, LoadError, WorkbenchError
from workbench.load import Database, load, read_text_table

SECRET = "open#sesame"  # noqa: S105 - refused everywhere


def refusal(address: str, **wanted: object) -> WorkbenchError:
    """The error that loading raises; whatever it says anywhere holds no password."""
    with pytest.raises(WorkbenchError) as raised:
        read_text_table(Database(address, **wanted))
    said = "".join(traceback.format_exception(raised.value))
    said += raised.value.words("zh") + raised.value.words("en") + repr(raised.value)
    for secret in (SECRET, quote(SECRET, safe=""), PASSWORD, quote(PASSWORD, safe="")):
        assert secret not in said
    return raised.value


def with_password(address: str, secret: str) -> str:
    return address.replace("analyst@", f"analyst:{quote(secret, safe='')}@")


@pytest.mark.parametrize("kind", ["postgresql", "mariadb"])
def test_the_server_cannot_be_entered(kind, request, password, monkeypatch):
    server = request.getfixturevalue(f"{kind}_server")
    address = server.address
    scheme = address.partition("://")[0]
    assert refusal(with_password(address, SECRET)).key == "database_password"
    assert refusal(address.replace("analyst@", "nobody@")).key == "database_password"
    assert refusal(address.replace("/shop", "/nowhere")).key == "database_missing"
    assert refusal(f"{scheme}://a:{quote(SECRET)}@127.0.0.1:1/x").key == "database_unreachable"
    assert refusal(f"{scheme}://a:{quote(SECRET)}@no-such-host.invalid/x").key == "database_unreachable"
    monkeypatch.delenv("PGPASSWORD")
    monkeypatch.delenv("MYSQL_PWD")
    assert refusal(address).key == "database_password"


@pytest.mark.parametrize(
    ("sql", "key"),
    [
        ("SELECT * FROM nowhere", "database_query"),
        ("SELECT nothing FROM held", "database_query"),
        ("SELECT x FROM held WHERE", "database_query"),
        ("INSERT INTO held VALUES (2)", "database_query_writes"),
        ("WITH more AS (INSERT INTO held VALUES (2) RETURNING x) SELECT * FROM more", None),
        ("DROP TABLE held", "database_query_writes"),
        ("SELECT * FROM held FOR UPDATE", "database_query_writes"),
        ("SELECT 1; SELECT 2", "several_statements"),
        ("-- nothing", "unreadable_query"),
        ("", "unreadable_query"),
        ("SELECT 'unclosed", "unreadable_query"),
    ],
)
@pytest.mark.parametrize("kind", ["postgresql", "mariadb"])
def test_a_query_that_cannot_be_loaded(kind, sql, key, request, password):
    server = request.getfixturevalue(f"{kind}_server")
    run = run_postgresql if kind == "postgresql" else run_mariadb
    run(server, "DROP TABLE IF EXISTS held", "CREATE TABLE held (x int)",
        *(["GRANT ALL ON held TO analyst"] if kind == "postgresql" else []))  # fmt: skip
    keys = [key] if key else ["database_query_writes", "database_query"]
    assert refusal(server.address, queries={"q.sql": sql}).key in keys
    with read_text_table(Database(server.address, tables=["held"])) as text:
        assert text.sample == ()


def test_a_query_of_mysql_writes_no_file_on_the_server(mariadb_server, password):
    error = refusal(mariadb_server.address, queries={"q.sql": "SELECT 1 INTO OUTFILE '/tmp/rows.txt'"})
    assert error.key == "database_query_writes"


def test_a_value_that_breaks_a_query_off_is_not_repeated(postgresql_server, password):
    error = refusal(postgresql_server.address, queries={"q.sql": "SELECT CAST('王小明' AS integer)"})
    assert error.key == "database_query_failed"
    assert "王小明" not in error.words("zh") + "".join(traceback.format_exception(error))


def test_a_query_that_takes_too_long_is_told_from_one_that_fails(postgresql_server, password):
    slow = f"{postgresql_server.address}?options=-cstatement_timeout%3D300"
    assert refusal(slow, queries={"q.sql": "SELECT pg_sleep(5)"}).key == "database_timeout"
    later = "SELECT CASE WHEN n > 100000 THEN 1 / (n - n) ELSE n END AS n FROM generate_series(1, 200000) AS n"
    assert refusal(postgresql_server.address, queries={"q.sql": later}).facts["code"] == "22012"


def test_a_server_that_goes_away_is_told(postgresql_server, password):
    sql = "SELECT pg_terminate_backend(pg_backend_pid())"
    assert refusal(postgresql_server.address, queries={"q.sql": sql}).key == "database_lost"


def test_tables_that_may_not_be_read_are_not_there(postgresql_server, password):
    run_postgresql(postgresql_server, "CREATE TABLE IF NOT EXISTS hidden (x int)")
    assert refusal(postgresql_server.address, tables=["hidden"]).key == "missing_table"
    assert refusal(postgresql_server.address, queries={"q.sql": "SELECT * FROM hidden"}).key == "database_denied"


def test_several_tables_are_listed_to_choose_from(tmp_path):
    path = tmp_path / "shop.duckdb"
    with duckdb.connect(str(path)) as con:
        con.execute("CREATE TABLE orders (x int); CREATE TABLE customers (x int)")
    error = refusal(f"duckdb:///{path}")
    assert error.words("en").startswith(
        "duckdb:///shop.duckdb holds several tables: customers, orders. Say which to load: --tables a,b"
    )
    assert error.words("zh").startswith("duckdb:///shop.duckdb 中有多张表：customers、orders。")


def test_a_file_that_another_program_writes_or_that_is_damaged(tmp_path):
    path = tmp_path / "shop.duckdb"
    with duckdb.connect(str(path)) as con:
        con.execute("CREATE TABLE orders (x int)")
        con.execute("CHECKPOINT")
        assert refusal(f"duckdb:///{path}").key == "database_locked"
    path.write_bytes(path.read_bytes()[:5000])
    assert refusal(f"duckdb:///{path}").key == "database_broken"
    (tmp_path / "shop.db").write_bytes(b"SQLite format 3\0" + b"\xff" * 5000)
    assert refusal(f"sqlite:///{tmp_path}/shop.db").key == "database_broken"


def test_a_query_of_a_file_reaches_no_other_file(tmp_path):
    (tmp_path / "other.csv").write_text("a\n1\n")
    with duckdb.connect(str(tmp_path / "shop.duckdb")) as con:
        con.execute("CREATE TABLE orders (x int)")
    sql = f"SELECT * FROM read_csv('{tmp_path}/other.csv')"
    assert refusal(f"duckdb:///{tmp_path}/shop.duckdb", queries={"q.sql": sql}).key == "database_query"


@pytest.mark.parametrize(
    ("address", "key"),
    [
        ("mssql://sa:open%23sesame@host/shop", "database_kind"),
        ("postgresql://analyst:open#sesame@host/shop", "database_address"),
        ("mysql://analyst:12/open#sesame@host/shop", "database_address"),
        ("mysql://analyst:12?open#sesame@host/shop", "database_address"),
        ("postgresql://analyst@host:port/shop", "database_address"),
        ("postgresql://analyst@host/shop?port=open%23sesame", "database_address"),
        ("postgresql://[::1/shop", "database_address"),
        ("sqlite:///no/such.db", "missing_file"),
    ],
)
def test_an_address_that_is_none(address, key):
    with pytest.raises(LoadError) as raised:
        Database(address)
    assert raised.value.key == key
    assert "sesame" not in raised.value.words("en") + raised.value.words("zh") + repr(raised.value)


def test_options_that_mean_nothing_to_mysql_are_named(password):
    error = refusal(f"mysql://analyst:{quote(SECRET, safe='')}@host/shop?timeout=3")
    assert (error.key, error.facts["options"]) == ("database_option", ["timeout"])
    assert refusal("mysql://analyst@host").key == "database_unnamed"


def test_without_the_driver_the_sentence_says_what_to_install(monkeypatch):
    monkeypatch.setattr("workbench.load.reading.databases.drivers.find_spec", lambda _: None)
    for address, product in (("postgresql://h/d", "PostgreSQL"), ("mysql://h/d", "MySQL / MariaDB")):
        error = refusal(address)
        assert isinstance(error, InstallError)
        assert error.words("en") == (
            f"Loading from {product} needs the extra databases, which is not installed here."
            " Install it with: pip install 'crm-workbench[databases]'."
        )


def test_a_database_shows_neither_user_nor_password():
    database = Database(
        f"postgresql://analyst:{quote(SECRET, safe='')}@host:5433/shop?sslmode=require", tables=["orders"]
    )
    assert repr(database) == "Database('postgresql://host:5433/shop', tables=('orders',), queries=[])"
    assert SECRET not in repr(database.address)
    assert Database("postgresql://[::1]/shop").address.label == "postgresql://[::1]/shop"


def test_an_address_made_a_path_is_one_all_the_same_and_stays_unsaid(tmp_path):
    for path in (Path("mssql://sa:open#sesame@host/shop"), Path("mysql://sa:open#sesame@host/shop")):
        with pytest.raises(LoadError) as raised:
            load(path, store=tmp_path / "crm.store")
        assert "sesame" not in raised.value.words("en") + raised.value.words("zh") + repr(raised.value)


@pytest.mark.parametrize(
    ("address", "label"),
    [
        ("jdbc:postgresql://host:5433/shop?user=analyst&password=open%23sesame", "postgresql://host:5433/shop"),
        ("mysql+pymysql://analyst:open%23sesame@host/shop", "mysql://host/shop"),
        ("postgres://analyst@host/shop", "postgresql://host/shop"),
        ("postgresql:///shop?host=/var/run/postgresql", "postgresql://localhost/shop"),
        ("MARIADB://host:3306/shop", "mysql://host/shop"),
    ],
)
def test_addresses_as_other_programs_write_them(address, label):
    parsed = Database(address).address
    assert parsed.label == label
    assert parsed.password in (None, SECRET)


def test_a_way_of_login_that_needs_another_package_is_told(mariadb_server, password, monkeypatch):
    import pymysql

    def lacking(**_: object) -> None:
        raise RuntimeError(
            "'cryptography' package is required for sha256_password or caching_sha2_password auth methods"
        )

    monkeypatch.setattr(pymysql, "connect", lacking)
    error = refusal(mariadb_server.address)
    assert error.key == "database_refused"
    assert "'cryptography' package is required" in error.words("en")
