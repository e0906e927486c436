"""What a panel declares about privacy is applied to its answer on managers' pages, and to nobody else's."""

from __future__ import annotations

from dataclasses import dataclass

import altair as alt
import numpy as np
import pandas as pd
import pytest

from tests.company import AS_OF
from workbench.errors import NothingToShow
from workbench.panels import Session, showing
from workbench.panels.base import Answer, Panel, Parts
from workbench.panels.hiding import without_small_groups
from workbench.panels.privacy import Privacy, Shown
from workbench.panels.table import Detail, Field
from workbench.topics.satisfaction.panel import satisfaction_panel
from workbench.topics.segments.panel import segments_panel


@dataclass(frozen=True)
class Told(Answer):
    """Segments, and the days or cells beside them."""

    cells: pd.DataFrame


def told(rows: dict, cells: pd.DataFrame | None = None) -> Told:
    frame = pd.DataFrame({"segment": list(rows), "customer_count": list(rows.values())})
    return Told(None, frame.assign(monetary=100.0), AS_OF, pd.DataFrame() if cells is None else cells)


def seen(answer: Told, privacy: Privacy) -> Told:
    return without_small_groups(answer, privacy, smallest=5, collect=None)


def panel_of(session, privacy=None, **parts) -> Panel:
    def draw(answer, _lang):
        return alt.Chart(answer.rows).mark_bar()

    facts = session.facts
    rows = pd.DataFrame({"segment": ["vip", "usual", "rare"], "customer_count": [60, 30, 3], "monetary": 1.0})
    return Panel(
        session,
        topic="segments",
        controls={},
        analyse=lambda: Answer(facts, rows, session.as_of),
        draw=draw,
        analyses=(),
        privacy=privacy,
        parts=Parts(**parts),
    )


def test_a_small_group_loses_its_figures_and_the_smallest_other_one_with_it():
    rows = seen(told({"vip": 60, "usual": 30, "rare": 3}), Privacy((Shown(),))).rows
    assert rows["segment"].tolist() == ["vip", "rare", "usual"], "hidden rows stand last, by name"
    assert rows["customer_count"].tolist()[:1] == [60]
    assert rows[["customer_count", "monetary"]].isna().all(axis=1).tolist() == [False, True, True]


def test_rows_in_an_order_of_their_names_stay_where_they_are():
    rows = seen(told({"a": 3, "b": 60, "c": 30}), Privacy((Shown(in_place=True),))).rows
    assert rows["segment"].tolist() == ["a", "b", "c"]
    assert rows["customer_count"].isna().tolist() == [True, False, True]


def test_every_day_is_a_total_of_its_own():
    days = pd.DataFrame({"day": [1, 1, 2, 2], "segment": ["a", "b"] * 2, "customer_count": [3, 9, 7, 9]})
    history = Shown(("day", "segment"), frame="cells", totals=(("day",),), in_place=True)
    cells = seen(told({"a": 60}, days), Privacy((history,))).cells
    assert cells["customer_count"].isna().tolist() == [True, True, False, False]


def test_an_answer_without_small_groups_is_given_back_as_it_is():
    answer = told({"vip": 60, "usual": 30})
    assert seen(answer, Privacy((Shown(),))) is answer


def test_tables_that_share_people_are_seen_together():
    """Ten in the cell, six of them in the segment: the four others would be the rest of both."""
    atoms = pd.DataFrame({"segment": ["a", "b", "b"], "cell": [1, 1, 2], "customer_count": [6, 4, 50]})
    cells = pd.DataFrame({"cell": [1, 2], "customer_count": [10, 50]})
    privacy = Privacy((Shown(), Shown(("cell",), frame="cells", in_place=True)), atoms=lambda _: atoms)
    found = seen(told({"b": 54, "a": 6}, cells), privacy)
    known = [*found.rows["customer_count"].dropna(), *found.cells["customer_count"].dropna()]
    assert known in ([54, 6], [10, 50])


def test_two_hidden_cells_in_every_line_are_not_enough():
    """The table from whose lines the 4 of the second row follows, though each line hides two."""
    counts = [[3, 2, 0, 0], [13, 4, 2, 8], [0, 0, 3, 2], [8, 7, 16, 0]]
    cells = pd.DataFrame([(row, column, n) for row, line in enumerate(counts) for column, n in enumerate(line) if n])
    cells.columns = ["row", "column", "customer_count"]
    sides = Shown(("row", "column"), frame="cells", totals=((), ("row",), ("column",)), in_place=True)
    found = seen(told({"a": 60}, cells), Privacy((sides,))).cells
    wide = found.pivot_table(index="row", columns="column", values="customer_count", dropna=False)
    whole = cells.pivot_table(index="row", columns="column", values="customer_count", fill_value=0)
    hidden = (wide.isna() & (whole > 0)).to_numpy()
    places = np.argwhere(hidden)
    lines = np.array([places[:, side] == place for side in (0, 1) for place in range(4)], dtype=float)
    rank = np.linalg.matrix_rank(lines)
    for one, (row, column) in enumerate(places):
        if 0 < counts[row][column] < 5:
            assert np.linalg.matrix_rank(np.vstack([lines, np.eye(len(places))[one]])) > rank, (row, column)
    assert not hidden.all()


def test_the_class_that_an_analysis_is_about_is_hidden_last():
    """D is one customer: somebody must go with them, and not the best."""
    rows = seen(told({"C": 40, "A": 9, "B": 20, "D": 1}), Privacy((Shown(first=("A", "B")),))).rows
    assert rows.dropna()["segment"].tolist() == ["A", "B"]


def test_whoever_is_too_few_in_all_is_told_of_in_words_alone():
    with pytest.raises(NothingToShow) as refused:
        seen(told({"vip": 3, "usual": 1}), Privacy((Shown(),)))
    assert refused.value.key == "group_too_small"


def test_a_panel_may_refuse_as_a_whole():
    with pytest.raises(NothingToShow) as refused:
        seen(told({"vip": 60, "usual": 30, "rare": 3}), Privacy((Shown(),), instead="tier_too_few"))
    assert refused.value.key == "tier_too_few"


def test_an_undeclared_panel_shows_nothing_to_managers_and_all_to_analysts(store, published_store):
    manager = panel_of(Session(published_store))
    assert manager.error.key == "privacy_undeclared"
    assert "尚未声明" in manager.widget.message.value
    assert panel_of(Session(store)).rows["customer_count"].tolist() == [60, 30, 3]


def test_what_is_drawn_and_taken_along_is_hidden_already(published_store):
    panel = panel_of(Session(published_store), Privacy((Shown(),)))
    assert panel.rows["customer_count"].isna().sum() == 2
    lines = panel.downloads.sheet("csv")[1].decode("utf-8-sig").splitlines()
    assert not any("30" in line for line in lines if not line.startswith("#"))
    assert "rare" in str(panel.chart().to_dict())
    assert "30" not in str(panel.chart().to_dict()["datasets"])


def test_whoever_covers_up_a_small_group_is_not_listed_either(published_store):
    session = Session(published_store)
    people = session.facts.select("customer_id")
    detail = Detail(table=people, fields=(Field("customer_id"),), title="panels.segments.members")
    panel = panel_of(session, Privacy((Shown(),)), detail=lambda *_: detail)
    panel.views["chart"].picked = [{"segment": "usual"}]
    assert panel.error.key == "group_too_small"
    assert panel.customers.detail is None
    panel.views["chart"].picked = [{"segment": "vip"}]
    assert panel.customers.detail is detail


@pytest.mark.parametrize(("make", "too_few"), [(segments_panel, 1), (satisfaction_panel, 3)])
def test_more_groups_than_can_be_weighed_are_not_shown_and_the_page_says_why(
    published_store, make, too_few, monkeypatch
):
    monkeypatch.setattr(showing, "MOST_GROUPS", too_few)
    panel = make(Session(published_store))
    assert (panel.answer if panel.error is None else panel.error.key) == "too_many_groups"
    assert f"at most {too_few} can be compared" in panel.error.words("en")
    assert f"最多只能相互核对 {too_few} 种" in panel.error.words("zh")
