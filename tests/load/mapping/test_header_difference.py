"""Changed headers: what is new, what is missing and what was renamed are told apart."""

from __future__ import annotations

import pytest

from workbench.load.mapping.header_difference import header_difference


@pytest.mark.parametrize(
    ("found", "new", "missing", "renamed"),
    [
        (["金额 ", "客户　编号"], (), (), {}),
        (["客户 编号", "金额"], (), (), {}),
        (["金额", "会员号"], (), (), {"客户 编号": "会员号"}),
        (["金额"], (), ("客户 编号",), {}),
        (["金额", "客户 编号", "备注"], ("备注",), (), {}),
        (["金额", "天气"], ("天气",), ("客户 编号",), {}),
    ],
)
def test_a_changed_header_says_what_is_new_missing_and_renamed(found, new, missing, renamed):
    difference = header_difference(["客户 编号", "金额"], found)
    assert (difference.new, difference.missing, difference.renamed) == (new, missing, renamed)
    assert bool(difference) == bool(new or missing or renamed)


def test_a_header_near_in_spelling_counts_as_renamed():
    assert header_difference(["Q7_FOOD"], ["Q7FOODS"]).renamed == {"Q7_FOOD": "Q7FOODS"}
