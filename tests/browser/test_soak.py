"""A tenth of the crowd of benchmarks/soak.py, on a page of the sample company's key figures alone."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from benchmarks.soak import Bounds, Finding, soak
from tests.browser.pages import write_page

KEY_FIGURES = """
from workbench.pages import visited_page
visited_page("overview", [], period="last_12_months")
"""
HASTE = """
from workbench.serving import dashboards, page_kernels
page_kernels.LEFT_SECONDS, page_kernels.CROWDED_SECONDS = 12, 4
dashboards.LOOK_EVERY_SECONDS, dashboards.PING_SECONDS, dashboards.SILENT_SECONDS = 0.5, 3, 10
dashboards.CONNECTION_BOUNDS |= {"idle_connection_timeout": 5, "body_timeout": 5}
dashboards.UNREAD_SECONDS = 5
"""
"""What takes a minute and a half takes a few seconds."""


@pytest.fixture(scope="module")
def found(browser: Browser, sample_store: Path, tmp_path_factory: pytest.TempPathFactory, trials) -> list[Finding]:
    """What was found of each trial."""
    workplace = tmp_path_factory.mktemp("soak")
    pages = workplace / "pages"
    pages.mkdir()
    write_page(pages / "overview.ipynb", KEY_FIGURES)
    scale = trials(100) / 100
    settings = {"workplace": workplace, "before_serving": HASTE, "scale": scale, "places": 2 + round(30 * scale)}
    return soak(browser, sample_store, pages, bounds=Bounds(), comes_twice=scale == 1, **settings)


def test_a_crowd_harms_nobody_and_leaves_nothing_behind(found: list[Finding], trials):
    assert [one for one in found if not one.is_met] == []
    assert len(found) == (16 if trials(100) == 100 else 12)
