"""The segmentations of a store: those somebody saved, and the rule examples that come with the workbench."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from workbench.analyses.rules.columns import missing_columns, rule_table
from workbench.analyses.rules.examples import RULE_EXAMPLES, RuleExample, column_values, rule_example
from workbench.analyses.segmentation import READERS, Ground, Segmentation, segmentation_from
from workbench.discovery import topic_modules
from workbench.errors import ChoiceError, StoreError
from workbench.panels.data_view import DataView
from workbench.store import SavedDefinition

EXAMPLE = 0
"""The version of an example as it is shipped; whoever saves one under its id makes version 1."""

REFERENCE = re.compile(r"([a-z0-9_]{1,64})(?:@(\d{1,9}))?")


@dataclass(frozen=True)
class Listed:
    """One segmentation that can be had by its id: saved, or an example; `needs` names the columns the data lack."""

    id: str
    version: int
    kind: str
    names: Mapping[str, str]
    saved_at: datetime | None = None
    shared: bool = False
    damaged: bool = False
    needs: tuple[str, ...] = ()

    @property
    def is_example(self) -> bool:
        """Whether it comes with the workbench."""
        return self.version == EXAMPLE


def listed(session: DataView) -> list[Listed]:
    """List the saved segmentations by id, then the examples whose id nobody took; managers' pages have no examples.

    A damaged file is listed as such, and an example whose columns the data lack with the columns it needs.
    """
    saved = [_saved(one) for one in session.store.definitions()]
    taken = {one.id for one in saved}
    if session.store.snapshot.published:
        return saved
    examples = [rule_example(name) for name in RULE_EXAMPLES if name not in taken]
    return [*saved, *(Listed(one.id, EXAMPLE, "rules", one.names, needs=_needs(session, one)) for one in examples)]


def segmentation(session: DataView, reference: str, version: int | None = None) -> Segmentation:
    """Return a segmentation by its id or "id@version"; without a version the newest one, saved before shipped.

    Raises ChoiceError where there is none of that id or version, or where the data lack what an example needs;
    StoreError where its file is damaged.
    """
    name, pinned = parted(reference)
    version = pinned if version is None else version
    if _is_saved(session, name, version):
        return read_segmentation(session.store.definition(name, version))
    return _example(session, rule_example(name))


def read_segmentation(definition: Mapping[str, Any]) -> Segmentation:
    """Read a definition of any kind the workbench has; a topic's `segmentation.py` makes its kinds known."""
    if definition.get("kind") not in READERS:
        topic_modules("segmentation")
    try:
        return segmentation_from(definition)
    except (KeyError, TypeError, AttributeError, ValueError) as fault:
        raise StoreError("definition_unreadable", kind=str(definition.get("kind"))[:80]) from fault


def parted(reference: str) -> tuple[str, int | None]:
    """Take "id@version" apart.

    >>> parted("warranty@2"), parted("warranty")
    (('warranty', 2), ('warranty', None))
    """
    match = REFERENCE.fullmatch(reference)
    if not match:
        raise ChoiceError("definition_id", definition=reference[:80])
    return match[1], None if match[2] is None else int(match[2])


def _saved(one: SavedDefinition) -> Listed:
    names = one.names or {"en": one.id, "zh": one.id}
    return Listed(one.id, one.version, one.kind, names, one.saved_at, one.shared, one.damaged)


def _is_saved(session: DataView, name: str, version: int | None) -> bool:
    """Whether to look in the store: an example is meant by version 0, or where nothing of its name is saved."""
    if name not in RULE_EXAMPLES or session.store.snapshot.published:
        return True
    return version != EXAMPLE and (version is not None or any(one.id == name for one in session.store.definitions()))


def _example(session: DataView, example: RuleExample) -> Segmentation:
    needs = _needs(session, example)
    if needs:
        raise ChoiceError("example_needs", example=list(dict.fromkeys(example.names.values())), columns=list(needs))
    return example.rules(_values(session, example.by) if example.by else ())


def _values(session: DataView, column: str) -> Sequence[str]:
    """The values of a column over all the data, so that a filter does not change what an example is."""
    everyone = _everyone(session)
    values = session.store.collect(column_values(rule_table(everyone, [column]), column).limit(100))
    return list(values["value"])


def _everyone(session: DataView) -> Ground:
    """All the data, whatever the filters; remembered, for a dozen examples ask."""
    ground: Ground = session.remember("everyone", lambda: session.unfiltered().ground)
    return ground


def _needs(session: DataView, example: RuleExample) -> tuple[str, ...]:
    """The columns of an example that the data do not have, or that hold nothing."""
    customers = session.store.customers
    lacking = missing_columns(_everyone(session), example.columns)
    needed = [name for name in example.columns if name in customers.columns and name not in lacking]
    if needed:
        known: dict[str, int] = session.remember(
            ("known", *needed),
            lambda: (
                session.store.collect(customers.aggregate(**{name: customers[name].count() for name in needed}))
                .iloc[0]
                .to_dict()
            ),
        )
        lacking += [name for name in needed if not known[name]]
    return tuple(lacking)
