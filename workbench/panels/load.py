"""Loading by hand: choose files, look over the mapping, answer what is open, check, load, take the rejects along."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

from ipywidgets import FloatProgress

from workbench.charts.words import share_words
from workbench.errors import ChoiceError, WorkbenchError
from workbench.i18n import LANGUAGES, catalog, t
from workbench.load import LoadReport, Progress, check, load
from workbench.load import Mapping as Rules
from workbench.load.mapping_file import mapping_text
from workbench.load.suggest import suggest_mapping
from workbench.load.words import report_html
from workbench.panels.controls import Line, Press
from workbench.panels.guard import Guarded, guarded, log, log_to_file
from workbench.panels.layout import Column, Markup, Row, Segmented, text
from workbench.panels.load_mapping import MappingEditor
from workbench.panels.load_rejects import rejects_html
from workbench.panels.page import LANGUAGE_NAMES
from workbench.widgets import Banner, Download, Upload

ENDINGS = [".csv", ".tsv", ".txt", ".xlsx", ".xls", ".parquet", ".gz"]


class Bar(Guarded, FloatProgress):
    """How far a long load is; the browser may set nothing of it."""


class LoadPanel(Column):
    """The whole way from files to a snapshot on one panel.

    `sources` are the files looked at, `mapping` is what the page shows, `report` what the last check or load said.
    """

    def __init__(self, *, store: str | Path | None = None, lang: str = "zh") -> None:
        log_to_file()
        self.store, self.lang = store, lang
        self.sources: list[Path] = []
        self.report: LoadReport | None = None
        self._said_tables: dict[str, str] = {}
        self.language = Segmented([(LANGUAGE_NAMES[name], name) for name in LANGUAGES], value=lang)
        self.upload = Upload(self._received, accept=ENDINGS, lang=lang)
        self.folder = Line("panels.load.folder")
        self.look_button, self.check_button = Press("panels.load.look"), Press("panels.load.check")
        self.load_button = Press("panels.load.load", style="main")
        self.editor = MappingEditor(told=self._tell, suggest_again=self._with_tables)
        self.save_mapping, self.save_rejects = Download(produce=self.mapping_file), Download(produce=self.rejects_file)
        self.heading, self.files, self.message = Markup(css="wb-panel-head"), Markup(), Markup(css="wb-message")
        self.bar, self.stage, self.result = Bar(max=1.0), Markup(), Markup()
        self.steps = [Markup(css="wb-step") for _ in range(3)]
        super().__init__(self._parts())
        self.add_class("wb-panel")
        self._listen()
        self.say(lang)

    def say(self, lang: str) -> None:
        """Word everything in a language; nothing is read again."""
        self.lang = self.upload.lang = self.banner.lang = lang
        self.heading.value = text("h2", t("panels.load.title", lang)) + text(
            "p", t("panels.load.lead", lang), "wb-lead"
        )
        for step, name in zip(self.steps, ("files", "mapping", "load"), strict=True):
            step.value = text("h3", t(f"panels.load.step_{name}", lang))
        for control in (self.folder, self.look_button, self.check_button, self.load_button):
            control.say(lang)
        for name in ("save_mapping", "save_rejects"):
            button: Download = getattr(self, name)
            button.lang, button.label = lang, t(f"panels.load.{name}", lang)
        self._name_files()
        self.editor.say(lang)
        self._show_report()

    def look(self) -> None:
        """Look at the files chosen and suggest what their columns are."""
        named = Path(self.folder.value.strip()).expanduser() if self.folder.value.strip() else None
        self.sources = [*self.upload.received, *([named] if named else [])]
        if not self.sources:
            raise ChoiceError("no_files_yet")
        self.report, self._said_tables = None, {}
        self.editor.show(suggest_mapping(self.sources), self.lang)
        self.message.value = ""
        self._name_files()
        self._show_report()

    def check(self) -> None:
        """Do everything but the load."""
        self._run(lambda: check(self.sources, mapping=self._agreed(), progress=self._watch))

    def load(self) -> None:
        """Load, and show what became of every row."""
        self._run(lambda: load(self.sources, store=self.store, mapping=self._agreed(), progress=self._watch))

    def mapping_file(self) -> tuple[str, bytes]:
        """Return the mapping as the file that a later load can use again."""
        return "mapping.toml", mapping_text(self.editor.mapping).encode()

    def rejects_file(self) -> tuple[str, bytes]:
        """Return the rejected rows as an Excel file, ready to be mended."""
        if self.report is None:
            raise ChoiceError("no_files_yet")
        with tempfile.TemporaryDirectory() as folder:
            return "rejects.xlsx", self.report.export_rejects(
                Path(folder) / "rejects.xlsx", lang=self.lang
            ).read_bytes()

    def _agreed(self) -> Rules:
        """Return the mapping once nothing about it is open."""
        if not self.sources:
            raise ChoiceError("no_files_yet")
        if self.editor.mapping.questions:
            raise ChoiceError("questions_open", count=len(self.editor.mapping.questions))
        return self.editor.mapping

    def _run(self, work: Callable[[], LoadReport]) -> None:
        """Run a check or a load with its progress; the buttons rest meanwhile."""
        buttons = (self.check_button, self.load_button, self.look_button)
        for button in buttons:
            button.disabled = True
        self.message.value, self.bar.value, self.bar.layout.display = "", 0.0, ""
        try:
            self.report = work()
        finally:
            self.bar.layout.display, self.stage.value = "none", ""
            for button in buttons:
                button.disabled = False
        self._show_report()

    def _watch(self, progress: Progress) -> None:
        share = progress.done / progress.total if progress.total else 0.0
        self.bar.value = share
        key = f"load.stage_{progress.stage}"
        stage = t(key, self.lang) if key in catalog() else ""
        facts = {"stage": stage, "file": progress.file, "share": share_words(share, self.lang, digits=0)}
        self.stage.value = text("p", t("panels.load.working", self.lang, **facts), "wb-note")

    def _show_report(self) -> None:
        report, lang = self.report, self.lang
        self.save_rejects.layout.display = "" if report is not None and len(report.rejects) else "none"
        if report is None:
            self.result.value = ""
            return
        if report.questions:  # what only the whole files could ask
            self.editor.show(Rules(self.editor.mapping.sources, self.editor.mapping.company, report.questions), lang)
            self._tell(ChoiceError("questions_open", count=len(report.questions)))
            return
        snapshot = report.snapshot
        facts = {"id": snapshot.id, "as_of": snapshot.as_of} if snapshot else {}
        outcome = t("panels.load.in_force" if snapshot else "panels.load.checked_only", lang, **facts)
        rejects = (
            text("h3", t("panels.load.rejected", lang)) + rejects_html(report, lang) if len(report.rejects) else ""
        )
        self.result.value = text("p", outcome, "wb-outcome") + report_html(report, lang) + rejects

    def _with_tables(self, tables: Mapping[str, str]) -> None:
        """Suggest anew where the analyst said which table a file is."""
        self._said_tables.update(tables)
        self.editor.show(suggest_mapping(self.sources, tables=self._said_tables), self.lang)

    def _received(self, _path: Path, _name: str) -> None:
        self._name_files()

    def _name_files(self) -> None:
        names = [path.name for path in (self.sources or self.upload.received)]
        words = t("panels.load.received", self.lang, count=len(names), files=names) if names else ""
        self.files.value = text("p", words, "wb-note") if words else ""

    def _tell(self, error: Exception) -> None:
        """Word what went wrong above the buttons; what nobody foresaw goes to the log."""
        if not isinstance(error, WorkbenchError):
            log.error("Loading failed.", exc_info=error)
        words = error.words(self.lang) if isinstance(error, WorkbenchError) else t("errors.panel_failed", self.lang)
        self.message.value = text("p", words, "wb-message-text")

    def _listen(self) -> None:
        self.look_button.on_click(guarded(lambda _: self.look(), told=self._tell))
        self.check_button.on_click(guarded(lambda _: self.check(), told=self._tell))
        self.load_button.on_click(guarded(lambda _: self.load(), told=self._tell))
        self.language.observe(guarded(lambda change: self.say(change["new"])), names="value")

    def _parts(self) -> list[object]:
        """Put the parts in the order of the work."""
        self.banner = Banner(lang=self.lang)
        self.bar.layout.display = "none"
        top = Row([self.heading, self.language])
        top.add_class("wb-page-head")
        chosen, buttons = Row([self.folder, self.look_button]), Row([self.check_button, self.load_button])
        kept = Row([self.save_mapping, self.save_rejects])
        for row in (chosen, buttons, kept):
            row.add_class("wb-controls")
        files, columns, loading = self.steps
        return [
            self.banner, top, files, self.upload, chosen, self.files, columns, self.editor, loading, self.message,
            buttons, self.bar, self.stage, self.result, kept,
        ]  # fmt: skip
