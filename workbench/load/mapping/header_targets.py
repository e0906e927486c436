"""What a header of a file is to become: a canonical column, a survey question, an extra column, or nothing."""

from __future__ import annotations

from dataclasses import replace

from workbench.load.mapping.source_mapping import PRICED_COLUMNS, Attribute, SourceMapping
from workbench.schema import TABLES

KEEP, LEAVE, ITEM = "keep", "leave", "item"
"""Targets beside the canonical columns: kept as an attribute, not loaded, a question of a wide survey."""


def target_of(source: SourceMapping, header: str) -> str:
    """Return what the mapping makes of a header; one it does not mention is kept.

    >>> target_of(SourceMapping(("*",), "customers", columns={"客户编号": "customer_id"}), "客户编号")
    'customer_id'
    """
    if header in source.columns:
        return source.columns[header]
    return ITEM if header in source.items else LEAVE if header in source.ignore else KEEP


def with_target(source: SourceMapping, header: str, target: str, *, suggested: SourceMapping) -> SourceMapping:
    """Return the mapping with another target for one header; a header that loses its column is kept.

    `suggested` knows the scales of the survey's questions.
    """
    previous_holder = source.header_of(target)
    bare = replace(
        source,
        columns={name: column for name, column in source.columns.items() if name not in (header, previous_holder)},
        attributes={name: attribute for name, attribute in source.attributes.items() if name != header},
        items={name: item for name, item in source.items.items() if name != header},
        ignore=tuple(name for name in source.ignore if name != header),
        money=None if target in PRICED_COLUMNS else source.money,
    )
    attributes = dict(bare.attributes)
    if previous_holder not in (None, header):
        attributes[str(previous_holder)] = _as_attribute(str(previous_holder), bare)
    match target:
        case "keep":
            return replace(bare, attributes={**attributes, header: _as_attribute(header, bare)})
        case "leave":
            missing = {name: words for name, words in bare.missing.items() if name != header}
            return replace(bare, attributes=attributes, ignore=(*bare.ignore, header), missing=missing)
        case "item":
            return replace(bare, attributes=attributes, items={**bare.items, header: suggested.items[header]})
        case _:
            return replace(bare, attributes=attributes, columns={**bare.columns, header: target})


def _as_attribute(header: str, source: SourceMapping) -> Attribute:
    """An attribute under the header's own name, which may not be that of a canonical column."""
    return Attribute(header if header.lower() not in TABLES[source.table].names else f"{header}_")
