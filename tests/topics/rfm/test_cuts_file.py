"""Cut points on paper: a small text, read back the same, and refused in words when it is something else."""

from __future__ import annotations

import json
from datetime import date

import pytest

from workbench.errors import ChoiceError
from workbench.topics.rfm import Cuts, NestedCuts
from workbench.topics.rfm.cuts_file import KeptCuts

FLAT = KeptCuts(Cuts((30, 90.5), (2, 4), (100, 255.804)), "day", "average")
NESTED = KeptCuts(NestedCuts((30,), ((2,), (5,)), (((10,), (20,)), ((30,), (40,)))))


@pytest.mark.parametrize("kept", [FLAT, NESTED], ids=["flat", "nested"])
def test_what_was_written_is_read_back_with_what_it_cuts(kept: KeptCuts):
    written = kept.text(as_of=date(2024, 12, 31), source="启程汽车\n服务集团")
    assert written.startswith("# RFM cut points, 2024-12-31, 启程汽车 服务集团\n")
    assert KeptCuts.read(written) == kept
    assert KeptCuts.read(("\ufeff" + written).encode()) == kept
    assert KeptCuts.read(json.dumps(kept.as_dict())) == kept


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"\xff\xfe\x00kind", "no cut points"),
        ("", "of the kind None"),
        ("kind = 3 =", "no cut points"),
        ('{"kind": ', "no cut points"),
        ('kind = "rule_segment"', "of the kind rule_segment"),
        ('kind = "rfm_cuts"', "is None for count_by|count_by"),
        ('kind = "rfm_cuts"\ncount_by = "week"\nmoney = "total"', "order, day"),
        ('kind = "rfm_cuts"\ncount_by = "day"\nmoney = "total"\nrecency_days = [3]\nmonetary = [1]', "no list of freq"),
        ('{"kind": "rfm_cuts", "count_by": "day", "money": "total", "recency_days": 3}', "no list of recency_days"),
        (FLAT.text().replace("90.5", '"soon"'), "rising order"),
        (FLAT.text().replace("90.5", "5.0"), "rising order"),
        (FLAT.text().replace("[2.0, 4.0]", "[2.0]"), "rising order"),
        (NESTED.text().replace("[[2.0], [5.0]]", "[[2.0], 5.0]"), "rising order|incomplete"),
        ("x" * 2_000_000, "no cut points"),
        ("[" * 100_000, "no cut points"),
        ('{"a":' * 100_000, "no cut points"),
    ],
)
def test_what_holds_no_cut_points_is_refused_in_words(content: str | bytes, says: str):
    with pytest.raises(ChoiceError, match=says) as refusal:
        KeptCuts.read(content)
    assert refusal.value.words("zh")
