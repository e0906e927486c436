"""The dashboards as they are in this process: the page that a kernel of Voila would make."""

from __future__ import annotations

import ast
import json
from pathlib import Path

from tests.conftest import ROOT
from workbench.pages.one_page import Page

DASHBOARDS = sorted((ROOT / "dashboards").glob("*.ipynb"))


def made(dashboard: Path) -> Page:
    """Run the one cell of a dashboard and return its page."""
    (cell,) = json.loads(dashboard.read_text(encoding="utf-8"))["cells"]
    tree = ast.parse("".join(cell["source"]))
    last = tree.body.pop()
    assert isinstance(last, ast.Expr)
    names: dict[str, object] = {}
    exec(compile(tree, dashboard.name, "exec"), names)  # noqa: S102  our own page
    page = eval(compile(ast.Expression(last.value), dashboard.name, "eval"), names)  # noqa: S307
    assert isinstance(page, Page)
    return page
