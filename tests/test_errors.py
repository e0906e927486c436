"""Errors are sentences in the reader's language; they carry a key and facts."""

from __future__ import annotations

import pickle

from workbench.errors import ChoiceError, WorkbenchError


def test_an_error_is_one_sentence_in_each_language():
    error = ChoiceError("unknown_choice", name="boundary", value="sideways", allowed=["crossing", "inclusive"])
    assert str(error) == "boundary cannot be sideways. Allowed: crossing, inclusive."
    assert error.words("zh") == "boundary 不能取 sideways。可选：crossing、inclusive。"


def test_an_error_survives_the_way_from_a_child_process():
    error = ChoiceError("unknown_choice", name="boundary", value="sideways", allowed=["crossing"])
    copy = pickle.loads(pickle.dumps(error))  # noqa: S301
    assert isinstance(copy, WorkbenchError)
    assert (copy.key, copy.facts, str(copy)) == (error.key, error.facts, str(error))


def shown_by_ipython(code: str, *, lang: str, monkeypatch, before: str = "") -> str:
    """What a cell shows in a notebook that ends in an error."""
    from io import StringIO

    from IPython.core.interactiveshell import InteractiveShell

    monkeypatch.setenv("WORKBENCH_LANG", lang)
    shell = InteractiveShell()
    monkeypatch.setattr("IPython.core.getipython.get_ipython", lambda: shell)
    shell.run_line_magic("colors", "nocolor")
    if before:
        shell.run_line_magic(*before.split())
    lines = StringIO()
    monkeypatch.setattr(shell, "_showtraceback", lambda _, __, stb: print(*stb, sep="\n", file=lines))
    shell.run_cell(code)
    return lines.getvalue()


MISTAKE = """
from workbench.errors import ChoiceError
def settle():
    raise ChoiceError("unknown_choice", name="boundary", value="sideways", allowed=["crossing"])
settle()
"""


def test_a_notebook_says_our_errors_in_one_sentence_and_how_to_see_more(monkeypatch):
    assert shown_by_ipython(MISTAKE, lang="zh", monkeypatch=monkeypatch).splitlines() == [
        "boundary 不能取 sideways。可选：crossing。",
        "（要看完整的出错位置，先运行 %xmode Verbose，再运行这一格。）",
    ]
    assert shown_by_ipython(MISTAKE, lang="en", monkeypatch=monkeypatch).splitlines() == [
        "boundary cannot be sideways. Allowed: crossing.",
        "(For the whole traceback run %xmode Verbose, then this cell again.)",
    ]


def test_the_log_has_the_traceback_of_what_a_notebook_says_in_one_sentence(monkeypatch, caplog):
    shown_by_ipython(MISTAKE, lang="zh", monkeypatch=monkeypatch)
    assert "in settle" in caplog.text


def test_the_whole_traceback_is_shown_when_it_is_asked_for(monkeypatch):
    shown = shown_by_ipython(MISTAKE, lang="zh", monkeypatch=monkeypatch, before="xmode Verbose")
    assert "settle()" in shown
    assert "boundary cannot be sideways" in shown


def test_other_exceptions_keep_their_traceback(monkeypatch):
    shown = shown_by_ipython("def settle():\n    return {}['门店']\nsettle()", lang="zh", monkeypatch=monkeypatch)
    assert "Traceback" in shown
    assert "KeyError: '门店'" in shown
