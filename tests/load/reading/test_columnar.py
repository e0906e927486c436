"""Typed columns read as text: tables in memory and Parquet files, and what their hash is of."""

from __future__ import annotations

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from workbench.errors import LoadError
from workbench.load import read_text_table

WHOLE = pa.table({"客户": [f"C{n}" for n in range(10)], "金额": [n * 1.5 for n in range(10)]})


def digest(table: pa.Table) -> str:
    with read_text_table(table) as text:
        return text.sha256


def test_a_table_has_one_hash_however_it_is_chunked_and_slices_have_others():
    chunked = pa.concat_tables([WHOLE.slice(0, 3), WHOLE.slice(3, 1), WHOLE.slice(4)])
    assert digest(chunked) == digest(WHOLE)
    assert len({digest(WHOLE), digest(WHOLE.slice(0, 5)), digest(WHOLE.slice(5)), digest(WHOLE.slice(5, 4))}) == 4
    assert digest(WHOLE.rename_columns(["customer", "金额"])) != digest(WHOLE)


def test_bytes_that_are_text_are_read_and_others_are_named(tmp_path, rows_of):
    """Old writers leave texts without saying that they are; a picture is none."""
    names, pictures = [b"\xe5\xbc\xa0\xe4\xb8\x89", None], [b"\xff\xd8\xff", b"\x00"]
    pq.write_table(pa.table({"姓名": names, "照片": pictures, "n": [1, 2]}), tmp_path / "people.parquet")
    with read_text_table(tmp_path / "people.parquet") as text:
        assert text.names == ("姓名", "n")
        assert rows_of(text) == [(1, "张三", "1"), (2, None, "2")]
        assert [(one.key, one.facts["columns"]) for one in text.problems] == [("binary_columns", ["照片"])]


def test_a_table_of_bytes_alone_has_nothing_to_load():
    with pytest.raises(LoadError) as raised:
        read_text_table(pa.table({"照片": [b"\xff"]}))
    assert raised.value.key == "no_usable_column"


def test_a_relation_of_duckdb_is_a_table(rows_of):
    with duckdb.connect() as con:
        relation = con.sql("SELECT 'C1' AS 客户, 1.50::DECIMAL(18,2) AS 金额")
        with read_text_table(relation) as text:
            assert (text.names, rows_of(text)) == (("客户", "金额"), [(1, "C1", "1.50")])
