"""What a manager can find out who looks at every table of a measure: answers of fewer than five people never."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import timedelta
from itertools import chain, combinations

import pandas as pd
import pytest

from tests.company import AS_OF, crowd
from tests.small_groups import Known, found_out, lies_in
from workbench.errors import NothingToShow
from workbench.panels import Session
from workbench.panels.base import Panel
from workbench.topics.satisfaction.panel import satisfaction_panel

LEAST = 5
PLACES = ("touchpoint", "region", "segment")
ITEMS = ("预约", "维修", "环境")
DAY = timedelta(days=1)


def many_items(seed: int) -> str:
    """Return SQL that adds answers to four questions: not all are asked of all, and some customers come again."""
    dice, rows = random.Random(seed), []
    for number in range(130):
        customer = f"D{dice.randrange(90):03}"
        place = dice.choice(["结算"] * 9 + ["接待"] * 5 + ["维修"])
        group = dice.choice(["老客户"] * 6 + ["新客户"] * 2 + ["VIP"])
        day = AS_OF - timedelta(days=dice.randrange(150))
        for item in ITEMS:
            if dice.random() < {"维修": 0.2, "环境": 0.06}.get(item, 0.8):
                weight = "0" if dice.random() < 0.03 else "1"
                rows.append((f"M{number}", customer, day.isoformat(), item, dice.randint(1, 5), place, group, weight))
    columns = "response_id, customer_id, day, item, score, touchpoint, segment, weight, kind, scale_low, scale_high"
    values = ", ".join(f"({', '.join(map(repr, row))}, 'csat', 1, 5)" for row in rows)
    return f"INSERT INTO surveys ({columns}) VALUES {values}"  # noqa: S608  our own words


def states(panel: Panel) -> Iterator[dict[str, object]]:
    """Yield every state of the panel's lists that tells of other answers than the states before."""
    items, places = ([value for _words, value in panel.controls[name].options] for name in ("item", "by"))
    for item in [item for item in items if item != "推荐"]:
        for by in places:
            for every in ("quarter", "month") if by == "touchpoint" else ("quarter",):
                yield {"measure": "csat", "item": item, "by": by, "every": every, "weighted": item == ""}
    yield {"measure": "csat", "item": "", "by": "touchpoint", "every": "month", "weighted": False}


def of(answers: pd.DataFrame, *, item: str | None = None, **names: object) -> pd.DataFrame:
    """Return the answers of a group."""
    here = answers["answer"].notna()
    if item:
        here &= answers["item"] == item
    for name, value in names.items():
        here &= answers[name].isna() if pd.isna(value) else answers[name] == value
    return answers[here]


@pytest.fixture(scope="module")
def companies(make_store, trials) -> list[tuple[pd.DataFrame, set[frozenset[str]], int]]:
    """Return the answers of a company, those shown together, and the number of trends; ten companies with --full."""
    stores = (make_store(*crowd(seed=seed), many_items(seed), published=True) for seed in range(1, trials(10) + 1))
    sessions = [Session(store) for store in stores]
    every = [single_answers(session) for session in sessions]
    return [(answers, *seen(session, answers)) for session, answers in zip(sessions, every, strict=True)]


def single_answers(session: Session) -> pd.DataFrame:
    """Return all valid answers of the measure, one by one."""
    rows = session.store.collect(session.surveys.filter(session.surveys.kind == "csat"), limit=100_000)
    rows = rows[rows["score"].notna() & ~(rows["weight"] <= 0)].reset_index(drop=True)
    days = pd.to_datetime(rows["day"]).dt.to_period
    months, quarters = ({period: days(period).dt.start_time.dt.date for period in "MQ"}).values()
    return rows.assign(month=months, quarter=quarters, answer=[f"a{place}" for place in rows.index])


def seen(session: Session, answers: pd.DataFrame) -> tuple[set[frozenset[str]], int]:
    """Return all answers that are shown together, state after state and click after click, and how many trends."""
    shown: set[frozenset[str]] = set()
    clicked, panel = 0, satisfaction_panel(session)

    def tell(rows: pd.DataFrame, column: str | None, place: str, **how: object) -> None:
        for row in rows[rows["base"].notna()].to_dict("records"):
            value = row[column] if column else None
            name = pd.Timestamp(value).date() if column == "period" else value
            group = of(answers, **how | ({place: name} if column else {}))
            assert len(group) == row["base"], (place, row)
            if len(group):
                shown.add(frozenset(group["answer"]))

    for state in states(panel):
        try:
            answer = panel._answer_to(state)  # what is drawn, but not drawn
        except NothingToShow:
            continue
        how = {"item": answer.item}
        tell(answer.whole, None, "", **how)
        tell(answer.rows, answer.by, answer.by, **how)
        tell(answer.trend, "period", answer.every, **how)
        for name in answer.rows.loc[answer.rows["base"].notna(), answer.by]:
            own = {answer.by: None if pd.isna(name) else name}
            try:
                trend = panel._parts.beside(answer, own).trend
            except NothingToShow:
                continue
            tell(trend, "period", answer.every, **how | own)
            clicked += 1
    return shown, clicked


def _known(shown: set[frozenset[str]]) -> Known:
    return Known({str(place): group for place, group in enumerate(shown)})


def test_no_few_answers_follow_from_all_tables(companies):
    for _answers, shown, trends in companies:
        assert len(shown) > 60
        assert trends > 5, "no trend of a group was seen"
        assert found_out([_known(shown)], smallest=LEAST) == []


def test_no_answers_of_few_people_follow_from_all_tables(companies):
    """Whoever answers several questions, or comes again, is one: every group of them, over some of the items too."""
    for answers, shown, _trends in companies:
        items, small = sorted(answers["item"].unique()), {}
        for some in chain.from_iterable(combinations(items, size) for size in (1, 2, 3)):
            of_items = answers[answers["item"].isin(some)]
            for place in (*PLACES, "month", "quarter", "item"):
                for name, group in of_items.groupby(place, dropna=False):
                    if group["customer_id"].nunique() < LEAST:
                        small[some, place, name] = frozenset(group["answer"])
        assert len(small) > 20, "the company has no small groups"
        assert [names for names, group in small.items() if lies_in(_known(shown), group)] == []


def answered_often(customers: list[str], *, times: int, place: str) -> str:
    """Return SQL by which a few customers answer one question again and again at a place of their own."""
    columns = "response_id, customer_id, day, item, score, touchpoint, kind, scale_low, scale_high"
    rows = [
        f"('A{customer}{time}', '{customer}', '{AS_OF - 15 * time * DAY}', '结算', 4, '{place}', 'csat', 1, 5)"
        for customer in customers
        for time in range(times)
    ]
    return f"INSERT INTO surveys ({columns}) VALUES {', '.join(rows)}"  # noqa: S608  our own words


@pytest.mark.parametrize(("people", "is_shown"), [(4, False), (40, True)])
def test_many_answers_of_few_people_are_no_large_group(make_store, people, is_shown):
    customers = [f"D{number:03}" for number in range(people)]
    store = make_store(*crowd(seed=1), answered_often(customers, times=20, place="会所"), published=True)
    answers, panel = single_answers(Session(store)), satisfaction_panel(Session(store))
    for item in ("", "结算"):
        how = {"measure": "csat", "item": item, "by": "touchpoint", "every": "month", "weighted": False}
        rows = panel._answer_to(how).rows.set_index("touchpoint")
        assert (rows.loc["会所", "base"] == 20 * people) == is_shown
        assert (rows.loc["会所", "respondents"] == people) == is_shown
        untold = rows.index[rows["base"].isna()]
        left = answers[answers["touchpoint"].isin(untold) & (answers["item"].eq(item) | (item == ""))]
        assert not len(untold) or left["customer_id"].nunique() >= LEAST


def test_most_groups_of_enough_people_are_shown(companies):
    for answers, shown, _trends in companies:
        large = [
            frozenset(group["answer"])
            for place in PLACES
            for _name, group in answers.groupby(place, dropna=False)
            if group["customer_id"].nunique() >= LEAST
        ]
        assert sum(group in shown for group in large) >= len(large) - 3
