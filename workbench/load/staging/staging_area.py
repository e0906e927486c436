"""Read and cast every source into a database of its own, beside the store, before anything in the store is touched."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import Self

import duckdb

from workbench.errors import LoadError
from workbench.load.history import History, Identity, Note, digest_of
from workbench.load.mapping.company_mapping import Mapping as Rules
from workbench.load.mapping.header_difference import header_difference
from workbench.load.mapping.source_mapping import SourceMapping
from workbench.load.problems import Problem
from workbench.load.progress import ProgressCallback, ProgressMeter
from workbench.load.questions import Question
from workbench.load.reading.byte_scan import hash_of
from workbench.load.reading.read import read_origin
from workbench.load.reading.read_job import Hints
from workbench.load.reading.sources import Origin
from workbench.load.reading.text_table import TextTable
from workbench.load.staging.source_plan import make_plan, named_headers
from workbench.load.staging.staged_source import Staged, stage
from workbench.store import Source
from workbench.store.budget import writer_budget
from workbench.store.faults import worded


@dataclass
class Staging:
    """What has been staged so far. Use it with `with`: its folder goes when it ends."""

    history: History
    latest: date
    progress: ProgressCallback | None
    staged: list[Staged] = field(default_factory=list)
    unchanged: list[Source] = field(default_factory=list)
    replaced: list[int] = field(default_factory=list)
    notes: dict[Identity, Note] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)

    def __enter__(self) -> Self:
        self._folder = TemporaryDirectory(prefix="workbench-stage-", ignore_cleanup_errors=True)
        self._con = self.connect(self.path)
        # `x IN (many texts)` would become a join that loses the order of the rows and is asked of every row.
        self._con.execute("SET disabled_optimizers = 'in_clause'")
        # Written once and read once: compressing it would cost more than it saves.
        self._con.execute("SET force_compression = 'uncompressed'")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._con.close()
        self._folder.cleanup()

    @property
    def path(self) -> Path:
        """The staging database."""
        return Path(self._folder.name) / "stage.duckdb"

    def connect(self, path: Path) -> duckdb.DuckDBPyConnection:
        """Open a database in the staging folder within the writer's budget."""
        return writer_budget().connect(path, path.with_suffix(".spill"))

    def finish(self) -> Path:
        """Close the staging database, so that another connection can attach it."""
        self._con.close()
        return self.path

    def take(self, origins: Sequence[Origin], rules: Rules) -> None:
        """Read and stage every origin under every entry of the mapping that speaks of it.

        LoadError for a source that cannot be read or does not fit its mapping; questions are collected.
        """
        self.notes.update(self.history.notes)
        spoken_of = [(origin, entry) for origin in origins for entry in rules.sources_for(origin.name)]
        if not spoken_of:
            raise LoadError("nothing_mapped", files=[origin.name for origin in origins])
        for name in dict.fromkeys(origin.name for origin in origins if not rules.sources_for(origin.name)):
            self.problems.append(Problem("warning", "not_in_mapping", {"file": name}))
        coming = {origin.name for origin in origins}
        with worded(self.path, writer_budget()):
            new = [(origin, entry) for origin, entry in spoken_of if not self._is_known(origin, entry)]
            for origin, entry in new:
                self._take(origin, entry, coming)

    def _is_known(self, origin: Origin, entry: SourceMapping) -> bool:
        """Ask by the hash, before anything is read, whether the store has this file under this mapping already."""
        same = [key for key in self.history.sources if key[0] == origin.name and key[2] == entry.table]
        same = [key for key in same if entry.sheet in (None, key[1])]
        if not same or origin.path is None:
            return False
        found = self.history.unchanged(same[0], hash_of(origin.path), entry)
        self.unchanged += [found] if found else []
        return found is not None

    def _take(self, origin: Origin, entry: SourceMapping, coming: set[str]) -> None:
        hints = Hints(entry.sheet, entry.header_row, entry.encoding, entry.delimiter)
        with read_origin(origin, hints, self.progress) as text:
            identity = (text.file, text.sheet, entry.table)
            if text.questions:
                self.questions += text.questions
            elif known := self.history.unchanged(identity, text.sha256, entry):
                self.unchanged.append(known)
            elif other := self._same_content(identity, text.sha256, coming):
                facts = {"file": text.file, "other": other}
                self.problems.append(Problem("warning", "same_content", facts))
            else:
                self._stage(text, entry, identity)

    def _stage(self, text: TextTable, entry: SourceMapping, identity: Identity) -> None:
        _check_header(text, entry, self.history)
        plan = make_plan(text, entry, latest=self.latest)
        number = len(self.staged)
        with self._told(text):
            staged = stage(self._con, plan, table=f"source_{number}", source_id=self.history.next_id + number)
        if before := self.history.sources.get(identity):
            self.replaced.append(before.source_id)
        self.staged.append(staged)
        self.problems += text.problems
        self.notes[identity] = Note(digest_of(entry), text.names)

    def _same_content(self, identity: Identity, sha256: str, coming: set[str]) -> str | None:
        """The name of another source with the same bytes for the same table: loading both would count twice.

        A source of the store whose own file is `coming` in this load counts by what it is now.
        """
        here = [(one.identity, one.plan.source.sha256) for one in self.staged]
        here += [((source.file, source.sheet, source.table), source.sha256) for source in self.unchanged]
        there = [(key, source.sha256) for key, source in self.history.sources.items() if key[0] not in coming]
        same = (key[0] for key, known in (*here, *there) if known == sha256 and key[1:] == identity[1:])
        return next(same, None)

    @contextmanager
    def _told(self, text: TextTable) -> Iterator[None]:
        """Tell how far DuckDB is while it casts, as bytes of the file."""
        if self.progress is None:
            yield
            return
        done = threading.Event()
        teller = threading.Thread(target=self._tell, args=(text, done), daemon=True)
        self._con.execute("SET enable_progress_bar = true; SET enable_progress_bar_print = false")
        teller.start()
        try:
            yield
        finally:
            done.set()
            teller.join()

    def _tell(self, text: TextTable, done: threading.Event) -> None:
        meter = ProgressMeter(self.progress, "read", text.file, text.size)
        told = 0
        while not done.wait(0.2):
            now = int(max(self._con.query_progress(), 0) / 100 * text.size)
            meter.advance(max(now - told, 0))
            told = max(now, told)
        meter.advance(text.size - told)


def _check_header(text: TextTable, entry: SourceMapping, history: History) -> None:
    """Raise LoadError `header_changed` where the file has not the headers its mapping was made for.

    They are those of the last file loaded under the same mapping; for the first one, those the mapping names. Who has
    seen the difference edits the mapping, and it is a new one.
    """
    before = history.expected_headers(entry)
    difference = header_difference(before or named_headers(entry), text.names)
    if difference.missing or difference.renamed or (before and difference.new):
        raise LoadError(
            "header_changed",
            file=text.file,
            new=list(difference.new) or ["—"],
            missing=list(difference.missing) or ["—"],
            renamed=[f"{old} → {new}" for old, new in difference.renamed.items()] or ["—"],
        )
