"""The bundle of Vega that we ship is the one vl-convert makes, and asks nobody for anything."""

from __future__ import annotations

import re

from workbench.widgets.assets import STATIC, VEGA, vega_versions
from workbench.widgets.build import bundle, versions


def test_the_bundle_is_up_to_date_with_vl_convert():
    assert vega_versions() == versions(), "run: python -m workbench.widgets.build"
    assert VEGA.read_text(encoding="utf-8") == bundle(), "run: python -m workbench.widgets.build"


def test_our_scripts_and_styles_name_no_other_host():
    addresses = {
        (path.name, found)
        for path in STATIC.iterdir()
        if path.suffix in (".js", ".css", ".svg")
        for found in re.findall(r"https?://[\w.-]+", path.read_text(encoding="utf-8"))
    }
    named_not_asked = {"http://www.w3.org", "https://vega.github.io", "https://github.com"}
    assert {found for _, found in addresses} <= named_not_asked


def test_the_licences_of_what_is_bundled_are_beside_it():
    text = (STATIC / "vega.LICENSE.txt").read_text(encoding="utf-8")
    assert [name for name in ("vega", "vega-lite", "vega-embed", "d3", "lodash") if name not in text.lower()] == []
