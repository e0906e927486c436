"""Queries written once for each form: where only days, names and amounts differ, they are filled in.

Ibis takes 20 to 100 ms to write a query of a panel, the database 3 to answer it on a company of ten thousand customers.
A page asks the same questions of every setting of its filters, so that nearly all of the writing is done again.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Hashable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from threading import RLock
from typing import Any

import ibis
import ibis.expr.datatypes as dt
import ibis.expr.operations as ops
import ibis.expr.types as ir
import sqlglot as sg
from ibis.backends.sql.compilers.duckdb import DuckDBCompiler
from ibis.common.graph import Node
from ibis.expr.operations.udf import InputType
from ibis.expr.schema import Schema

from workbench.store.asked import Asked

WRITING = RLock()
"""Held while a query is written: how Ibis writes is an option of the whole process, and so are the known forms."""

MARK = "\ue000"
"""Stands on both sides of a blank's number in a written query: a private character, in no text that is filled in."""
COMPARISONS = (ops.Comparison, ops.InValues, ops.Between)
"""What a blank may stand in: here the text of a constant is the constant's alone, whatever its value. That of a day
or a list is so anywhere: it stands in brackets of its own, and no step of Ibis looks into it."""
PREPARED = (ops.InMemoryTable, ops.ScalarUDF, ops.AggUDF, ops.GeoSpatialUnOp, ops.GeoSpatialBinOp)
"""Steps that Ibis may have to prepare the database for before they run."""
ENTRIES_KNOWN = 100_000
"""Entries of forms known at once, about 50 MB; then all forms are forgotten."""


class _MarkingCompiler(DuckDBCompiler):  # type: ignore[misc]  # Ibis ships no types
    """Writes blanks in place of some constants and tables."""

    blanks: Mapping[Node, int] = {}

    def visit_Literal(self, op: ops.Literal, *, value: Any, dtype: Any) -> Any:  # noqa: N802
        """Write a constant, or its blank."""
        if op in self.blanks:
            return sg.exp.Literal.number(f"{MARK}{self.blanks[op]}{MARK}")
        return super().visit_Literal(op, value=value, dtype=dtype)

    def visit_DatabaseTable(self, op: ops.DatabaseTable, *, name: str, **where: Any) -> Any:  # noqa: N802
        """Write a table, or its blank."""
        blank = self.blanks.get(op)
        return super().visit_DatabaseTable(op, name=name if blank is None else f"{MARK}{blank}{MARK}", **where)


MARKING = _MarkingCompiler()
QUESTIONS_KNOWN = 2_000
"""Questions whose texts are known at once; then these are forgotten."""
_entries: dict[Hashable, int] = {}
_forms: dict[tuple[bytes, bool, int | None], tuple[str, ...]] = {}
_texts: dict[tuple[Hashable, bool, int | None], tuple[tuple[str | int, ...], Schema] | None] = {}


def query_text(
    expr: ir.Expr,
    *,
    merged: bool,
    is_kept: Callable[[str], bool] | None,
    limit: int | None,
    write: Callable[[ir.Expr], str],
) -> str:
    """Return the SQL of an expression as `write` writes it, written or filled in.

    Two expressions have one form where they differ only in constants that columns are compared with, in days, in lists
    of whole numbers, and in which kept tables they read.

    Parameters
    ----------
    expr
        What is asked.
    merged
        Whether steps are merged, which writes another text.
    is_kept
        Whether a table of this name is a kept one: their names change with what they hold. None where the query is to
        be written anew in any case.
    limit
        Rows beyond it are not asked for.
    write
        Writes by way of `MARKING`.
    """
    with WRITING, _merging(merged) as merges:
        form, blanks = _form(expr.as_table().op(), is_kept) if is_kept else (None, [])
        if form is None:
            return write(expr)
        known = (form, merges, limit)
        if known not in _forms:
            _forms[known] = _pieces(expr, blanks, write)
        return _filled(_forms[known], blanks)


def is_prepared_for(expr: ir.Expr) -> bool:
    """Say whether the database is prepared before an expression runs. For functions of its own it is not."""
    return any(getattr(step, "__input_type__", None) != InputType.BUILTIN for step in expr.op().find(PREPARED))


def asked_text(
    question: Asked,
    *,
    merged: bool,
    limit: int | None,
    is_kept: Callable[[str], bool],
    write: Callable[[ir.Expr], str],
) -> tuple[str, Schema] | None:
    """Return the text of a question, cut to so many rows, and what its rows hold.

    It is written for the first of those that differ in days and kept tables alone, and filled in for all others. None
    where it may not be written alike: it reads tables that it was not given, or the database is to be prepared for it.
    """
    likeness = question.likeness(is_kept)
    if likeness is None:
        return None
    known = (likeness, merged, limit)
    with WRITING:
        if known not in _texts:
            if len(_texts) >= QUESTIONS_KNOWN:
                _texts.clear()
            _texts[known] = _written_for_any(question, merged=merged, limit=limit, is_kept=is_kept, write=write)
        written = _texts[known]
        if written is None:
            return None
        pieces, schema = written
        filled = _own_texts(question)
        return "".join(piece if isinstance(piece, str) else filled[piece] for piece in pieces), schema


def _own_texts(question: Asked) -> list[str]:
    """Return how the tables of a question are called, and then how its days are written."""
    return [_text(table) for table in question.tables] + [_text(_constant(day)) for _name, day in question.days]


def _constant(day: date) -> ops.Literal:
    return ops.Literal(day, dt.date)


def _written_for_any(
    question: Asked,
    *,
    merged: bool,
    limit: int | None,
    is_kept: Callable[[str], bool],
    write: Callable[[ir.Expr], str],
) -> tuple[tuple[str | int, ...], Schema] | None:
    """Return the pieces of a question's text, and between them which of its own texts is filled in there."""
    general = question.of_other_days
    expr = general.expression if limit is None else general.expression.limit(limit)
    if not set(expr.op().find(ops.PhysicalTable)) <= set(general.tables) or is_prepared_for(expr):
        return None
    with _merging(merged) as merges:
        form, blanks = _form(expr.op(), is_kept)
        if form is None:
            return None
        known = (form, merges, None)
        if known not in _forms:
            _forms[known] = _pieces(expr, blanks, write)
        pieces: list[str | int] = [*_forms[known]]
    own = {table: place for place, table in reversed([*enumerate(general.tables)])}
    own |= {_constant(day): len(general.tables) + place for place, (_name, day) in enumerate(general.days)}
    for position in range(1, len(pieces), 2):
        blank = blanks[int(pieces[position])]
        pieces[position] = own[blank] if blank in own else _text(blank)
    own_words = "".join(piece for piece in pieces if isinstance(piece, str))
    is_named_by_a_day = any(repr(day) in own_words for _name, day in general.days)  # as Ibis names unnamed columns
    return None if is_named_by_a_day else (tuple(pieces), expr.schema())


@contextmanager
def _merging(merged: bool) -> Iterator[bool]:
    """Let Ibis merge steps or not; yield whether it does."""
    options = ibis.options.sql
    merges = options.fuse_selects
    options.fuse_selects = merged and merges
    try:
        yield options.fuse_selects
    finally:
        options.fuse_selects = merges


def forget_forms() -> None:
    """Write every query anew, as at the start."""
    with WRITING:
        _entries.clear()
        _forms.clear()
        _texts.clear()


def _pieces(expr: ir.Expr, blanks: list[Node], write: Callable[[ir.Expr], str]) -> tuple[str, ...]:
    """Return the pieces of a query's text: its own words, and between them the numbers of the blanks."""
    MARKING.blanks = {node: number for number, node in enumerate(blanks)}
    try:
        return tuple(write(expr).split(MARK))
    finally:
        MARKING.blanks = {}


def _filled(pieces: tuple[str, ...], blanks: list[Node]) -> str:
    filled = list(pieces)
    for position in range(1, len(pieces), 2):
        filled[position] = _text(blanks[int(pieces[position])])
    return "".join(filled)


def _text(node: Node) -> str:
    if isinstance(node, ops.DatabaseTable):
        return str(node.name)
    return str(MARKING.visit_Literal(node, value=node.value, dtype=node.dtype).sql(dialect=MARKING.dialect))


def _form(op: Node, is_kept: Callable[[str], bool]) -> tuple[bytes | None, list[Node]]:
    """Return what all expressions of one form share, None where it has none, and its own nodes."""
    if len(_entries) > ENTRIES_KNOWN:
        forget_forms()
    outline = _Outline(is_kept)
    try:
        return outline.of(op), outline.blanks
    except _HasNoFormError:
        return None, []


class _HasNoFormError(Exception):
    """The query is to be written each time."""


class _Outline:
    """What an expression says but for its blanks, node by node, each after those it is made of."""

    def __init__(self, is_kept: Callable[[str], bool]) -> None:
        self._is_kept = is_kept
        self._places: dict[Node, int] = {}
        self._may_be_blank: dict[Node, None] = {}
        self._said_elsewhere: set[Node] = set()

    @property
    def blanks(self) -> list[Node]:
        """The constants and tables that are blanks, in the order of the walk."""
        return [node for node in self._may_be_blank if node not in self._said_elsewhere]

    def of(self, op: Node) -> bytes:
        """Walk an expression; each kind of step with its arguments is a number."""
        outline, stack, places = array("Q"), [op], self._places
        while stack:
            node = stack[-1]
            if node in places:
                stack.pop()
                continue
            waiting = [child for child in node.__children__ if child not in places]
            if waiting:
                stack += reversed(waiting)
                continue
            stack.pop()
            entry = self._entry(node)
            places[node] = len(places)
            try:
                outline.append(_entries.setdefault(entry, len(_entries)))
            except TypeError as error:  # an argument that cannot be looked up
                raise _HasNoFormError from error
        return outline.tobytes()

    def _entry(self, node: Any) -> Hashable:
        if isinstance(node, ops.Literal):
            return (ops.Literal, node.dtype)
        if isinstance(node, ops.InMemoryTable):
            raise _HasNoFormError
        if isinstance(node, ops.DatabaseTable):
            is_kept = self._is_kept(node.name)
            if is_kept:
                self._may_be_blank[node] = None
            return (ops.DatabaseTable, None if is_kept else node.name, node.schema, node.namespace)
        compares = isinstance(node, COMPARISONS)
        # which of two alike tables is meant is said by its place
        arguments = zip(node.argnames, node.args, strict=True)
        return (node.__class__, *(self._said(value, compares) for name, value in arguments if name != "identifier"))

    def _said(self, value: Any, compares: bool) -> Hashable:
        if isinstance(value, ops.Literal):
            if _is_written_alike(value) and (compares or value.dtype.is_date() or value.dtype.is_array()):
                self._may_be_blank[value] = None
                return self._places[value]
            self._said_elsewhere.add(value)
            return (self._places[value], self._said(value.value, compares))
        if isinstance(value, Node):
            return self._places[value]
        if isinstance(value, tuple):
            return tuple(self._said(one, compares) for one in value)
        if isinstance(value, Mapping):
            return tuple((self._said(key, compares), self._said(one, compares)) for key, one in value.items())
        if isinstance(value, str) and MARK in value:
            raise _HasNoFormError
        return (value.__class__, repr(value) if isinstance(value, float) else value)  # 0.0 and -0.0 are equal


def _is_written_alike(constant: ops.Literal) -> bool:
    """Whether a constant is written alike whatever its value: nothing and infinity are not."""
    kind, value = constant.dtype, constant.value
    if value is None:
        return False
    if kind.is_floating():
        return bool(abs(value) < float("inf"))
    if kind.is_array():
        return bool(kind.value_type.is_integer() and value and None not in value)
    return bool(kind.is_string() or kind.is_date() or kind.is_integer() or (kind.is_decimal() and value.is_finite()))
