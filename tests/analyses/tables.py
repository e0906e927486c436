"""Segment tables for the tests: by ranges of scores, and drawn at random for Hypothesis."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from workbench.analyses.rules.conditions import any_of
from workbench.analyses.rules.rule import Rule
from workbench.analyses.rules.table import SegmentTable
from workbench.topics.segment_rules.painting import score_box

BINS = 3
RANGE = st.tuples(st.integers(1, BINS), st.integers(1, BINS)).map(lambda pair: (min(pair), max(pair)))
RANGES = st.tuples(RANGE, RANGE, RANGE)


def table_of(*rules: Any, bins: int = 4) -> SegmentTable:
    """Make a table whose rules take these ranges of R, F and M: three ranges, or a list of such threes."""
    made = []
    for place, given in enumerate(rules):
        boxes = given if isinstance(given, list) else [given]
        names = {"en": f"rule {place}", "zh": f"规则 {place}"}
        made.append(Rule(f"rule_{place}", names, any_of(*[score_box(*ranges) for ranges in boxes])))
    return SegmentTable("ours", bins, {"en": "Ours", "zh": "自定"}, "", tuple(made), {"en": "Others", "zh": "其他"})


def table_from(*rules: dict[str, Any], **top: Any) -> SegmentTable:
    """Make a table of rules as they stand in a file; ids are a, b, c … where none is given."""
    named = [{"id": "abcdefgh"[place], **rule} for place, rule in enumerate(rules)]
    return SegmentTable.from_dict({"id": "ours", "segment": named, **top})


SCORE_TABLES = st.lists(st.lists(RANGES, min_size=1, max_size=2), min_size=1, max_size=4).map(
    lambda rules: table_of(*rules, bins=BINS)
)

KINDS = ("企业", "个人", "家庭")
AMOUNT = st.sampled_from([-5, 0, 0.01, 9.99, 10, 10.5, 250])
COUNT = st.sampled_from([0, 1, 2, 2.5, 4])


def _bounded(numbers: st.SearchStrategy) -> st.SearchStrategy:
    lower = st.one_of(
        st.just({}), st.builds(lambda key, value: {key: value}, st.sampled_from(["from", "above"]), numbers)
    )
    upper = st.one_of(
        st.just({}), st.builds(lambda key, value: {key: value}, st.sampled_from(["to", "below"]), numbers)
    )
    unknown = st.sampled_from([{}, {"unknown": True}])
    return st.builds(lambda a, b, c: a | b | c, lower, upper, unknown).filter(bool)


CONDITION = st.fixed_dictionaries(
    {},
    optional={
        "frequency": st.one_of(
            _bounded(COUNT), st.builds(lambda n: {"in": n}, st.lists(st.integers(1, 3), min_size=1))
        ),
        "margin": _bounded(AMOUNT),
        "customer_type": st.one_of(
            st.sampled_from(KINDS),
            st.lists(st.sampled_from(KINDS), min_size=1),
            st.sampled_from([{"unknown": True}, {"known": True}, {"in": ["企业"], "unknown": True}]),
        ),
        "first_on": _bounded(st.sampled_from(["2024-01-01", "2024-02-29", "2024-03-01"])),
    },
).filter(bool)
"""Conditions on columns of the customer facts; some contradict themselves."""
