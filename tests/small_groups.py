"""What a reader can find out: solves the linear system of all figures shown together, whatever hid them.

It shares nothing with the mechanism but the declarations, and these it checks: people are counted one by one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations, islice
from typing import Any

import numpy as np
import pandas as pd
from scipy.optimize import linprog

from workbench.panels.base import Panel
from workbench.panels.privacy import Shown

Names = tuple[str, ...]
Values = tuple[str, ...]


@dataclass
class Known:
    """Groups of people by a sentence that names them: those whose number is shown, and all that are spoken of.

    `figures` is what is said of a group, by its people and the name of the figure: each value, and who says it.
    `tables` are all cells of tables by their names, in the order of these; `together` the names that one panel shows,
    wherever its sliders are; `ranks` says where in the ranking of such a panel everybody stands.
    """

    shown: dict[str, frozenset[str]] = field(default_factory=dict)
    groups: dict[str, frozenset[str]] = field(default_factory=dict)
    figures: dict[tuple[frozenset[str], str], dict[float, str]] = field(default_factory=dict)
    tables: dict[Names, dict[Values, frozenset[str]]] = field(default_factory=dict)
    together: dict[str, frozenset[str]] = field(default_factory=dict)
    ranks: dict[str, dict[str, float]] = field(default_factory=dict)

    def __or__(self, other: Known) -> Known:
        figures = {key: {**self.figures.get(key, {}), **values} for key, values in other.figures.items()}
        tables = {names: {**self.tables.get(names, {}), **cells} for names, cells in other.tables.items()}
        return Known(
            self.shown | other.shown,
            self.groups | other.groups,
            self.figures | figures,
            self.tables | tables,
            {
                key: self.together.get(key, frozenset()) | names
                for key, names in (self.together | other.together).items()
            },
            ranks=self.ranks | other.ranks,
        )

    def add_table(self, names: Names, cells: Mapping[Values, frozenset[str]]) -> None:
        """Note the cells of a table."""
        order = sorted(range(len(names)), key=lambda place: names[place])
        own = self.tables.setdefault(tuple(names[place] for place in order), {})
        own.update({tuple(values[place] for place in order): ids for values, ids in cells.items()})

    def show_together(self, state: str, names: Iterable[str]) -> None:
        """Note what a panel shows in a state, that is written as its lists and then {where its sliders are}."""
        lists = state.split("{")[0]
        self.together[lists] = self.together.get(lists, frozenset()).union(names)


def known_of(panel: Panel, *, name: str = "", smallest: int) -> list[Known]:
    """Return what a panel tells, one system for its people and one for every table that counts something else."""
    raw = panel._analyse(**panel.arguments)
    declared, answer = panel.privacy, panel.answer
    people = panel.session.store.collect(declared.people(raw), limit=100_000) if declared.people else pd.DataFrame()
    systems = [Known()]
    flags = declared.also(answer) if declared.also else {}
    if flags:
        whose = declared.people(answer)
        flagged = panel.session.store.collect(whose.select("customer_id", **flags), limit=100_000)
        systems[0].show_together(name, [f"{name} {words}" for words in flags])
        if "rank" in people:
            ranked = people.dropna(subset=["rank"])
            systems[0].ranks[name.split("{")[0]] = dict(zip(ranked["customer_id"], ranked["rank"], strict=True))
        for words in flags:
            _tell(systems[0], f"{name} {words}", frozenset(flagged.loc[flagged[words] == True, "customer_id"]), count=1)  # noqa: E712
    counted = _one_by_one(declared.atoms(raw)) if declared.atoms else pd.DataFrame()
    systems.append(Known())
    for table in declared.shows(answer):
        whole, told, names = table.rows(raw), table.rows(answer), {*table.common(table.names)}
        sources = [place for place, some in enumerate((people, counted)) if names and names <= {*some.columns}]
        for place in sources:
            own = (people, counted)[place]
            systems[place] |= _of_people(table, whole, told, own, name, getattr(raw, "by", "value"))
        if not sources and len(whole):
            systems.append(_of_rows(table, whole, told, name, smallest))
    return [system for system in systems if system.groups] or [Known()]


def _one_by_one(counted: pd.DataFrame) -> pd.DataFrame:
    """Return a row for each of the people that are counted."""
    rows = counted.loc[counted.index.repeat(counted["customer_count"])].reset_index(drop=True)
    return rows.assign(customer_id=rows.index.astype(str))


FIGURES = (
    "customer_count",
    "monetary",
    "order_count",
    "average_order_value",
    "average_monetary",
    "average_recency_days",
)
"""Columns that mean the same wherever they stand."""


def _tell_figures(known: Known, words: str, ids: frozenset[str], row: Mapping[Any, Any], by: str) -> None:
    for name in {*FIGURES, "value"} & {*row}:
        if not pd.isna(row[name]):
            figure = by if name == "value" else name
            known.figures.setdefault((ids, figure), {}).setdefault(round(float(row[name]), 6), words)


def contradictions(known: Known) -> list[str]:
    """Name every figure that has two values for the same people."""
    return [
        f"{figure} of {len(ids)}: " + ", ".join(f"{value} ({words})" for value, words in values.items())
        for (ids, figure), values in known.figures.items()
        if max(values) - min(values) > SAME * max(1.0, abs(max(values)))
    ]


SAME = 1e-6
"""How far figures may lie apart that differ by the rounding of floats alone."""


def pinned_down(panel: Panel, known: Known, *, smallest: int, more: int) -> list[str]:
    """Name the small cells that the table they stand in bounds closer than its lines do, by a linear program.

    A cell that may hold `smallest` people, and `more` than it does, is not bounded. Lines are known where their number
    follows from all that is `known`.
    """
    raw, answer = panel._analyse(**panel.arguments), panel.answer
    people = panel.session.store.collect(panel.privacy.people(raw), limit=100_000)
    found = []
    for table in panel.privacy.shows(answer):
        whole, told = table.rows(raw).reset_index(drop=True), table.rows(answer)
        shown = dict(zip(_keys(told, table), told[table.counts], strict=True))
        hidden = np.array([pd.isna(shown[key]) for key in _keys(whole, table)], dtype=bool)
        counts = whole[table.counts].to_numpy(dtype=float)
        lines = []
        for names in table.totals:
            common = list(table.common(names))
            grouped = people.groupby(common, dropna=False) if names else [((), people)]
            ids = {_plain(key): frozenset(part["customer_id"]) for key, part in grouped}
            keys = [_plain(values) for values in whole[[*names]].itertuples(index=False, name=None)]
            lines += [
                np.array([key == line for key in keys], dtype=float)
                for line in dict.fromkeys(keys)
                if not names or lies_in(known, ids.get(line, frozenset()))
            ]
        for place in np.flatnonzero(hidden & (counts > 0) & (counts < smallest)):
            alone = min(_most(counts, lines, counts > 0, place), max(smallest, counts[place] + more))
            if _most(counts, lines, hidden, place) < alone - SAME:
                found.append(f"{table.frame} {_keys(whole, table)[place]}")
    return found


def _most(counts: np.ndarray, lines: list[np.ndarray], hidden: np.ndarray, place: int) -> float:
    """Return the largest number a hidden cell can be for whoever knows the others and the sums of the lines."""
    places = np.flatnonzero(hidden)
    sums = np.array(lines)[:, places]
    found = linprog(-(places == place).astype(float), A_eq=sums, b_eq=sums @ counts[places], bounds=(0, None))
    return float("inf") if found.status == 3 else -found.fun  # unbounded


def lies_in(known: Known, group: frozenset[str]) -> bool:
    everybody = sorted(frozenset().union(*known.groups.values(), *known.shown.values()))
    rows = np.array([[one in ids for one in everybody] for ids in {*known.shown.values()}], dtype=float)
    wanted = np.array([one in group for one in everybody], dtype=float)
    weights = np.linalg.lstsq(rows.T, wanted, rcond=None)[0]
    return bool(np.abs(rows.T @ weights - wanted).max() < SAME)


def _of_people(
    table: Shown, whole: pd.DataFrame, told: pd.DataFrame, people: pd.DataFrame, name: str, by: str
) -> Known:
    known, names = Known(), list(table.common(table.names))
    lists = people.groupby(names, dropna=False)["customer_id"].agg(frozenset).to_dict()
    lists = {_plain(key): ids for key, ids in lists.items()}
    everywhere = dict(table.called)
    own = tuple(everywhere.get(one, f"{name} {one}") for one in table.names)
    known.add_table(own, lists)
    known.show_together(name, own)
    shown = dict(zip(_keys(told, table), told[table.counts], strict=True))
    for key, count in zip(_keys(whole, table), whole[table.counts], strict=True):
        ids = lists.get(key, frozenset())
        assert len(ids) == count, f"{name} {table.frame}{key}: {count} counted, {len(ids)} declared by `people`"
        _tell(known, f"{name} {table.frame}{key}", ids, count=shown[key])
    for key, row in zip(_keys(whole, table), whole.to_dict("records"), strict=True):
        _tell_figures(known, name, lists.get(key, frozenset()), row, by)
    if () in table.totals:
        _tell(known, f"{name} everybody", frozenset(people["customer_id"]), count=len(people))
    for side in table.tells:  # a share in a row gives away of what it is a share
        for row in told[told[table.counts].notna()].to_dict("records"):
            same = np.logical_and.reduce(
                [people[common] == row[own] for own, common in zip(side, table.common(side), strict=True)]
            )
            ids = frozenset(people.loc[same, "customer_id"])
            _tell(known, f"{name} {table.frame} {[row[own] for own in side]}", ids, count=len(ids))
    return known


def _of_rows(table: Shown, whole: pd.DataFrame, told: pd.DataFrame, name: str, smallest: int) -> Known:
    """Take a table whose people are not known one by one: its rows share nobody, and as many as they count."""
    known, shown = Known(), dict(zip(_keys(told, table), told[table.counts], strict=True))
    known_rows = whole[whole[table.counts].notna()]
    ids: dict[Any, frozenset[str]] = {
        key: frozenset(f"{name}{table.frame}{key}{place}" for place in range(int(count)))
        for key, count in zip(_keys(known_rows, table), known_rows[table.counts], strict=True)
    }
    for key, group in ids.items():
        _tell(known, f"{name} {table.frame}{key}", group, count=shown[key])
    if len(known_rows) == len(whole):
        for names in table.totals:
            parts = known_rows.groupby(list(names), dropna=False) if names else [((), known_rows)]
            for value, rows in parts:
                everybody = frozenset().union(*(ids[key] for key in _keys(rows, table)))
                count = len(everybody) if len(everybody) >= smallest else float("nan")  # shown nowhere
                _tell(known, f"{name} {table.frame} in all {value}", everybody, count=count)
    return known


def _tell(known: Known, words: str, ids: frozenset[str], *, count: float) -> None:
    if ids:
        known.groups[words] = ids
    if ids and not pd.isna(count):
        known.shown[words] = ids


def _keys(rows: pd.DataFrame, table: Shown) -> list[Any]:
    if not table.names:
        return [()] * len(rows)
    return [_plain(values) for values in rows[[*table.names]].itertuples(index=False, name=None)]


def _plain(key: Any) -> tuple[str, ...]:
    values = key if isinstance(key, tuple) else (key,)
    return tuple("?" if pd.isna(one) else f"{one:g}" if isinstance(one, float) else str(one) for one in values)


def found_out(systems: Sequence[Known], *, smallest: int) -> list[str]:
    """Name some of the groups of fewer than `smallest` people whose number is shown, or follows from what is."""
    return [words for known in systems for words in islice(_follow(known, smallest), SOME)]


SOME = 5


def _follow(known: Known, smallest: int) -> Iterator[str]:
    """Try every group of so few people that there could be, whether anybody speaks of it or not.

    People whom nothing shown tells apart are taken together: nothing tells of a part of them.
    """
    everybody = sorted(frozenset().union(*known.groups.values(), *known.shown.values()))
    shown = sorted({*known.shown.values()}, key=sorted)
    if not shown or not everybody:
        return
    alike: dict[tuple[bool, ...], list[str]] = {}
    for one in everybody:
        alike.setdefault(tuple(one in ids for ids in shown), []).append(one)
    classes = [*alike.values()]
    roots = np.sqrt([len(people) for people in classes])
    _u, sizes, axes = np.linalg.svd(np.array([*alike], dtype=float).T * roots, full_matrices=False)
    basis = axes[sizes > sizes[0] * 1e-10]
    few = np.array([place for place, people in enumerate(classes) if len(people) < smallest], dtype=int)
    # What of each class lies outside the space of all that is shown, by the other classes.
    rest = (np.eye(len(few)) - basis[:, few].T @ basis[:, few]) * np.outer(roots[few], roots[few])
    told: list[frozenset[int]] = []
    for size in range(1, smallest):
        for group in _without_rest(rest, size):
            people = frozenset(one for place in group for one in classes[few[place]])
            if len(people) < smallest and not any(part <= group for part in told):
                told.append(group)
                yield _named(known, people)


def _without_rest(rest: np.ndarray, size: int) -> Iterator[frozenset[int]]:
    """Yield the groups of so many classes whose sum lies in the space."""
    n = len(rest)
    if size == 1:
        yield from (frozenset([int(one)]) for one in np.flatnonzero(np.diag(rest) < EXACT))
        return
    for first in combinations(range(n), size - 2):
        start = first[-1] + 1 if first else 0
        own, beside = rest[np.ix_(first, first)].sum(), rest[list(first)].sum(axis=0)[start:]
        part = rest[start:, start:]
        whole = own + np.diag(part)[:, None] + np.diag(part) + 2 * (beside[:, None] + beside + part)
        for one, other in zip(*np.nonzero(np.triu(whole < EXACT, 1)), strict=True):
            yield frozenset((*first, start + int(one), start + int(other)))


EXACT = 1e-9


def _named(known: Known, ids: frozenset[str]) -> str:
    """Say a group by its own sentence, as what one sum leaves of another, or by its people."""
    own = (words for words, group in known.groups.items() if group == ids)
    left = (
        f"{whole} without {part}"
        for whole, group in known.shown.items()
        if ids < group
        for part, inner in known.shown.items()
        if inner == group - ids
    )
    return next(own, None) or next(left, None) or f"{len(ids)} of {sorted(ids)[0]}"
