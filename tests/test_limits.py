"""The limits of a load are set by variables of the environment, and said as people say them."""

from __future__ import annotations

from dataclasses import fields

import pytest

from tests.conftest import ROOT
from workbench.errors import ChoiceError, LoadError
from workbench.limits import IN_BYTES, LoadLimits, allowed, check_settings_size, load_limits, size_text, variable


def test_a_limit_is_what_its_variable_says_and_its_default_without_one(monkeypatch):
    monkeypatch.setenv("WORKBENCH_MAX_COLUMNS", "12")
    monkeypatch.setenv("WORKBENCH_MAX_LINE", "3 MB")
    monkeypatch.setenv("WORKBENCH_MAX_SHEETS", "")
    assert load_limits() == LoadLimits(columns=12, line_bytes=3_000_000)
    assert allowed("line_bytes") == {"most": "3 MB", "variable": "WORKBENCH_MAX_LINE"}


@pytest.mark.parametrize(
    ("name", "text"), [("COLUMNS", "many"), ("COLUMNS", "0"), ("COLUMNS", "3MB"), ("LINE", "16"), ("LINE", "-1MB")]
)
def test_a_variable_that_is_no_number_is_refused_by_its_name(monkeypatch, name, text):
    monkeypatch.setenv(f"WORKBENCH_MAX_{name}", text)
    with pytest.raises(ChoiceError) as refused:
        load_limits()
    assert f"WORKBENCH_MAX_{name}" in str(refused.value)
    assert text in str(refused.value)


def test_a_mapping_larger_than_people_write_is_refused_before_it_is_read(tmp_path, monkeypatch):
    monkeypatch.setenv("WORKBENCH_MAX_SETTINGS", "1KB")
    (tmp_path / "映射.toml").write_bytes(b"#" * 1_001)
    with pytest.raises(LoadError, match="1 KB; a mapping, a query or a list of rules may have up to 1 KB"):
        check_settings_size(tmp_path / "映射.toml")
    (tmp_path / "映射.toml").write_bytes(b"#" * 1_000)
    check_settings_size(tmp_path / "映射.toml")
    check_settings_size(tmp_path / "missing.toml")


def test_the_page_of_the_limits_lists_each_with_its_default():
    page = (ROOT / "docs" / "limits.md").read_text(encoding="utf-8")
    for field in fields(LoadLimits):
        default = getattr(LoadLimits(), field.name)
        said = size_text(default) if field.name in IN_BYTES else f"{default:,}"
        assert f"| `{variable(field.name)}` | {said} |" in page
