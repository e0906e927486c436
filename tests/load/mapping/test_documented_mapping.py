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
    parts, answers = parse_mapping(example)
    assert parts.sources
    written = mapping_text(parts.sources, parts.company, parts.questions, parts.left_out)
    assert parse_mapping(written) == (parts, answers)
    assert parse_mapping(written)[0].questions == parts.questions
