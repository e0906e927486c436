"""Saved views: addresses of our pages under names that people gave them, in one small file beside the publication."""

from __future__ import annotations

import json
import re
import secrets
import unicodedata
from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode

from workbench.errors import ChoiceError
from workbench.pages.address import BOARD, FILTERS, SECTION, several_values
from workbench.store.folder import private_files, write_atomically
from workbench.widgets.address import LONGEST_PART, MOST_PARTS

VIEWS_FILE = "views.json"
MOST_VIEWS = 200
LONGEST_NAME = 60
LONGEST_QUERY = 5000
LONGEST_READ = 10_000
SAVED_PARTS = re.compile("|".join([*FILTERS, SECTION, BOARD, r"[a-z_]{1,40}\.[a-z_]{1,40}"]))
"""What an address of a page says of itself; whatever else stands in one (a token, a language) is not saved."""


@dataclass(frozen=True)
class SavedView:
    """A page in one state of its filters and controls. `who` saved it: a login, or "" where a token is all there is."""

    id: str
    name: str
    page: str
    query: str
    who: str
    saved_on: str

    @property
    def address(self) -> str:
        """The address below the server's own."""
        return f"{self.page}?{self.query}" if self.query else self.page

    @property
    def regions(self) -> tuple[str, ...]:
        """The regions it filters by."""
        parts = parse_qsl(self.query)
        return tuple(value for name, said in parts if name == "region" for value in several_values(said))


class SavedViews:
    """The saved views of one store, for the pages that a server has."""

    def __init__(self, store: Path | str, pages: Collection[str]) -> None:
        self._file, self._pages = Path(store) / VIEWS_FILE, tuple(pages)

    def listed(self, regions: Sequence[str] = ()) -> list[SavedView]:
        """Return the views, by name; for whoever may see some regions only, those that ask for no other.

        What does not lead to a page that is served, e.g. after somebody wrote into the file by hand, is left out.
        Raises ChoiceError where the file cannot be read.
        """
        shown = [view for view in self._read() if self._leads_here(view)]
        if regions:
            shown = [view for view in shown if set(view.regions) <= set(regions)]
        return sorted(shown, key=lambda view: view.name.casefold())

    def save(self, name: str, page: str, query: str, who: str = "") -> SavedView:
        """Keep a page's address under a name.

        Raises ChoiceError: a name that is empty, too long or taken, an address that is none of a page here, a file
        that is full or cannot be read.
        """
        name = clean_name(name)
        if page not in self._pages:
            raise ChoiceError("view_address")
        kept = self._read()
        if any(view.name.casefold() == name.casefold() for view in kept):
            raise ChoiceError("view_name_taken", name=name)
        if len(kept) >= MOST_VIEWS:
            raise ChoiceError("views_full", most=MOST_VIEWS)
        today = datetime.now(UTC).date().isoformat()
        view = SavedView(secrets.token_hex(6), name, page, clean_query(query), who, today)
        self._write([*kept, view])
        return view

    def delete(self, view_id: str, who: str = "") -> None:
        """Forget a view, for whoever saved it; ChoiceError for anybody else. One that is gone is gone."""
        kept = self._read()
        if any(view.id == view_id and view.who != who for view in kept):
            raise ChoiceError("view_of_another")
        self._write([view for view in kept if view.id != view_id])

    def _leads_here(self, view: SavedView) -> bool:
        try:
            return view.page in self._pages and clean_query(view.query) == view.query
        except ChoiceError:
            return False

    def _read(self) -> list[SavedView]:
        try:
            content: Any = json.loads(self._file.read_text(encoding="utf-8"))
            views = [SavedView(**entry) for entry in content]
        except FileNotFoundError:
            return []
        except (OSError, ValueError, TypeError) as fault:
            raise ChoiceError("views_unreadable", file=self._file) from fault
        if not all(isinstance(value, str) for view in views for value in asdict(view).values()):
            raise ChoiceError("views_unreadable", file=self._file)
        return views

    def _write(self, views: list[SavedView]) -> None:
        text = json.dumps([asdict(view) for view in views], ensure_ascii=False, indent=1) + "\n"
        try:
            with private_files():
                write_atomically(self._file, text)
        except OSError as fault:
            raise ChoiceError("views_not_writable", file=self._file, fault=fault.strerror or "") from fault


def clean_name(name: str) -> str:
    """Return a name in one line; ChoiceError where nothing is left or too much.

    >>> clean_name("  华东  大客户 ")
    '华东 大客户'
    """
    visible = "".join(" " if sign.isspace() else sign for sign in name)
    visible = " ".join("".join(sign for sign in visible if unicodedata.category(sign)[0] != "C").split())
    if not 0 < len(visible) <= LONGEST_NAME:
        raise ChoiceError("view_name", most=LONGEST_NAME)
    return visible


def clean_query(query: str) -> str:
    """Return what a page's address says of the page, written our way; ChoiceError where it is too much.

    >>> clean_query("lang=en&region=A%26B&token=secret&pareto.by=margin&other=1")
    'region=A%26B&pareto.by=margin'
    """
    if len(query) > LONGEST_READ:
        raise ChoiceError("view_address")
    parts = [(name, value) for name, value in parse_qsl(query) if SAVED_PARTS.fullmatch(name)]
    written = urlencode(parts)
    is_long = any(len(value) > LONGEST_PART for _, value in parts)
    if is_long or len(parts) > MOST_PARTS or len(written) > LONGEST_QUERY:
        raise ChoiceError("view_address")
    return written
