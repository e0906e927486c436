"""Files that are named like data and hold something else: known by how they begin, and refused by their name."""

from __future__ import annotations

import codecs
import re

from workbench.errors import LoadError
from workbench.load.reading.byte_scan import SAMPLE_BYTES

TAGS = "html|head|meta|link|style|script|title|base|body|div|span|center|font|form|p|h[1-6]|table|thead|tbody|tr|th|td"
BLANK = r"(?:\s|<!--.*?-->)*"

FORMATS = {
    "xml_spreadsheet": rf"(?:<\?xml[^>]*\?>)?{BLANK}(?:<\?mso-application[^>]*\?>{BLANK})?<(?:\w+:)?Workbook[\s>]",
    "web_archive": r"(?:MIME-Version:|Content-Type:\s*multipart/|From:\s[^\n]*\n(?:[\w-]+:[^\n]*\n)*MIME-Version:)",
    "web_page": rf"(?:<\?xml[^>]*\?>)?{BLANK}(?:<!doctype\s+html|<(?:\w+:)?(?:{TAGS})[\s/>])",
    "xml_file": r"<\?xml[\s]|<!DOCTYPE\s|<(\w[\w:.-]*)(?:\s[^<>]*)?>\s*<\w[\w:.-]*(?:\s[^<>]*)?>",
    "json_file": r"\[\s*(?:\{\s*(?:\"[^\"]*\"\s*:|\})|\[\s*[\"\d])|\{\s*\"[^\"]*\"\s*:",
    "pdf_file": r"%PDF-",
    "rich_text_file": r"\{\\rtf",
}
"""What many systems call an Excel export, by the first letters: the first pattern that fits counts."""

BEGINNINGS = {key: re.compile(BLANK + pattern, re.IGNORECASE | re.DOTALL) for key, pattern in FORMATS.items()}

WIDE_MARKS = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}


def refuse_foreign_format(file: str, start: bytes) -> None:
    """Raise LoadError for a web page, a web archive, XML, JSON, PDF or RTF, whatever the file is called."""
    encoding = next((name for mark, name in WIDE_MARKS.items() if start.startswith(mark)), "latin-1")
    text = start[: SAMPLE_BYTES // 4].removeprefix(codecs.BOM_UTF8).decode(encoding, "replace").lstrip("\ufeff")
    for key, pattern in BEGINNINGS.items():
        if pattern.match(text):
            raise LoadError(key, file=file)
