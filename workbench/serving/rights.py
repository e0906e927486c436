"""Who may see which regions: a small file that binds logins to regions; who is not in it sees nothing."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from workbench.errors import ChoiceError
from workbench.limits import check_settings_size, toml_content
from workbench.store import current_id, published_regions, regional_address, regional_copy

EVERY_REGION = "all"
"""In the place of a list of regions: everything that is published."""


@dataclass(frozen=True)
class Rights:
    """What each login may see of a store: the regions of each, or everything where there are none."""

    store: Path
    regions: Mapping[str, tuple[str, ...]]

    def admits(self, login: str) -> bool:
        """Whether the file names a login, exactly as the proxy says it."""
        return login in self.regions

    def store_for(self, login: str) -> Path:
        """Return the store that a login's pages read, made where it is new; KeyError for a login not in the file."""
        regions = self.regions[login]
        return regional_copy(self.store, regions) if regions else self.store

    def snapshot_for(self, login: str) -> str:
        """Return which snapshot a login's pages should show: that of the copy, or the whole one while there is none."""
        whole, regions = current_id(self.store, published=True), self.regions[login]
        copy = regional_address(self.store, regions) if regions else self.store
        return current_id(copy, published=True) if copy.is_dir() else whole


def read_rights(file: Path, store: Path | str) -> Rights:
    """Read who may see what, and hold it to the regions that are published.

    Raises ChoiceError, with a sentence for each mistake: a file that cannot be read, an entry that is not as it should
    be, a login twice, a region that no published row names.
    """
    known = published_regions(store)
    regions: dict[str, tuple[str, ...]] = {}
    for number, entry in enumerate(_entries(file), start=1):
        login, listed = _parts(entry, file, number)
        if login in regions:
            raise ChoiceError("rights_twice", file=file, login=login)
        unknown = [region for region in listed if region not in known]
        if unknown:
            raise ChoiceError("rights_region", file=file, login=login, regions=unknown, known=known)
        regions[login] = listed
    return Rights(Path(store), regions)


def _entries(file: Path) -> list[Any]:
    check_settings_size(file)
    try:
        content = toml_content(file.read_text(encoding="utf-8-sig"), file.name)
    except OSError as fault:
        raise ChoiceError("rights_unreadable", file=file, fault=fault.strerror or str(fault)) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as fault:
        raise ChoiceError("rights_unreadable", file=file, fault=str(fault)) from None
    entries = content.pop("viewers", None)
    if content or not isinstance(entries, list) or not entries:
        raise ChoiceError("rights_form", file=file, number=1)
    return entries


def _parts(entry: Any, file: Path, number: int) -> tuple[str, tuple[str, ...]]:
    """Return the login and the regions of an entry, no regions for all of them."""
    if not isinstance(entry, dict) or set(entry) != {"login", "regions"}:
        raise ChoiceError("rights_form", file=file, number=number)
    login, regions = entry["login"], entry["regions"]
    if not isinstance(login, str) or not login or login != login.strip():
        raise ChoiceError("rights_form", file=file, number=number)
    if regions == EVERY_REGION:
        return login, ()
    if not isinstance(regions, list) or not regions or not all(isinstance(region, str) for region in regions):
        raise ChoiceError("rights_form", file=file, number=number)
    return login, tuple(regions)
