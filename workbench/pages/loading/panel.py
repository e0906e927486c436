"""Loading by hand: choose files, look over what each column is, answer what is open, check, load."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from workbench.charts.words import share_words
from workbench.errors import ChoiceError, WorkbenchError
from workbench.i18n import LANGUAGES, t, usual_language
from workbench.load import Database, LoadReport, Progress, check, load, suggest_mapping
from workbench.load import Mapping as Rules
from workbench.load.reading.databases.address import address_in
from workbench.load.reading.sources import SUFFIXES, opened_origins
from workbench.pages.loading.card import SourceCard, looked_at
from workbench.pages.loading.mapping import MappingEditor
from workbench.pages.loading.rejects import rejects_html
from workbench.pages.one_page import LANGUAGE_NAMES
from workbench.panels.background_work import BackgroundWork
from workbench.panels.controls import Line, Press
from workbench.panels.guarded_widgets import guarded, log, log_to_file
from workbench.panels.layout import Column, Drawer, Markup, ProgressBar, Row, Segmented, text
from workbench.store.folder import locate
from workbench.widgets import Banner, Download, Upload

MAPPING_ENDING = ".toml"
LOADING_STEPS = ("files", "mapping", "load")


class LoadPanel(Column):
    """The whole way from files to a snapshot on one panel.

    `sources` are the files looked at, `report` is what the last check or load said, `mapping` what the page shows.
    """

    def __init__(self, *, store: str | Path | None = None, lang: str | None = None) -> None:
        log_to_file()
        self.store, self.lang = store, lang or usual_language()
        self.sources: list[Path | Database] = []
        self.report: LoadReport | None = None
        self.work = BackgroundWork(started=self._begin, ended=self._end, progressed=self._progress, on_error=self._tell)
        self.upload = Upload(self._received, accept=[*SUFFIXES, MAPPING_ENDING], lang=self.lang)
        self.folder, self.known = Line("panels.load.folder"), Line("panels.load.known_mapping")
        self.look_button, self.check_button = Press("panels.load.look", style="main"), Press("panels.load.check")
        self.over_button = Press("panels.load.start_over")
        self.load_button = Press("panels.load.load", style="main")
        self.editor = MappingEditor(look_again=self._look_again, on_error=self._tell)
        self.save_mapping, self.save_rejects = Download(produce=self.mapping_file), Download(produce=self.rejects_file)
        self._make_parts()
        self._listen()
        self.say(self.lang)

    @property
    def mapping(self) -> Rules:
        """The mapping as the page shows it; ChoiceError while a question is open."""
        return self.editor.mapping()

    def say(self, lang: str) -> None:
        """Word everything in a language; nothing is read again."""
        self.lang = self.upload.lang = self.banner.lang = self.language.value = lang
        lead = text("p", t("panels.load.lead", lang), "wb-lead")
        into = text("p", t("panels.load.into", lang, store=locate(self.store).resolve()), "wb-hint")
        self.heading.value = text("h2", t("panels.load.title", lang)) + lead + into
        for step, name in zip(self.steps, LOADING_STEPS, strict=True):
            step.value = text("h3", t(f"panels.load.step_{name}", lang))
        for control in (self.folder, self.known):
            control.say(lang)
        for button in self._buttons():
            button.say(lang)
        self.turned.say(lang)
        for taken, name in ((self.save_mapping, "save_mapping"), (self.save_rejects, "save_rejects")):
            taken.lang, taken.label = lang, t(f"panels.load.{name}", lang)
        self.folder.placeholder = t("panels.load.folder_example", lang)
        self.known.placeholder = t("panels.load.known_example", lang)
        self._name_files()
        self.editor.say(lang)
        self._show_report()

    def look(self) -> None:
        """Look at the files chosen and suggest what their columns are, or take the mapping given."""
        uploaded = [path for path in self.upload.received if path.suffix.lower() != MAPPING_ENDING]
        latest = {path.name: path for path in uploaded}  # a file received again replaces the one of its name
        named = [self._named()] if self.folder.value.strip() else []
        if not latest and not named:
            raise ChoiceError("no_files_yet")
        self.sources = [*latest.values(), *named]
        self.work.run(self._suggest, self._suggested, failed=self._tell_above)

    def _named(self) -> Path | Database:
        """Take what is written: a path, or a database's address with the tables wanted behind it.

        A password is refused, for what is written on the page stays there.
        """
        written = self.folder.value.strip()
        address, _, tables = written.partition(" ")
        if address_in(address) is None:
            return Path(written).expanduser()
        database = Database(address, tables=[name.strip() for name in tables.split(",") if name.strip()])
        if database.address.password is not None:
            self.folder.value = ""
            raise ChoiceError("password_on_page", database=database.address.label)
        return database

    def start_over(self) -> None:
        """Forget the files, the mapping and the report; what is in the store stays."""
        self.upload.close()
        self.upload = Upload(self._received, accept=[*SUFFIXES, MAPPING_ENDING], lang=self.lang)
        self.uploads.children = [self.upload]
        self.folder.value = self.known.value = self.message.value = self.above.value = ""
        self.sources, self.report = [], None
        self.editor.show(None, self.lang)
        self._name_files()
        self._show_report()

    def check(self) -> None:
        """Do everything but the load."""
        rules = self.mapping
        self.work.run(lambda: check(self.sources, mapping=rules, progress=self.work.progress), self._reported)

    def load(self) -> None:
        """Load, and show what became of every row."""
        rules, store = self.mapping, self.store
        self.work.run(
            lambda: load(self.sources, store=store, mapping=rules, progress=self.work.progress), self._reported
        )

    def mapping_file(self) -> tuple[str, bytes]:
        """Return the mapping as the file that a later load can use again."""
        return "mapping.toml", self.mapping.text().encode()

    def rejects_file(self) -> tuple[str, bytes]:
        """Return the rejected rows as an Excel file, ready to be mended."""
        if self.report is None:
            raise ChoiceError("no_files_yet")
        with tempfile.TemporaryDirectory() as folder:
            path = self.report.export_rejects(Path(folder) / "rejects.xlsx", lang=self.lang)
            return path.name, path.read_bytes()

    # -- looking --------------------------------------------------------------------------------------------------

    def _suggest(self) -> Rules:
        """Read the mapping somebody gave, else suggest one."""
        received = [path for path in self.upload.received if path.suffix.lower() == MAPPING_ENDING]
        if self.known.value.strip():
            return Rules.read(Path(self.known.value.strip()).expanduser())
        return Rules.read(received[-1]) if received else suggest_mapping(self.sources)

    def _suggested(self, rules: Rules) -> None:
        self.report = None
        self.editor.show(rules, self.lang)
        self._name_files()
        self._show_report()

    def _look_again(self, card: SourceCard, table: str | None, encoding: str | None) -> None:
        """Look at one kind of file again, as the table or in the encoding that the analyst names."""
        before = card.looked
        with opened_origins(self.sources) as origins:
            held = next(one for one in origins if card.is_of(one.name))

        def look() -> Rules:
            name = held.path.name if held.path else held.name
            tables, encodings = {name: table} if table else None, {name: encoding} if encoding else None
            return suggest_mapping(held.path or self.sources, tables=tables, encodings=encodings)

        def show(rules: Rules) -> None:
            matches = [looked for looked in looked_at(rules) if looked.sheet == before.sheet]
            self.editor.take(card, matches[0], encoding=encoding)

        def undo(error: Exception) -> None:
            card.show(before)
            self._tell(error)

        self.work.run(look, show, failed=undo)

    # -- working --------------------------------------------------------------------------------------------------

    def _begin(self) -> None:
        """Disable the buttons and show the bar."""
        self.message.value = self.above.value = ""
        self.stage.value, self.bar.value = text("p", t("panels.load.busy", self.lang)), 0.0
        self._rest(True)

    def _end(self) -> None:
        self.stage.value = ""
        self._rest(False)

    def _rest(self, is_busy: bool) -> None:
        self.running.layout.display = "" if is_busy else "none"
        for button in self._buttons():
            button.disabled = is_busy

    def _buttons(self) -> tuple[Press, ...]:
        return self.look_button, self.over_button, self.check_button, self.load_button

    def _progress(self, progress: Progress) -> None:
        share = progress.done / progress.total if progress.total else 0.0
        facts = {"stage": t(f"load.stage_{progress.stage}", self.lang), "file": progress.file}
        words = t("panels.load.working", self.lang, **facts, share=share_words(share, self.lang, digits=0))
        self.bar.value, self.stage.value = share, text("p", words)

    def _reported(self, report: LoadReport) -> None:
        self.report = report
        if report.questions:  # what only the whole files could ask
            self.editor.show(replace(self.mapping, questions=report.questions), self.lang)
            self._tell(ChoiceError("questions_open", count=len(report.questions), file=report.questions[0].file))
        self._show_report()

    def _show_report(self) -> None:
        report, lang = self.report, self.lang
        has_rejects = report is not None and len(report.rejects) > 0
        for part in (self.turned, self.save_rejects):
            part.layout.display = "" if has_rejects else "none"
        self.save_mapping.layout.display = "" if self.editor.cards.children else "none"
        if report is None or report.questions:
            self.result.value = self.next.value = ""
            return
        self.result.value = report.html(lang)
        self.rejected.value = rejects_html(report, lang) if has_rejects else ""
        key = "panels.load.next_loaded" if report.snapshot else "panels.load.next_checked"
        self.next.value = text("p", t(key, lang), "wb-outcome" if report.snapshot else "wb-hint")

    def _received(self, _path: Path, _name: str) -> None:
        self._name_files()

    def _name_files(self) -> None:
        names = list(dict.fromkeys(path.name for path in self.upload.received))
        words = t("panels.load.received", self.lang, count=len(names), files=names) if names else ""
        self.files.value = text("p", words, "wb-hint") if words else ""

    def _tell_above(self, error: Exception) -> None:
        """Word what went wrong with the files where they were chosen."""
        self._tell(error, place=self.above)

    def _tell(self, error: Exception, *, place: Markup | None = None) -> None:
        """Say what went wrong below the buttons pressed; an unforeseen error goes to the log."""
        if not isinstance(error, WorkbenchError):
            log.error("Loading failed.", exc_info=error)
        words = error.words(self.lang) if isinstance(error, WorkbenchError) else t("errors.panel_failed", self.lang)
        (place or self.message).value = text("p", words, "wb-message-text")

    # -- parts ----------------------------------------------------------------------------------------------------

    def _make_parts(self) -> None:
        """Put the parts in the order of the work; the message stands where the eye is, above what comes next."""
        self.banner, self.uploads = Banner(lang=self.lang), Column([self.upload])
        self.message, self.above = Markup(css="wb-message"), Markup(css="wb-message")
        self.heading, self.files = Markup(css="wb-panel-head"), Markup()
        self.language = Segmented([(LANGUAGE_NAMES[name], name) for name in LANGUAGES], value=self.lang)
        self.bar, self.stage, self.result, self.next = ProgressBar(max=1.0), Markup(css="wb-hint"), Markup(), Markup()
        self.rejected = Markup()
        self.turned = Drawer("panels.load.rejected", [self.rejected])
        self.running = Row([self.bar, self.stage])
        self.steps = [Markup(css="wb-step") for _ in LOADING_STEPS]
        files, columns, loading = self.steps
        super().__init__(
            [
                self.banner, _row("wb-page-head", self.heading, self.language),
                files, self.uploads, self.files,
                _row("wb-controls", self.folder, self.known, self.look_button, self.over_button), self.above,
                columns, self.editor,
                loading, _row("wb-controls", self.check_button, self.load_button, self.save_mapping),
                self.running, self.message, self.result, self.turned, self.save_rejects, self.next,
            ]
        )  # fmt: skip
        self.add_class("wb-panel")
        self.add_class("wb-load")
        self.running.add_class("wb-running")
        self._rest(False)

    def _listen(self) -> None:
        def press(work: Callable[[], None], on_error: Callable[[Exception], None] = self._tell) -> Callable[..., None]:
            return guarded(lambda _: work(), on_error=on_error)

        self.look_button.on_click(press(self.look, self._tell_above))
        self.over_button.on_click(press(self.start_over))
        self.check_button.on_click(press(self.check))
        self.load_button.on_click(press(self.load))
        self.language.observe(guarded(lambda change: self.say(change["new"]), on_error=self._tell), names="value")


def load_panel(*, store: str | Path | None = None, lang: str | None = None) -> LoadPanel:
    """Load files into a store by hand; without a store WORKBENCH_STORE is taken, else ./crm.store."""
    return LoadPanel(store=store, lang=lang)


def _row(css: str, *parts: object) -> Row:
    row = Row([*parts])
    row.add_class(css)
    return row
