"""Definitions kept in the store: segmentations with a name, versioned, never overwritten, shared where marked.

They lie in `definitions/<id>/<0001>.json` beside the snapshots and outlive every load. A definition says how customers
are grouped, not who is in a group: keep no customer's data in it, for erasing a customer does not read these files.

Managers' pages see what was marked as shared when the data were last published, and nothing else: `publish` writes the
newest version of each definition, where that version is shared, into the published snapshot itself. So a page and its
definitions change together, a damaged publication is noticed as a whole, and taking a definition back means to save
it again without the mark (or to drop it) and to publish.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType
from typing import Any

from workbench import audit
from workbench.errors import ChoiceError, StoreError
from workbench.schema import NAME_LANGUAGES
from workbench.store.budget import writer_budget
from workbench.store.faults import as_store_errors, in_words
from workbench.store.folder import Shelf, locate, private_files, sync_folder, write_atomically
from workbench.store.lock import writer_lock
from workbench.store.manifest import content_checksum

DEFINITION_ID = re.compile(r"[a-z0-9_]{1,64}")
"""Lower case, because some disks hold "Vip" and "vip" for the same folder."""

VERSION_FILE = re.compile(r"(\d{4,9})\.json")
LONGEST_DEFINITION = 1_000_000
"""Characters a definition may have as JSON: a hand-painted grid needs some thousand."""

PATIENCE = 5.0
"""Seconds a save waits for another one to end; each takes milliseconds."""


@dataclass(frozen=True)
class SavedDefinition:
    """One version of a definition; where its file is damaged, only its id and version are known."""

    id: str
    version: int
    kind: str = ""
    names: Mapping[str, str] = field(default_factory=dict)
    saved_at: datetime | None = None
    shared: bool = False
    damaged: bool = False

    @property
    def reference(self) -> str:
        """How to name this very version, "id@version"."""
        return f"{self.id}@{self.version}"


@in_words
def save_definition(
    address: str | Path | None,
    definition_id: str,
    definition: Mapping[str, Any],
    *,
    names: Mapping[str, str] | None = None,
    shared: bool = False,
    who: str = "analyst",
) -> int:
    """Keep a definition as the next version of `id` and return that version, counted from 1.

    `definition` is what a segmentation's `as_dict` gives: plain values, `kind` among them. `names` is what people call
    it, in every language; without it `definition["names"]`. `shared` lets managers' pages have it after the next
    publication. The file appears whole or not at all, and one line of the audit log says who saved which version.
    Raises ChoiceError for an id or a definition that cannot be kept, StoreError where there is no store or another
    save does not end.
    """
    _checked_id(definition_id)
    called = _checked_names(definition.get("names") if names is None else names)
    content = {"names": called, "definition": json.loads(_definition_text(definition))}
    return _add_version(locate(address), definition_id, content, shared=shared, who=who, action="save")


@in_words
def drop_definition(address: str | Path | None, definition_id: str, *, who: str = "analyst") -> None:
    """Take a definition off the list. Its versions stay readable by number, so nothing that names one breaks.

    Saving the id again goes on counting. Raises ChoiceError where no such definition is listed.
    """
    newest = _newest(locate(address), _checked_id(definition_id))
    if newest is None:
        raise _unknown_definition(locate(address), definition_id)
    dropped: dict[str, Any] = {"names": {}, "definition": None}
    _add_version(locate(address), definition_id, dropped, shared=False, who=who, action="drop")


@in_words
def definitions(address: str | Path | None = None) -> list[SavedDefinition]:
    """List the newest version of every definition, by id; one whose file is damaged is listed as such."""
    store = locate(address)
    ids = [path.name for path in (store / "definitions").glob("*") if DEFINITION_ID.fullmatch(path.name)]
    newest = [_newest(store, definition_id) for definition_id in sorted(ids)]
    return [saved for saved in newest if saved is not None]


@in_words
def definition_versions(address: str | Path | None, definition_id: str) -> list[SavedDefinition]:
    """List every version of one definition, newest first, including what was saved before it was dropped."""
    store = locate(address)
    _checked_id(definition_id)
    numbers = _version_numbers(store, definition_id)
    versions = [_saved_version(store, definition_id, number) for number in reversed(numbers)]
    return [saved for saved in versions if saved is not None]


@in_words
def read_definition(address: str | Path | None, definition_id: str, version: int | None = None) -> dict[str, Any]:
    """Read a definition back: its newest version, or the one asked for.

    Raises ChoiceError where there is none (it names those that exist), StoreError where its file is damaged.
    """
    store = locate(address)
    newest = _newest(store, _checked_id(definition_id))
    if version is None:
        if newest is None:
            raise _unknown_definition(store, definition_id)
        version = newest.version
    numbers = _version_numbers(store, definition_id)
    if not numbers:
        raise _unknown_definition(store, definition_id)
    definition = _file_content(store, definition_id, version)["definition"] if version in numbers else None
    if definition is None:
        known = [saved.version for saved in definition_versions(store, definition_id)]
        raise ChoiceError("definition_version_unknown", definition=definition_id, version=version, known=known)
    return dict(definition)


def shared_definitions(store: Path) -> str:
    """Write what managers' pages may see as JSON, for `publish`: the newest version of each one, where it is shared.

    A damaged file holds nothing that could be published; the analyst's list shows it.
    """
    shared = [_file_content(store, saved.id, saved.version) for saved in definitions(store) if saved.shared]
    return json.dumps({content["id"]: content for content in shared}, ensure_ascii=False)


@dataclass(frozen=True)
class PublishedDefinitions:
    """The definitions a published snapshot holds: the same questions, answered from what `publish` took along."""

    contents: Mapping[str, Mapping[str, Any]]

    @classmethod
    def of(cls, text: str) -> PublishedDefinitions:
        """Read what `shared_definitions` wrote."""
        return cls(MappingProxyType(json.loads(text)))

    def definitions(self) -> list[SavedDefinition]:
        """List what was published, by id."""
        return [_saved_definition(content) for _, content in sorted(self.contents.items())]

    def read(self, definition_id: str, version: int | None = None) -> dict[str, Any]:
        """Read one; ChoiceError where it, or that version of it, was not published."""
        content = self.contents.get(definition_id)
        if content is None:
            raise ChoiceError("definition_unknown", definition=definition_id, known=sorted(self.contents) or "-")
        if version not in (None, content["version"]):
            known = [content["version"]]
            raise ChoiceError("definition_version_unknown", definition=definition_id, version=version, known=known)
        return dict(content["definition"])


# Checking what is given ---------------------------------------------------------------------------------------------


def _checked_id(definition_id: str) -> str:
    if not isinstance(definition_id, str) or not DEFINITION_ID.fullmatch(definition_id):
        raise ChoiceError("definition_id", definition=str(definition_id)[:80])
    return definition_id


def _checked_names(names: Any) -> dict[str, str]:
    """Hold names to every language having one."""
    named = isinstance(names, Mapping) and all(
        isinstance(names.get(lang), str) and names[lang] for lang in NAME_LANGUAGES
    )
    if not named:
        raise ChoiceError("definition_incomplete", languages=NAME_LANGUAGES)
    return {lang: names[lang] for lang in NAME_LANGUAGES}


def _definition_text(definition: Mapping[str, Any]) -> str:
    """Write a definition as JSON; ChoiceError where it is no definition, or not of plain values."""
    if not (isinstance(definition.get("kind"), str) and definition["kind"]):
        raise ChoiceError("definition_incomplete", languages=NAME_LANGUAGES)
    try:
        text = json.dumps(dict(definition), ensure_ascii=False, allow_nan=False)
    except (TypeError, ValueError, RecursionError):
        raise ChoiceError("definition_not_plain") from None
    if len(text) > LONGEST_DEFINITION:
        raise ChoiceError("definition_too_long", characters=len(text), limit=LONGEST_DEFINITION)
    return text


# Files --------------------------------------------------------------------------------------------------------------


def _folder(store: Path, definition_id: str) -> Path:
    return store / "definitions" / definition_id


def _add_version(
    store: Path, definition_id: str, content: Mapping[str, Any], *, shared: bool, who: str, action: audit.Action
) -> int:
    """Put the next version in its place, with nobody else saving: its file appears under its name only when whole."""
    if not store.is_dir():
        raise StoreError("no_store", address=store)
    folder = _folder(store, definition_id)
    with private_files(), as_store_errors(folder, writer_budget()):
        folder.mkdir(parents=True, exist_ok=True)
        with _only_saver(folder.parent):
            version = max(_version_numbers(store, definition_id), default=0) + 1
            numbered = {
                "id": definition_id,
                "version": version,
                "saved_at": datetime.now(UTC).isoformat(timespec="milliseconds"),
                "shared": shared,
                **content,
            }
            facts: dict[str, Any] = {
                "snapshot": _snapshot_in_force(store),
                "who": who,
                "reason": f"{definition_id}@{version}",
            }
            audit.note(store, action, topic="definitions", count=0, **facts)
            write_atomically(folder / f"{version:04}.json", _file_text(numbered))
            sync_folder(folder.parent)
    return version


@contextmanager
def _only_saver(folder: Path) -> Iterator[None]:
    """Be the only one to save a definition: two pages may press the button at the same moment."""
    until = time.monotonic() + PATIENCE
    with ExitStack() as held:
        while True:
            try:
                held.enter_context(writer_lock(folder))
                break
            except StoreError:
                if time.monotonic() > until:
                    raise
                time.sleep(0.01)
        yield


def _snapshot_in_force(store: Path) -> str:
    """The snapshot in force, for the audit line; none before the first load."""
    try:
        return Shelf(store).current_id()
    except StoreError:
        return ""


def _version_numbers(store: Path, definition_id: str) -> list[int]:
    """The versions that have a file, ascending."""
    folder = _folder(store, definition_id)
    names = [path.name for path in folder.iterdir()] if folder.is_dir() else []
    return sorted(int(match[1]) for name in names if (match := VERSION_FILE.fullmatch(name)))


def _newest(store: Path, definition_id: str) -> SavedDefinition | None:
    """The newest version's card; None where there is none, or where it was dropped."""
    numbers = _version_numbers(store, definition_id)
    return _saved_version(store, definition_id, numbers[-1]) if numbers else None


def _saved_version(store: Path, definition_id: str, version: int) -> SavedDefinition | None:
    """What is known of one version; None for the mark of a definition that was dropped."""
    try:
        content = _file_content(store, definition_id, version)
    except StoreError:
        return SavedDefinition(definition_id, version, damaged=True)
    return _saved_definition(content) if content["definition"] is not None else None


def _saved_definition(content: Mapping[str, Any]) -> SavedDefinition:
    definition = content["definition"]
    return SavedDefinition(
        id=content["id"],
        version=content["version"],
        kind=definition["kind"],
        names=MappingProxyType(content["names"]),
        saved_at=datetime.fromisoformat(content["saved_at"]),
        shared=content["shared"],
    )


def _file_content(store: Path, definition_id: str, version: int) -> dict[str, Any]:
    """Read one file; StoreError where it is not what was written under this name."""
    path = _folder(store, definition_id) / f"{version:04}.json"
    try:
        content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        checksum = content.pop("checksum")
        named = (content["id"], content["version"])
        whole = checksum == content_checksum(content) and named == (definition_id, version)
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        whole = False
    if not whole:
        others = [number for number in _version_numbers(store, definition_id) if number != version]
        raise StoreError(
            "definition_damaged", definition=definition_id, version=version, file=path, others=others or "-"
        )
    return content


def _file_text(content: Mapping[str, Any]) -> str:
    """Write a file's text, with a checksum of itself: a changed word or number is noticed too."""
    return json.dumps({"checksum": content_checksum(content), **content}, ensure_ascii=False, indent=1) + "\n"


def _unknown_definition(store: Path, definition_id: str) -> ChoiceError:
    known = [saved.id for saved in definitions(store)]
    return ChoiceError("definition_unknown", definition=definition_id, known=known or "-")
