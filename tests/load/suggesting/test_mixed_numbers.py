"""Amounts with decimal commas and points in one column, ids that became numbers: asked, or rejected with their line."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from workbench.errors import LoadError
from workbench.load import answered, check, load, suggest_mapping

AMOUNTS = ["27340.00", "3.418,60", "79,45", "2.000"]


@pytest.mark.parametrize(
    ("sign", "loaded", "rejected"),
    [
        (",", {"D2": "3418.60", "D3": "79.45", "D4": "2000.00"}, {2: "27340.00"}),
        (".", {"D1": "27340.00", "D4": "2.00"}, {3: "3.418,60", 4: "79,45"}),
    ],
)
def test_mixed_decimals_are_asked_and_what_does_not_fit_is_rejected_with_its_line(write, sign, loaded, rejected):
    rows = [f"D{place};2024-07-05;{amount}" for place, amount in enumerate(AMOUNTS, 1)]
    path = write(*rows, header="customer;date;amount", name="danish.csv")
    mapping = suggest_mapping(path)
    (question,) = mapping.questions
    assert question.key == "decimal_comma"
    assert set(question.choices) == {".", ","}
    report = check(path, mapping=answered(mapping, question, sign), today=date(2026, 1, 1))
    assert dict(zip(report.rejects["line"], report.rejects["value"], strict=True)) == rejected
    assert set(report.rejects["reason"]) == {"ambiguous_number"}
    shown = dict(line.split(" → ") for line in question.choices[sign])
    assert {f"D{AMOUNTS.index(text) + 1}": str(Decimal(value)) for text, value in shown.items()} == loaded


def test_ids_that_a_spreadsheet_made_numbers_are_refused_with_what_to_do(write, store):
    path = write(*(f"K{day},6.92E+12,2024-01-0{day},5" for day in range(1, 5)))
    with pytest.raises(LoadError) as refused:
        load(path, store=store, mapping=suggest_mapping(path), today=date(2026, 1, 1))
    assert refused.value.key == "all_rejected"
    assert "从系统重新导出" in refused.value.words("zh")
