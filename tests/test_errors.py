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
