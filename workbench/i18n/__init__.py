"""Words for people: `t(key, lang)` looks a text up in the Chinese and English catalogs."""

from __future__ import annotations

import locale
import os
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType

from workbench.visible_text import HARMLESS_BREAKS, visible

LANGUAGES = ("zh", "en")
TEXTS_ROOT = Path(__file__).resolve().parent.parent


def usual_language() -> str:
    """Return the reader's language where nobody names one: that of WORKBENCH_LANG, else the system's, else English."""
    named = os.environ.get("WORKBENCH_LANG") or locale.getlocale()[0] or ""
    return "zh" if named.lower().startswith(("zh", "chinese")) else "en"


@cache
def catalog() -> Mapping[str, Mapping[str, str]]:
    """Return every text by its key: `{"errors.no_store": {"en": "…", "zh": "…"}}`.

    A message's key is its dotted path in `messages/*.toml` or in a topic's `words.toml`; a term's is
    `terms.<identifier>`.
    """
    texts: dict[str, Mapping[str, str]] = {}
    _collect({"terms": _parsed(TEXTS_ROOT / "i18n" / "terms.toml")}, (), texts)
    for source in (*sorted((TEXTS_ROOT / "i18n" / "messages").glob("*.toml")), *topic_words().values()):
        _collect(_parsed(source), (), texts)
    return MappingProxyType(texts)


def topic_words() -> Mapping[str, Path]:
    """Return the file with the words of each topic, by the topic's name."""
    return {source.parent.name: source for source in sorted((TEXTS_ROOT / "topics").glob("*/words.toml"))}


def t(key: str, lang: str, /, **facts: object) -> str:
    """Return the text of `key` in `lang` ("zh" or "en") with its blanks filled from `facts`.

    Blanks are written `{name}` as in `str.format`. A list or tuple is joined with the language's comma. What would
    steer a terminal or turn the reading direction in a name of a file or column stands there escaped (`visible`).
    Raises KeyError for a key that is not in the catalogs and for a language that does not exist.
    """
    text = catalog()[key][lang]
    comma = "、" if lang == "zh" else ", "
    shown = {name: _shown(value, comma) for name, value in facts.items()}
    return text.format(**shown) if shown else text


def _shown(fact: object, comma: str) -> object:
    """Return a fact as its blank takes it: texts and paths visible, lists joined, numbers as they are."""
    if isinstance(fact, (list, tuple)):
        fact = comma.join(str(item) for item in fact)
    return visible(str(fact), keep=HARMLESS_BREAKS) if isinstance(fact, (str, Path)) else fact


def _parsed(source: Path) -> Mapping[str, object]:
    return tomllib.loads(source.read_text(encoding="utf-8"))


def _collect(node: Mapping[str, object], path: tuple[str, ...], texts: dict[str, Mapping[str, str]]) -> None:
    """Walk a parsed catalog; a table that holds the languages' texts is a leaf."""
    if all(isinstance(node.get(lang), str) for lang in LANGUAGES):
        key = ".".join(path)
        if key in texts:
            raise KeyError(f"The text {key} stands twice in the catalogs; keep one.")
        texts[key] = {name: value for name, value in node.items() if isinstance(value, str)}
        return
    for name, child in node.items():
        if not isinstance(child, Mapping):
            raise KeyError(f"The text {'.'.join((*path, name))} lacks a language; every text has {LANGUAGES}.")
        _collect(child, (*path, name), texts)
