"""Records of publications: kept whole, read newest first, and left out where a file was changed."""

from __future__ import annotations

import stat

from workbench.store import publication_records, save_record

OLD, NEW = "20240101T000000000Z-0123456789ab", "20240201T000000000Z-0123456789ab"


def test_records_are_read_back_newest_first(tmp_path):
    save_record(tmp_path, OLD, {"figures": {"all": {"revenue": 1.5}}})
    save_record(tmp_path, NEW, {"figures": {"all&region=华东": {"revenue": None}}})
    assert publication_records(tmp_path) == [
        {"snapshot": NEW, "figures": {"all&region=华东": {"revenue": None}}},
        {"snapshot": OLD, "figures": {"all": {"revenue": 1.5}}},
    ]


def test_a_record_saved_again_replaces_the_first(tmp_path):
    for revenue in (1, 2):
        save_record(tmp_path, OLD, {"revenue": revenue})
    assert [record["revenue"] for record in publication_records(tmp_path)] == [2]


def test_a_changed_record_is_left_out_and_logged(tmp_path, caplog):
    save_record(tmp_path, OLD, {"revenue": 1})
    save_record(tmp_path, NEW, {"revenue": 2})
    path = tmp_path / "records" / f"{NEW}.json"
    path.write_text(path.read_text("utf-8").replace("2\n", "3\n"), "utf-8")
    assert [record["revenue"] for record in publication_records(tmp_path)] == [1]
    assert NEW in caplog.text


def test_a_store_without_records_has_none(tmp_path):
    assert publication_records(tmp_path) == []


def test_a_record_is_for_the_owner_alone(tmp_path):
    save_record(tmp_path, OLD, {"revenue": 1})
    assert stat.S_IMODE((tmp_path / "records" / f"{OLD}.json").stat().st_mode) == 0o600
