"""A report without a browser: the page is made here, opened at an address, written down."""

from __future__ import annotations

import ast
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast
from urllib.parse import parse_qsl, unquote, urlsplit

from workbench.errors import ChoiceError
from workbench.export.extra import ExtraPackage, check_extra
from workbench.pages.address import PageAddress, wished_parts
from workbench.pages.one_page import Page
from workbench.pages.report import REPORT_WRITERS, ReportFormat, report_name, report_of
from workbench.serving.shipped import shipped_dashboards
from workbench.store.folder import locate

EXTRAS: Mapping[str, ExtraPackage] = {"pdf": "typst", "pptx": "pptx"}
USUAL_PAGE = "overview"


@dataclass(frozen=True)
class ReportWish:
    """Which page, and what it is to show: the parts of its address."""

    page: str
    parts: dict[str, str] = field(default_factory=dict)


def wish_of(address: str, filters: Sequence[str], *, page: str | None = None) -> ReportWish:
    """Read what was asked for: an address as a browser shows it, and filters that come on top of it.

    Raises ChoiceError for a filter that is not written NAME=VALUE.

    >>> wish_of("http://127.0.0.1:8866/pareto?lang=en&region=A&token=x", ["pareto.by=margin"])
    ReportWish(page='pareto', parts={'lang': 'en', 'region': 'A', 'pareto.by': 'margin'})
    """
    where = urlsplit(address.strip())
    parts = wished_parts(where.query)
    for one in filters:
        pairs = parse_qsl(one, keep_blank_values=True)
        if not pairs or "=" not in one:
            raise ChoiceError("report_filter_form", part=one)
        parts |= dict(pairs)
    named = unquote(where.path.rstrip("/").rpartition("/")[2])
    return ReportWish(page or named or USUAL_PAGE, parts)


def write_report(address: Path | str, wish: ReportWish, *, formats: Sequence[str], folder: Path) -> list[Path]:
    """Write a page of the published store down, one file for each format; return where they are.

    Nothing is written where the page cannot show all that was asked: a report of other filters would be believed.
    Raises ChoiceError for that, for an unknown page or format, InstallError where a format's package is missing.
    """
    for one in formats:
        if one not in REPORT_WRITERS:
            raise ChoiceError("unknown_choice", name="format", value=one, allowed=tuple(REPORT_WRITERS))
        if one in EXTRAS:
            check_extra(EXTRAS[one])
    with _store_of_pages(locate(address)):
        page = shipped_page(wish.page)
    opened = PageAddress(page)
    opened.open(wish.parts)
    unmet = opened.unmet(wish.parts)
    if unmet:
        raise ChoiceError("report_not_offered", page=wish.page, parts=unmet)
    report, name = report_of(page), report_name(page)
    written = {folder / f"{name}.{one}": REPORT_WRITERS[cast(ReportFormat, one)](report) for one in formats}
    folder.mkdir(parents=True, exist_ok=True)
    for path, content in written.items():
        path.write_bytes(content)
    return [*written]


def shipped_page(name: str) -> Page:
    """Run the one cell of a shipped dashboard and return its page."""
    known = {path.stem: path for path in sorted(shipped_dashboards().glob("*.ipynb"))}
    if name not in known:
        raise ChoiceError("no_page", page=name, allowed=list(known))
    (cell,) = json.loads(known[name].read_text(encoding="utf-8"))["cells"]
    tree = ast.parse("".join(cell["source"]))
    last = cast(ast.Expr, tree.body.pop())
    names: dict[str, object] = {}
    exec(compile(tree, name, "exec"), names)  # noqa: S102  a page that came with the workbench
    return cast(Page, eval(compile(ast.Expression(last.value), name, "eval"), names))  # noqa: S307  the same


@contextmanager
def _store_of_pages(store: Path) -> Iterator[None]:
    """Let pages find the store where the server names it to them, and no visitor's address."""
    kept = {name: os.environ.get(name) for name in ("WORKBENCH_STORE", "QUERY_STRING")}
    os.environ["WORKBENCH_STORE"] = str(store)
    os.environ.pop("QUERY_STRING", None)
    try:
        yield
    finally:
        for name, value in kept.items():
            os.environ.pop(name, None) if value is None else os.environ.update({name: value})
