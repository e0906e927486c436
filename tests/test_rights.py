"""The file that binds logins to regions: what it says, and a sentence for each mistake in it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.company import AS_OF, crowd, fill
from workbench.errors import ChoiceError, StoreError
from workbench.export.about import ABOUT
from workbench.panels.downloads import about
from workbench.panels.session import Session
from workbench.serving import serve_dashboards
from workbench.serving.rights import read_rights
from workbench.store import build, collect, current_id, open_store, publish

RIGHTS = """
[[viewers]]
login = "wang.wei"
regions = ["华东"]

[[viewers]]
login = "li.na"
regions = "all"
"""


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    address = tmp_path_factory.mktemp("rights") / "crm.store"

    def write(connection) -> None:
        fill(connection)
        for statement in crowd(seed=3):
            connection.execute(statement)

    build(address, write, company="示例汽车", as_of=AS_OF)
    publish(address)
    return address


def written(folder: Path, text: str | bytes) -> Path:
    file = folder / "rights.toml"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return file


def test_a_login_gets_the_store_of_its_regions_and_one_with_all_the_whole(store: Path, tmp_path: Path):
    rights = read_rights(written(tmp_path, RIGHTS), store)
    assert rights.store_for("li.na") == store
    with open_store(rights.store_for("wang.wei"), published=True) as copy, open_store(store, published=True) as whole:
        assert set(collect(copy.customers)["region"]) == {"华东"}
        assert 0 < len(collect(copy.customers)) < len(collect(whole.customers))
        session = Session(copy, lang="zh")
        assert session.choices()["regions"] == ["华东"]
        assert "区域：华东" in session.filter_words()
        assert "区域：华东" in about(session, "pareto")["filter"]
        assert set(about(session, "pareto")) <= set(ABOUT)
    assert rights.admits("wang.wei")
    assert not rights.admits("Wang.Wei")
    assert not rights.admits("")
    with pytest.raises(KeyError):
        rights.store_for("somebody")


def test_what_a_page_should_show_changes_with_the_publication(store: Path, tmp_path: Path):
    rights = read_rights(written(tmp_path, RIGHTS), store)
    shown = current_id(rights.store_for("wang.wei"), published=True)
    assert rights.snapshot_for("wang.wei") == shown != current_id(store, published=True)
    assert rights.snapshot_for("li.na") == current_id(store, published=True)
    publish(store)
    assert rights.snapshot_for("wang.wei") != shown
    again = current_id(rights.store_for("wang.wei"), published=True)
    assert rights.snapshot_for("wang.wei") == again != shown


def entry(login: str = '"wang.wei"', regions: str = '["华东"]') -> str:
    return f"[[viewers]]\nlogin = {login}\nregions = {regions}\n"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (entry() + entry(regions='["华南"]'), "names the login wang.wei twice"),
        (
            entry(regions='["华东", "火星", "月球"]'),
            "gives wang.wei regions .*: 火星, 月球.*华东, 华南",
        ),
        (entry(regions='"华东"'), "Entry 1"),
        (entry() + entry('"li.na"', "[]"), "Entry 2"),
        (entry(regions="[1]"), "Entry 1"),
        (entry('""'), "Entry 1"),
        (entry('" wang.wei"'), "Entry 1"),
        (entry("7"), "Entry 1"),
        (entry() + "until = 2030-01-01\n", "Entry 1"),
        ("viewers = 3", "Entry 1"),
        ("viewers = [1]", "Entry 1"),
        (entry() + "[other]\n", "Entry 1"),
        ("", "Entry 1"),
        ("login = ", "cannot be read: .*at end of document"),
        ("华东".encode("gbk"), "cannot be read: .*utf-8"),
    ],
)
def test_each_mistake_in_the_file_is_said_in_one_sentence_before_anything_is_served(
    store: Path, tmp_path: Path, text: str | bytes, said: str
):
    file = written(tmp_path, text)
    with pytest.raises(ChoiceError, match=said) as mistake:
        serve_dashboards(store, login_header="X-User", rights=file, open_browser=False)
    for lang in ("zh", "en"):
        assert str(file) in mistake.value.words(lang)


def test_a_file_that_is_not_there_and_rights_without_a_login_are_said_too(store: Path, tmp_path: Path):
    with pytest.raises(ChoiceError, match=r"nowhere.toml cannot be read: No such file"):
        serve_dashboards(store, login_header="X-User", rights=tmp_path / "nowhere.toml", open_browser=False)
    with pytest.raises(ChoiceError, match="login_header"):
        serve_dashboards(store, rights=written(tmp_path, RIGHTS), open_browser=False)


def test_a_file_with_a_mark_at_its_beginning_is_read(store: Path, tmp_path: Path):
    assert read_rights(written(tmp_path, "\ufeff" + RIGHTS), store).admits("li.na")


def test_without_a_publication_rights_cannot_be_held_to_anything(tmp_path: Path):
    build(tmp_path / "crm.store", fill, as_of=AS_OF)
    with pytest.raises(StoreError, match="publish"):
        read_rights(written(tmp_path, RIGHTS), tmp_path / "crm.store")
