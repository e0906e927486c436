"""No callback fails silently, and no traceback reaches the page."""

from __future__ import annotations

import logging

from workbench.panels.guarded_widgets import guarded


def test_a_failing_callback_is_logged_with_its_traceback_and_told(caplog):
    told = []

    def fails():
        raise ZeroDivisionError("人均消费")

    guarded(fails, on_error=told.append)()
    assert isinstance(told[0], ZeroDivisionError)
    assert caplog.records[0].levelno == logging.ERROR
    assert "ZeroDivisionError" in caplog.text


def test_a_callback_gets_what_the_widget_sends():
    seen = []
    guarded(lambda change, name="": seen.append((change, name)))("new", name="value")
    assert seen == [("new", "value")]
