"""What docs/mapping.md shows can be read as it stands there, and names every entry of a source."""

from __future__ import annotations

import re

import pytest

from tests.conftest import ROOT
from workbench.load.mapping.mapping_file import mapping_text, parse_mapping

TEXT = (ROOT / "docs" / "mapping.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```toml\n(.*?)```", TEXT, re.DOTALL)


@pytest.mark.parametrize("example", EXAMPLES)
def test_an_example_is_read_and_written_back(example: str):
    sources, company = parse_mapping(example)
    assert sources
    assert parse_mapping(mapping_text(sources, company)) == (sources, company)
