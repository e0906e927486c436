"""The store: build, open, read and publish a company's snapshots. With load/, the only code that executes DuckDB."""

from workbench.store.asked import Asked, asking
from workbench.store.building import build
from workbench.store.collecting import collect
from workbench.store.definitions import (
    SavedDefinition,
    definition_versions,
    definitions,
    drop_definition,
    read_definition,
    save_definition,
)
from workbench.store.erasing import erase
from workbench.store.manifest import Snapshot, Source
from workbench.store.opening import current_id, open_store
from workbench.store.publishing import publish
from workbench.store.records import publication_records, save_record
from workbench.store.regional import published_regions, regional_address, regional_copy
from workbench.store.restoring import restore, snapshots
from workbench.store.store import Store

__all__ = [
    "Asked",
    "SavedDefinition",
    "Snapshot",
    "Source",
    "Store",
    "asking",
    "build",
    "collect",
    "current_id",
    "definition_versions",
    "definitions",
    "drop_definition",
    "erase",
    "open_store",
    "publication_records",
    "publish",
    "published_regions",
    "read_definition",
    "regional_address",
    "regional_copy",
    "restore",
    "save_definition",
    "save_record",
    "snapshots",
]
