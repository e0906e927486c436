"""What panels wrote as HTML, read back as tables and sentences, so that a report says what the page says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser

from workbench.export.report import ReportTable

NUMERIC_CLASSES = {f"wb-{kind}" for kind in ("count", "money", "share", "points")}
HEADING_TAGS = {"h3", "h4"}
SENTENCE_TAGS = {"p", "li", "summary", *HEADING_TAGS}


@dataclass
class ReadMarkup:
    """The tables and sentences of a piece of markup, in their order."""

    tables: list[ReportTable] = field(default_factory=list)
    sentences: list[str] = field(default_factory=list)


def read_markup(html: str) -> ReadMarkup:
    """Read markup that the house's panels wrote: tables of `table_html`, paragraphs, headings and lists.

    >>> read_markup('<p class="wb-note">10 % &amp; more</p>').sentences
    ['10 % & more']

    A heading right before a table is the table's title.
    """
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader.markup


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.markup = ReadMarkup()
        self._words: list[str] | None = None
        self._headings: list[str] = []
        self._numeric: list[bool] = []
        self._rows: list[list[str]] = []
        self._title = ""

    def handle_starttag(self, tag: str, attrs: Sequence[tuple[str, str | None]]) -> None:
        if tag == "table":
            self._headings, self._numeric, self._rows = [], [], []
        elif tag == "tr":
            self._rows.append([])
        elif tag in SENTENCE_TAGS | {"th", "td"}:
            self._words = []
            if tag == "th":
                classes = (dict(attrs).get("class") or "").split()
                self._numeric.append(bool(NUMERIC_CLASSES & set(classes)))

    def handle_data(self, data: str) -> None:
        if self._words is not None:
            self._words.append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "table":
            rows = [row for row in self._rows if row]
            self.markup.tables.append(ReportTable(self._headings, rows, self._numeric, self._title))
            self._title = ""
        if tag not in SENTENCE_TAGS | {"th", "td"} or self._words is None:
            return
        words, self._words = "".join(self._words).strip(), None
        if tag == "th":
            self._headings.append(words)
        elif tag == "td":
            self._rows[-1].append(words)
        elif words and tag in HEADING_TAGS:
            self._flush()
            self._title = words
        elif words:
            self._flush()
            self.markup.sentences.append(words)

    def close(self) -> None:
        """Keep a heading under which no table came."""
        super().close()
        self._flush()

    def _flush(self) -> None:
        if self._title:
            self.markup.sentences.append(self._title)
            self._title = ""
