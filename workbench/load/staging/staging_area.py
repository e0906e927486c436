"""Every source read and cast into a database of its own, beside the store, before anything in the store is touched."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from types import TracebackType
from typing import Self

import duckdb

from workbench.currency import DEFAULT_CURRENCY
from workbench.errors import LoadError
from workbench.load.history import History, SourceFingerprint, SourceIdentity, mapping_digest
from workbench.load.mapping.company_mapping import Mapping
from workbench.load.mapping.header_difference import header_difference
from workbench.load.mapping.source_mapping import SourceMapping
from workbench.load.problems import Problem
from workbench.load.progress import ProgressCallback, ProgressMeter
from workbench.load.questions import Question
from workbench.load.reading.byte_scan import source_sha256
from workbench.load.reading.periods_as_rows import with_periods_as_rows
from workbench.load.reading.read import read_origin
from workbench.load.reading.read_job import ReadHints
from workbench.load.reading.source_names import is_with_days, with_days
from workbench.load.reading.sources import Origin
from workbench.load.reading.text_table import TextTable
from workbench.load.staging.currencies import check_currencies
from workbench.load.staging.earlier_sources import Superseded, attach_held, compare_with_earlier, most_alike
from workbench.load.staging.money_moved import money_moved
from workbench.load.staging.open_time_zone import ask_time_zone_of_rejects
from workbench.load.staging.order_totals import settle_orders
from workbench.load.staging.source_plan import named_headers, plan_source
from workbench.load.staging.staged_source import GOOD, StagedSource, stage_source, with_days_known
from workbench.load.staging.survey_checks import check_answers
from workbench.load.staging.unknown_statuses import ask_unknown_statuses
from workbench.load.staging.unknown_tickets import ask_unknown_tickets
from workbench.load.staging.unsold_refunds import settle_unsold_refunds
from workbench.scratch import scratch_folder
from workbench.store import Source
from workbench.store.budget import writer_budget
from workbench.store.faults import as_store_errors


@dataclass
class StagingArea:
    """What has been staged so far. Use it with `with`: its folder goes when it ends."""

    history: History
    latest: date
    progress: ProgressCallback | None
    currency: str = DEFAULT_CURRENCY
    """The store's: amounts in others are converted by the mapping's rates, or refused."""
    staged: list[StagedSource] = field(default_factory=list)
    unchanged: list[Source] = field(default_factory=list)
    replaced: list[int] = field(default_factory=list)
    fingerprints: dict[SourceIdentity, SourceFingerprint] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)
    superseded: list[Superseded] = field(default_factory=list)
    coming_files: set[str] = field(default_factory=set)

    def __enter__(self) -> Self:
        self._folder = scratch_folder("stage")
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

    def close(self) -> Path:
        """Close the staging database, so that another connection can attach it."""
        self._con.close()
        return self.path

    def stage_all(self, origins: Sequence[Origin], mapping: Mapping) -> None:
        """Read and stage every origin under every entry of the mapping that applies to it.

        LoadError for a source that cannot be read or does not fit its mapping; questions are collected.
        """
        self.fingerprints.update(self.history.fingerprints)
        zone = mapping.company.time_zone
        matched = [
            (origin, replace(entry, time_zone=entry.time_zone or zone))
            for origin in origins
            for entry in mapping.sources_for(origin.name)
        ]
        names = list(dict.fromkeys(origin.name for origin in origins))
        if not matched:
            is_known = all(map(mapping.leaving_out, names))
            raise LoadError("left_out_by_mapping" if is_known else "nothing_mapped", files=names)
        for name in names:
            for left_out in mapping.leaving_out(name):
                where = f"{name} [{left_out.sheet}]" if left_out.sheet else name
                self.problems.append(Problem("info", "left_out_by_mapping", {"file": where}))
            if not mapping.sources_for(name) and not mapping.leaving_out(name):
                self.problems.append(Problem("warning", "not_in_mapping", {"file": name}))
        self.coming_files = {origin.name for origin in origins}
        with as_store_errors(self.path, writer_budget()):
            new = [(origin, entry) for origin, entry in matched if not self._is_known(origin, entry)]
            for origin, entry in new:
                self._stage_origin(origin, entry)

    def _is_known(self, origin: Origin, entry: SourceMapping) -> bool:
        """Tell by the hash, before anything is read, whether the store has this file under this mapping already."""
        loaded = [
            (file, sheet, table)
            for file, sheet, table in self.history.sources
            if (file, table) == (origin.name, entry.table) and entry.sheet in (None, sheet)
        ]
        if not loaded or origin.path is None:
            return False
        unchanged = self.history.unchanged(loaded[0], source_sha256(origin.path), entry)
        self.unchanged += [unchanged] if unchanged else []
        return unchanged is not None

    def _stage_origin(self, origin: Origin, entry: SourceMapping) -> None:
        mapped = frozenset(() if entry.periods_as_rows else entry.columns)
        hints = ReadHints(entry.sheet, entry.header_row, entry.encoding, entry.delimiter, mapped=mapped)
        with read_origin(origin, hints, self.progress) as text:
            identity = (text.file, text.sheet, entry.table)
            if text.questions:
                self.questions += text.questions
            elif unchanged := self.history.unchanged(identity, text.sha256, entry):
                self.unchanged.append(unchanged)
            elif other_file := self._same_content(identity, text.sha256):
                facts = {"file": text.file, "other": other_file}
                self.problems.append(Problem("warning", "same_content", facts))
            elif entry.periods_as_rows:
                self._stage_text(with_periods_as_rows(text.regular(self._con), latest=self.latest), entry, identity)
            else:
                self._stage_text(text, entry, identity)

    def _stage_text(self, text: TextTable, entry: SourceMapping, identity: SourceIdentity) -> None:
        _check_header(text, entry, self.history)
        plan = plan_source(text, entry, latest=self.latest)
        number = len(self.staged)
        with self._progress_reported(text):
            staged = stage_source(self._con, plan, table=f"source_{number}", source_id=self.history.next_id + number)
            if plan.table.name == "transactions":
                check_currencies(self._con, staged.table, text, entry, self.currency)
                self._settle(staged)
        if entry.table == "surveys":
            self.problems += check_answers(self._con, staged)
        if entry.complaint_kinds:
            self.questions += ask_unknown_tickets(self._con, staged)
        if question := ask_time_zone_of_rejects(self._con, staged):
            self.questions.append(question)
        staged = with_days_known(self._con, staged)
        attach_held(self._con, self.history.file)
        namesakes = self._namesakes(identity)
        before = most_alike(self._con, staged, namesakes) if namesakes else None
        if self._compare(staged, before, staying=[one.source_id for one in namesakes if one is not before]):
            staged = self._renamed(staged)
        elif before is not None:
            self.replaced.append(before.source_id)
            staged = staged if before.file == staged.plan.source.file else self._renamed(staged)
        self.staged.append(staged)
        self.problems += text.problems
        self.fingerprints[staged.identity] = SourceFingerprint(mapping_digest(entry), text.names)

    def _namesakes(self, identity: SourceIdentity) -> list[Source]:
        """What came under this name before: the source that has it, and those that were put beside it."""
        name, *where = identity
        beside = [
            source
            for key, source in self.history.sources.items()
            if key[1:] == (*where,) and is_with_days(key[0], name)
        ]
        first = self.history.sources.get(identity)
        return [*([first] if first else []), *beside]

    def _compare(self, staged: StagedSource, before: Source | None, *, staying: Sequence[int]) -> bool:
        """Settle a source against what is there already; say whether it stands beside the one of its name."""
        if before is not None and before.sha256 == staged.plan.source.sha256:
            before = None  # the same bytes under an edited mapping replace themselves
        leaving = {*self._coming_anew(), *([before.source_id] if before else [])} - {*staying}
        earlier = compare_with_earlier(
            self._con, staged, before=before, others=self.staged, held=self.history.file is not None,
            leaving=sorted(leaving),
        )  # fmt: skip
        self.questions += earlier.questions
        self.problems += earlier.problems
        self.superseded += [earlier.superseded] if earlier.superseded else []
        return earlier.is_added

    def _coming_anew(self) -> list[int]:
        """The sources of the store whose files are in this load and have changed."""
        unchanged = {source.source_id for source in self.unchanged}
        return [
            source.source_id
            for (file, *_), source in self.history.sources.items()
            if file in self.coming_files and source.source_id not in unchanged
        ]

    def _renamed(self, staged: StagedSource) -> StagedSource:
        """Give a source that stands beside an older one of its name a name of its own: its days."""
        first, last = self._con.execute(f"SELECT min(x_day), max(x_day) FROM {staged.table} WHERE {GOOD}").fetchall()[0]
        file = with_days(staged.plan.source.file, first, last)
        return replace(staged, plan=replace(staged.plan, source=replace(staged.plan.source, file=file)))

    def _settle(self, staged: StagedSource) -> None:
        """Finish the amounts of transactions; what a status means is asked first, for they hang on it."""
        questions, problems = ask_unknown_statuses(self._con, staged)
        self.problems += [*problems, *money_moved(self._con, staged), *settle_orders(self._con, staged)]
        more_questions, problems = settle_unsold_refunds(self._con, staged)
        self.questions += [*questions, *more_questions]
        self.problems += problems

    def _same_content(self, identity: SourceIdentity, sha256: str) -> str | None:
        """The name of another source with the same bytes for the same table: loading both would count twice.

        A source of the store whose own file comes too counts as what it is in this load.
        """
        digests = [(staged.identity, staged.plan.source.sha256) for staged in self.staged]
        digests += [((source.file, source.sheet, source.table), source.sha256) for source in self.unchanged]
        digests += [
            (key, source.sha256) for key, source in self.history.sources.items() if key[0] not in self.coming_files
        ]
        return next((key[0] for key, digest in digests if digest == sha256 and key[1:] == identity[1:]), None)

    @contextmanager
    def _progress_reported(self, text: TextTable) -> Iterator[None]:
        """Report how far DuckDB is while it casts, in bytes of the file."""
        if self.progress is None:
            yield
            return
        done = threading.Event()
        reporter = threading.Thread(target=self._report_progress, args=(text, done), daemon=True)
        self._con.execute("SET enable_progress_bar = true; SET enable_progress_bar_print = false")
        reporter.start()
        try:
            yield
        finally:
            done.set()
            reporter.join()

    def _report_progress(self, text: TextTable, done: threading.Event) -> None:
        meter = ProgressMeter(self.progress, "read", text.file, text.size)
        reported = 0
        while not done.wait(0.2):
            now = int(max(self._con.query_progress(), 0) / 100 * text.size)
            meter.advance(max(now - reported, 0))
            reported = max(now, reported)
        meter.advance(text.size - reported)


def _check_header(text: TextTable, entry: SourceMapping, history: History) -> None:
    """Raise LoadError `header_changed` where the file does not have the headers its mapping was made for.

    They are those of the last file loaded under the same mapping; for the first one, those the mapping names. Analysts
    who accept the difference edit the mapping, which makes it a new one.
    """
    last_headers = history.expected_headers(entry)
    difference = header_difference(last_headers or named_headers(entry), text.names)
    if difference.missing or difference.renamed or (last_headers and difference.new):
        raise LoadError(
            "header_changed",
            file=text.file,
            new=list(difference.new) or ["—"],
            missing=list(difference.missing) or ["—"],
            renamed=[f"{old} → {new}" for old, new in difference.renamed.items()] or ["—"],
        )
