"""The command `workbench`: demo, load, check, restore, remove, erase, publish, dashboards, report, lab, lesson."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from workbench.errors import ChoiceError, LoadError, WorkbenchError
from workbench.i18n import LANGUAGES, t, usual_language
from workbench.visible_text import HARMLESS_BREAKS, visible

if TYPE_CHECKING:
    from workbench.load import Database, LoadReport, Mapping, Progress

DEFAULT_STORE = Path("crm.store")
YES = ("y", "yes", "是", "好")
LANGUAGE_OPTIONS = ("--lang", "--language")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; return 0 when it did its work, 1 when the user has something to mend, 130 when interrupted.

    Errors are one sentence on standard error in the reader's language, never a traceback; `WORKBENCH_DEBUG=1`
    lets the traceback through.
    """
    words = list(sys.argv[1:] if arguments is None else arguments)
    lang = language(words)
    options = parser(lang).parse_args(words)
    options.is_lang_given = options.lang is not None
    options.lang = lang
    try:
        return int(options.run(options) or 0)
    except WorkbenchError as error:
        if os.environ.get("WORKBENCH_DEBUG"):
            raise
        say(error.words(lang), to=sys.stderr)
        return 1
    except KeyboardInterrupt:
        say(t("cli.interrupted", lang), to=sys.stderr)
        return 130


def language(words: Sequence[str]) -> str:
    """Return the language asked for by --lang, else by WORKBENCH_LANG, else the system's, else English."""
    for position, word in enumerate(words):
        option, equals, value = word.partition("=")
        wanted = value if equals else next(iter(words[position + 1 :]), "")
        if option in LANGUAGE_OPTIONS and wanted in LANGUAGES:
            return wanted
    return usual_language()


def say(text: str, *, to: TextIO | None = None) -> None:
    """Print for people, also where the terminal cannot show every character; none of them may steer it."""
    stream = to or sys.stdout
    encoding = stream.encoding or "utf-8"
    shown = visible(text, keep=HARMLESS_BREAKS)
    print(shown.encode(encoding, "replace").decode(encoding), file=stream, flush=True)


def parser(lang: str) -> argparse.ArgumentParser:
    """Build the parser with its help in the reader's language."""
    whole = argparse.ArgumentParser(prog="workbench", description=t("cli.about", lang))
    commands = whole.add_subparsers(metavar=t("cli.command", lang), required=True)
    shared = argparse.ArgumentParser(add_help=False)
    shared.add_argument(*LANGUAGE_OPTIONS, choices=LANGUAGES, help=t("cli.help_lang", lang))
    store = argparse.ArgumentParser(add_help=False)
    store.add_argument(
        "--store",
        type=Path,
        default=Path(os.environ.get("WORKBENCH_STORE") or DEFAULT_STORE),
        help=t("cli.help_store", lang),
    )
    serving = argparse.ArgumentParser(add_help=False)
    serving.add_argument("--port", type=int, help=t("cli.help_port", lang))
    serving.add_argument("--no-browser", dest="browser", action="store_false", help=t("cli.help_no_browser", lang))
    learning = argparse.ArgumentParser(add_help=False)
    learning.add_argument("--folder", type=Path, help=t("cli.help_lessons_folder", lang))
    learning.add_argument("--solutions", action="store_true", help=t("cli.help_solutions", lang))
    loading = argparse.ArgumentParser(add_help=False)
    loading.add_argument("sources", nargs="+", type=path_or_address, metavar="FILE", help=t("cli.help_sources", lang))
    loading.add_argument("--tables", type=names_in, default=[], metavar="A,B", help=t("cli.help_tables", lang))
    loading.add_argument(
        "--query", action="append", type=Path, default=[], metavar="Q.sql", help=t("cli.help_query", lang)
    )
    loading.add_argument("--mapping", type=Path, help=t("cli.help_mapping", lang))
    loading.add_argument("--save-mapping", type=Path, metavar="M.toml", help=t("cli.help_save_mapping", lang))
    loading.add_argument("--company", help=t("cli.help_company", lang))
    loading.add_argument("--as-of", type=date.fromisoformat, metavar="YYYY-MM-DD", help=t("cli.help_as_of", lang))
    loading.add_argument("--currency", type=str.upper, metavar="USD", help=t("cli.help_currency", lang))
    loading.add_argument("--time-zone", metavar="Asia/Shanghai", help=t("cli.help_time_zone", lang))
    loading.add_argument("--yes", action="store_true", help=t("cli.help_yes", lang))
    loading.add_argument("--rejects", type=Path, metavar="FILE.xlsx", help=t("cli.help_rejects", lang))

    def command(name: str, run: object, *parents: argparse.ArgumentParser) -> argparse.ArgumentParser:
        about = t(f"cli.about_{name}", lang)
        made = commands.add_parser(name, parents=[shared, *parents], help=about, description=about)
        made.set_defaults(run=run)
        return made

    demo = command("demo", run_demo, serving)
    demo.add_argument("--folder", type=Path, default=Path("demo"), help=t("cli.help_demo_folder", lang))
    command("load", run_load, loading, store)
    checking = command("check", run_check, loading)
    checking.add_argument("--store", type=Path, help=t("cli.help_check_store", lang))
    restoring = command("restore", run_restore, store)
    restoring.add_argument("snapshot", nargs="?", metavar="SNAPSHOT", help=t("cli.help_snapshot", lang))
    removing = command("remove", run_remove, store)
    removing.add_argument("source", nargs="?", metavar="FILE", help=t("cli.help_source", lang))
    erasing = command("erase", run_erase, store)
    erasing.add_argument("customers", nargs="+", metavar="CUSTOMER", help=t("cli.help_customers", lang))
    erasing.add_argument("--yes", action="store_true", help=t("cli.help_yes_erase", lang))
    publishing = command("publish", run_publish, store)
    publishing.add_argument("--json", action="store_true", help=t("cli.help_json", lang))
    command("dashboards", run_dashboards, store, serving)
    report = command("report", run_report, store)
    report.add_argument("at", nargs="?", type=Path, metavar="STORE", help=t("cli.help_store", lang))
    report.add_argument("--page", help=t("cli.help_report_page", lang))
    report.add_argument("--filters", nargs="+", default=[], metavar="NAME=VALUE", help=t("cli.help_filters", lang))
    report.add_argument("--address", default="", help=t("cli.help_address", lang))
    report.add_argument("--format", default="pdf", metavar="pdf,pptx,xlsx", help=t("cli.help_report_format", lang))
    report.add_argument("--output", type=Path, default=Path(), metavar="DIR", help=t("cli.help_report_output", lang))
    command("lab", run_lab, store, serving, learning)
    lesson = command("lesson", run_lesson, store, serving, learning)
    lesson.add_argument("name", nargs="?", help=t("cli.help_lesson", lang))
    return whole


def path_or_address(text: str) -> Path | str:
    """Take the path of a file or folder; what is written like an address of a database stays as it is."""
    return text if "://" in text else Path(text)


def names_in(text: str) -> list[str]:
    """Take the names between commas."""
    return [name.strip() for name in text.split(",") if name.strip()]


def run_demo(options: argparse.Namespace) -> int:
    """Generate the sample company, load and publish it, and serve its dashboards."""
    from workbench import samples, serving

    raw, store = options.folder / "raw", options.folder / "crm.store"
    say(t("cli.demo_generating", options.lang, folder=raw))
    samples.generate(raw)
    load_and_report([raw], options, mapping=raw / "mapping.toml", store=store)
    publish_and_report(store, options.lang)
    return serving.serve_dashboards(store, port=options.port, open_browser=options.browser, lang=options.lang)


def run_load(options: argparse.Namespace) -> int:
    """Load files into the store and print the report."""
    return load_from_databases(options, store=options.store)


def run_check(options: argparse.Namespace) -> int:
    """Do everything but load: suggest or read the mapping, clean, validate, report."""
    return load_from_databases(options, store=options.store, only_checks=True)


def run_restore(options: argparse.Namespace) -> int:
    """Put an older snapshot in force again; without one named, list those there are."""
    from workbench.store import restore, snapshots

    if options.snapshot is None:
        for one in snapshots(options.store):
            sources = [source.file for source in one.sources]
            say(t("cli.snapshot_line", options.lang, id=one.id, as_of=one.as_of, files=sources or ["—"]))
        return 0
    snapshot = restore(options.store, snapshot=options.snapshot)
    say(t("cli.restored", options.lang, id=snapshot.id, as_of=snapshot.as_of))
    return 0


def run_remove(options: argparse.Namespace) -> int:
    """Take the rows of one source out again; without one named, list the sources."""
    from workbench.load import remove
    from workbench.store import open_store

    if options.source is None:
        with open_store(options.store) as store:
            for source in store.snapshot.sources:
                say(t("cli.source_line", options.lang, file=source.file, table=source.table, rows=source.rows_loaded))
        return 0
    snapshot = remove(options.source, store=options.store)
    say(t("cli.removed", options.lang, file=options.source, id=snapshot.id))
    return 0


def run_erase(options: argparse.Namespace) -> int:
    """Erase customers from every file of the store, after a yes: it cannot be undone."""
    from workbench.store import erase
    from workbench.terminal import is_watched

    if not options.yes:
        said = input(t("cli.erase_sure", options.lang, customers=options.customers)) if is_watched() else ""
        if said.strip().lower() not in YES:
            say(t("cli.erase_not", options.lang), to=sys.stderr)
            return 1
    snapshot = erase(options.store, options.customers)
    say(t("cli.erased", options.lang, count=len(options.customers), id=snapshot.id))
    return 0


def run_publish(options: argparse.Namespace) -> int:
    """Write the dashboards' snapshot."""
    return publish_and_report(options.store, options.lang, as_json=options.json)


def run_dashboards(options: argparse.Namespace) -> int:
    """Serve the dashboards of a published store until interrupted."""
    from workbench import serving

    return serving.serve_dashboards(options.store, port=options.port, open_browser=options.browser, lang=options.lang)


def run_report(options: argparse.Namespace) -> int:
    """Write a page of the published store down, with exactly the filters asked for, or say what cannot be had."""
    from workbench import serving

    wish = serving.wish_of(options.address, options.filters, page=options.page)
    if options.is_lang_given or "lang" not in wish.parts:
        wish.parts["lang"] = options.lang
    formats = [one.strip() for one in options.format.split(",") if one.strip()]
    for path in serving.write_report(options.at or options.store, wish, formats=formats, folder=options.output):
        say(t("cli.report_written", options.lang, file=path))
    return 0


def run_lab(options: argparse.Namespace) -> int:
    """Open JupyterLab at the notebooks."""
    return open_lab(options)


def run_lesson(options: argparse.Namespace) -> int:
    """Open JupyterLab at one lesson, or list the lessons."""
    from workbench import serving
    from workbench.serving import shipped

    lessons = serving.lessons()
    if options.name is None:
        folder = shipped.shipped_notebooks()
        for name in lessons:
            say(f"{name:24} {serving.lesson_title(folder / f'{name}.ipynb', options.lang)}")
        return 0
    if options.name not in lessons:
        raise ChoiceError("no_lesson", name=options.name, allowed=list(lessons))
    return open_lab(options, lesson=options.name)


def open_lab(options: argparse.Namespace, *, lesson: str | None = None) -> int:
    """Open JupyterLab at notebooks that may be edited, and say where they are."""
    from workbench import serving

    own = serving.own_lessons(options.folder, solutions=options.solutions)
    say(t("cli.lessons_are_in", options.lang, folder=own.folder))
    if own.beside:
        say(t("cli.lessons_beside", options.lang, names=own.beside))
    return serving.serve_lab(
        options.store,
        folder=own.folder,
        port=options.port,
        open_browser=options.browser,
        lang=options.lang,
        lesson=lesson,
        solutions=options.solutions,
    )


def load_from_databases(options: argparse.Namespace, *, store: Path | None, only_checks: bool = False) -> int:
    """Load or check files and databases; a password and the tables are asked for where a person watches."""
    from workbench import terminal

    sources = terminal.as_databases(options.sources, options.tables, options.query)
    if terminal.shows_password(options.sources):
        say(t("cli.password_shown", options.lang), to=sys.stderr)
    while True:
        try:
            return load_and_report(sources, options, mapping=options.mapping, store=store, only_checks=only_checks)
        except WorkbenchError as error:
            if not terminal.is_watched() or not terminal.is_settled(error, sources, options.lang):
                raise


def load_and_report(
    sources: Sequence[Path | Database],
    options: argparse.Namespace,
    *,
    mapping: Path | None,
    store: Path | None,
    only_checks: bool = False,
) -> int:
    """Load into `store`, or only check: against it as it is, or a new one where it is None; print the report.

    Questions are asked one after another where a person watches; with `--yes` they are answered as suggested. Returns 1
    when questions stay open: nothing was loaded then, and the report says what to answer.
    """
    from workbench import load, terminal

    answer: terminal.AnswersQuestion | None = None
    if getattr(options, "yes", False):
        answer = terminal.as_suggested
    elif terminal.is_watched():
        answer = partial(terminal.choose, lang=options.lang)
    interview = (
        terminal.Interview(list(sources), answer, skips=bool(getattr(options, "yes", False))) if answer else None
    )
    known = {name: getattr(options, name, None) for name in ("company", "as_of", "currency", "time_zone")}
    rules = load.Mapping.read(mapping) if mapping else _mapping_found(sources, options)
    is_left_open = False
    work = load.check if only_checks else load.load
    while True:
        try:
            with progress_bar(options.lang) as progress:
                report = work(sources, store=store, mapping=rules, progress=progress, **known)
        except LoadError as error:
            if error.key == "left_out_by_mapping" and rules and interview and interview.has_answers:
                _save(rules, options)  # that nothing is to be loaded is an answer, too
            raise
        if interview is None or report.mapping is None or not report.questions or is_left_open:
            break
        rules = interview.rules(report.mapping, report.questions)
        is_left_open = bool(rules.questions)
    say(report.text(options.lang))
    _save_mapping(report, options, is_answered=interview is not None and interview.has_answers)
    if getattr(options, "rejects", None):
        report.export_rejects(options.rejects, lang=options.lang)
        say(t("cli.rejects_saved", options.lang, file=options.rejects))
    if report.questions:
        say(t("cli.questions_open", options.lang), to=sys.stderr)
    return 1 if report.questions else 0


def _mapping_found(sources: Sequence[Path | Database], options: argparse.Namespace) -> Mapping | None:
    """Take the mapping.toml beside the files where it is one of theirs; say so."""
    from workbench import terminal

    path = terminal.mapping_beside(sources)
    rules = terminal.readable(path) if path else None
    if rules is not None:
        say(t("cli.mapping_found", options.lang, file=path))
    return rules


def _save_mapping(report: LoadReport, options: argparse.Namespace, *, is_answered: bool) -> None:
    """Save the mapping where it is asked for; after answers say how they can be kept."""
    is_saved = report.mapping is not None and _save(report.mapping, options)
    if is_answered and not is_saved and not report.questions:
        say(t("cli.keep_answers", options.lang))


def _save(rules: Mapping, options: argparse.Namespace) -> bool:
    path = getattr(options, "save_mapping", None)
    if path:
        rules.save(path)
        say(t("cli.mapping_saved", options.lang, file=path))
    return bool(path)


def publish_and_report(store: Path, lang: str, *, as_json: bool = False) -> int:
    """Write the dashboards' snapshot; say what it is and how the watch list stands, for people or as JSON."""
    from workbench.pages.publication import record_publication
    from workbench.pages.watch import WatchResult
    from workbench.pages.watch_file import read_watch_rules
    from workbench.store import publish

    rules = read_watch_rules(store)  # before anything is published: a rule that cannot be read is to be mended
    snapshot = publish(store)
    results = [WatchResult(**one) for one in record_publication(store, rules=rules)["watch"]]
    if as_json:
        watch = [{**asdict(one), "text": one.words(lang)} for one in results]
        say(
            json.dumps(
                {"snapshot": snapshot.id, "as_of": snapshot.as_of.isoformat(), "watch": watch}, ensure_ascii=False
            )
        )
        return 0
    say(t("cli.published", lang, id=snapshot.id, as_of=snapshot.as_of, tables=len(snapshot.tables)))
    for one in sorted(results, key=lambda one: one.state == "quiet"):
        say(f"- {one.words(lang)}")
    return 0


@contextmanager
def progress_bar(lang: str) -> Iterator[Callable[[Progress], None]]:
    """Show a bar on standard error while the loader reports, where a person is watching."""
    from rich.console import Console
    from rich.progress import BarColumn, TaskProgressColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar

    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    with Bar(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("", total=None)

        def show(progress: Progress) -> None:
            words = t(f"load.stage_{progress.stage}", lang)
            bar.update(task, description=words, completed=progress.done, total=progress.total or None)

        yield show


if __name__ == "__main__":
    sys.exit(main())
