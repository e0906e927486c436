"""The watch list as a file beside the store: rules in TOML, held to what can be watched before publishing."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, cast, get_args

from workbench.errors import ChoiceError
from workbench.i18n import LANGUAGES
from workbench.limits import check_settings_size, toml_content
from workbench.panels.periods import PERIODS, PeriodName
from workbench.store.folder import locate
from workbench.topics.revenue.query import KEY_FIGURES

Condition = Literal["below", "above", "falls_by", "rises_by"]
CUSTOMERS_WATCHED = "customers"
"""The figure of a segment: how many customers are in it."""
WATCHED_FIGURES = (*KEY_FIGURES, CUSTOMERS_WATCHED)
RULE_KEYS = ("name", "figure", "region", "customer_type", "period", "segmentation", "segment", *get_args(Condition))
SEVERAL = {"region": "regions", "customer_type": "customer_types"}
"""Keys that may hold a list of texts, and where a rule keeps them."""
USUAL_PERIOD: PeriodName = "last_12_months"


@dataclass(frozen=True)
class WatchRule:
    """One thing to watch: a figure of some customers in a period, and from which number on it is an alarm.

    `below` and `above` compare the figure; `falls_by` and `rises_by` its change: for key figures against the period
    before (a share of it, points for NPS, a difference of shares for CSAT), for a segment in customers against the
    publication before.
    """

    names: Mapping[str, str]
    figure: str
    condition: Condition
    limit: float
    regions: tuple[str, ...] = ()
    customer_types: tuple[str, ...] = ()
    period: PeriodName = USUAL_PERIOD
    segmentation: str = ""
    segment: str = ""

    @property
    def id(self) -> str:
        """What a rule is followed by from publication to publication: all that it asks."""
        places = (",".join(values) for values in (self.regions, self.customer_types))
        asked_for = (self.figure, *places, self.period, self.segmentation, self.segment)
        return "|".join((*asked_for, self.condition, f"{self.limit:g}"))


def watch_path(address: str | Path | None = None) -> Path:
    """Return where the watch list of a store stands: `crm.watch.toml` beside `crm.store`."""
    store = locate(address)
    return store.with_name(f"{store.stem}.watch.toml")


def read_watch_rules(address: str | Path | None = None, *, minimum_group: int = 5) -> list[WatchRule]:
    """Read the watch list of a store; no file means no rules.

    Raises ChoiceError, which names the file, the rule and what may stand there.
    """
    path = watch_path(address)
    if not path.exists():
        return []
    check_settings_size(path)
    try:
        content = toml_content(path.read_text(encoding="utf-8"), path.name)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as fault:
        raise ChoiceError("watch_not_toml", file=path, fault=str(fault)) from fault
    rules = content.get("rule", [])
    if set(content) - {"rule"} or not isinstance(rules, list):
        raise ChoiceError("watch_shape", file=path)
    return [_rule(path, place, one, minimum_group) for place, one in enumerate(rules, start=1)]


def _rule(path: Path, place: int, content: Any, minimum_group: int) -> WatchRule:
    """Read one rule."""
    where: dict[str, Any] = {"file": path.name, "place": place}
    if not isinstance(content, Mapping):
        raise ChoiceError("watch_shape", file=path)
    unknown = [key for key in content if key not in RULE_KEYS]
    if unknown:
        raise ChoiceError("watch_key", **where, keys=unknown, allowed=RULE_KEYS)
    several = {kept: _several(content.get(key, ())) for key, kept in SEVERAL.items()}
    texts = {key: content.get(key, "") for key in RULE_KEYS[1:7] if key not in SEVERAL}
    wrong = [key for key, value in texts.items() if not isinstance(value, str)]
    wrong += [key for key, kept in SEVERAL.items() if several[kept] is None]
    if wrong:
        raise ChoiceError("watch_text", **where, keys=wrong)
    if texts["figure"] not in WATCHED_FIGURES:
        raise ChoiceError("watch_figure", **where, value=texts["figure"], allowed=WATCHED_FIGURES)
    period = texts.pop("period") or USUAL_PERIOD
    if period not in PERIODS:
        raise ChoiceError("watch_period", **where, value=period, allowed=tuple(PERIODS))
    is_segment = texts["figure"] == CUSTOMERS_WATCHED
    if is_segment != bool(texts["segmentation"] and texts["segment"]) or (texts["segment"] and not is_segment):
        raise ChoiceError("watch_segment", **where)
    condition, limit = _condition(where, content)
    if is_segment and limit < minimum_group:
        raise ChoiceError("watch_small", **where, minimum=minimum_group)
    names = _names(where, content.get("name"))
    return WatchRule(
        names=names, condition=condition, limit=limit, period=cast(PeriodName, period), **cast(Any, several), **texts
    )


def _several(value: Any) -> tuple[str, ...] | None:
    """Return one text, or the texts of a list; None for anything else."""
    values = (value,) if isinstance(value, str) else tuple(value) if isinstance(value, (list, tuple)) else None
    if values is None or not all(isinstance(one, str) for one in values):
        return None
    return tuple(one for one in values if one)


def _condition(where: Mapping[str, Any], content: Mapping[str, Any]) -> tuple[Condition, float]:
    named = [one for one in get_args(Condition) if one in content]
    if len(named) != 1:
        raise ChoiceError("watch_condition", **where, allowed=get_args(Condition))
    limit = content[named[0]]
    if isinstance(limit, bool) or not isinstance(limit, (int, float)) or limit != limit:
        raise ChoiceError("watch_number", **where, option=named[0], value=limit)
    if named[0] in ("falls_by", "rises_by") and limit <= 0:
        raise ChoiceError("watch_number", **where, option=named[0], value=limit)
    return named[0], float(limit)


def _names(where: Mapping[str, Any], name: Any) -> dict[str, str]:
    if isinstance(name, str) and name:
        return dict.fromkeys(LANGUAGES, name)
    if isinstance(name, Mapping) and all(isinstance(name.get(lang), str) and name[lang] for lang in LANGUAGES):
        return {lang: name[lang] for lang in LANGUAGES}
    raise ChoiceError("watch_name", **where)
