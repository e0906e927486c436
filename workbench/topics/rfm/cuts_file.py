"""Cut points as a small text that people keep: written once, read back for another period or company."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, get_args

from workbench.analyses.facts import CountBy
from workbench.errors import ChoiceError
from workbench.topics.rfm.cuts import AnyCuts, cuts_from
from workbench.topics.rfm.measures import RFM, Money

CUTS_KIND = "rfm_cuts"
LARGEST_FILE = 1_000_000
"""Bytes; nested cuts of nine scores take about ten thousand."""


@dataclass(frozen=True)
class KeptCuts:
    """Cut points, and what they cut: an average of a purchase is not a total, nor a day with purchases an order."""

    cuts: AnyCuts
    count_by: CountBy = "order"
    money: Money = "total"

    def as_dict(self) -> dict[str, Any]:
        """Return plain values for TOML or JSON."""
        return {"kind": CUTS_KIND, "count_by": self.count_by, "money": self.money, **self.cuts.as_dict()}

    @classmethod
    def from_dict(cls, plain: Mapping[str, Any]) -> KeptCuts:
        """Read back what `as_dict` gave; a ChoiceError says what is missing or cannot be."""
        if plain.get("kind") != CUTS_KIND:
            raise ChoiceError("rfm_cuts_kind", kind=plain.get("kind"), expected=CUTS_KIND)
        chosen: dict[str, Any] = {name: plain.get(name) for name in ("count_by", "money")}
        for name, allowed in (("count_by", get_args(CountBy)), ("money", get_args(Money))):
            if chosen[name] not in allowed:
                raise ChoiceError("unknown_choice", name=name, value=chosen[name], allowed=allowed)
        return cls(cuts_from(plain), **chosen)

    def text(self, *, as_of: date | None = None, source: str = "") -> str:
        """Write it as TOML; the day and the source stand in a comment.

        >>> from workbench.topics.rfm.cuts import Cuts
        >>> print(KeptCuts(Cuts((30,), (3,), (5000,))).text(as_of=date(2024, 12, 31)))
        # RFM cut points, 2024-12-31
        kind = "rfm_cuts"
        count_by = "order"
        money = "total"
        recency_days = [30.0]
        frequency = [3.0]
        monetary = [5000.0]
        <BLANKLINE>
        """
        said = ", ".join(part for part in ("RFM cut points", as_of.isoformat() if as_of else "", source) if part)
        heading = "# " + " ".join("".join(one if one.isprintable() else " " for one in said).split())
        lines = [f"{name} = {json.dumps(value)}" for name, value in self.as_dict().items()]
        return "\n".join([heading, *lines, ""])

    @classmethod
    def read(cls, content: str | bytes) -> KeptCuts:
        """Read back what `text` wrote, or the same as JSON; a ChoiceError says what is wrong with it."""
        if len(content) > LARGEST_FILE:
            raise ChoiceError("rfm_cuts_unreadable", needed=RFM)
        try:
            words = content.decode("utf-8-sig") if isinstance(content, bytes) else content
            plain = json.loads(words) if words.lstrip().startswith("{") else tomllib.loads(words)
        except (ValueError, RecursionError):  # not UTF-8, not TOML, not JSON: all are ValueErrors
            raise ChoiceError("rfm_cuts_unreadable", needed=RFM) from None
        return cls.from_dict(plain)
