"""The planted facts once more, from the loaded store, through the functions an analyst would use."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import ibis.expr.types as ir
import numpy as np
import pandas as pd
import pytest

from tests.samples.raw import AS_OF
from workbench.analyses.facts import customer_facts
from workbench.analyses.totals import totals_by
from workbench.load import LoadReport, load
from workbench.samples import Sample
from workbench.store import Store, collect, open_store
from workbench.topics.pareto.inequality import concentration
from workbench.topics.pareto.query import abc_classes
from workbench.topics.satisfaction.query import ces, csat, nps

FILES_OF = {
    "archive": ["客户档案.csv"],
    "settled": [f"结算单_{year}.csv" for year in range(2022, 2026)],
    "insurance": ["保险台账.xlsx"],
    "follow_ups": ["满意度回访.csv"],
    "contacts": ["互动记录.csv"],
}


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("loaded") / "crm.store"


@pytest.fixture(scope="module")
def report(sample: Sample, address: Path) -> LoadReport:
    """What the load of the whole folder told."""
    return load(sample.folder, store=address, mapping=sample.mapping)


@pytest.fixture(scope="module")
def store(report: LoadReport, address: Path) -> Iterator[Store]:
    """The store as the load left it."""
    assert report.snapshot
    with open_store(address) as opened:
        yield opened


@pytest.fixture(scope="module")
def customers(store: Store) -> ir.Table:
    """Customer facts as of the company's today."""
    return store.keep(customer_facts(store.transactions, as_of=store.snapshot.as_of, customers=store.customers))


@pytest.fixture(scope="module")
def standing(store: Store) -> pd.DataFrame:
    """The lines that are not cancelled."""
    return collect(store.transactions.filter(~store.transactions.is_cancelled))


@pytest.fixture
def facts(sample: Sample) -> dict:
    return {name: dict(blanks) for name, blanks in sample.facts.items()}


def test_every_row_is_accounted_for_and_nothing_is_asked(report: LoadReport, sample: Sample):
    assert report.questions == ()
    assert {file.file for file in report.files} == {path.name for path in sample.files}
    assert [
        file for file in report.files if file.rows_read != file.rows_loaded + file.rows_rejected + file.rows_ignored
    ] == []


def test_exactly_the_wrong_rows_are_rejected(report: LoadReport, facts: dict):
    rejected = report.rejects.drop_duplicates(["file", "sheet", "line"]).groupby("file").size()
    found = {name: int(sum(rejected.get(file, 0) for file in files)) for name, files in FILES_OF.items()}
    assert found == {name: facts["wrong_rows"][name] for name in FILES_OF}
    assert rejected["客服中心导出.xlsx"] == facts["wrong_rows"]["complaints"]
    assert rejected.sum() == sum(facts["wrong_rows"].values())


def test_totals_and_the_repeated_page_are_ignored(report: LoadReport, facts: dict):
    ignored = report.frame()[["ignored_total", "ignored_duplicate"]].sum()
    assert tuple(ignored) == (3, facts["repeated_lines"]["lines"])


def test_the_store_knows_the_company_and_its_today(store: Store, sample: Sample):
    assert (store.snapshot.company, store.snapshot.as_of) == (sample.company, sample.as_of)


def test_concentration_is_as_planted(store: Store, customers: ir.Table, facts: dict):
    found = concentration(store.arrays(customers.select("monetary"))["monetary"])
    assert found.n == facts["top_share"]["customers"]
    assert found.top_count == facts["top_share"]["top"]
    assert found.total == facts["top_share"]["total"]
    assert found.top_value_share.value == pytest.approx(0.74, abs=1e-6)
    assert found.needed_count == facts["needed_for_target"]["count"]
    assert (found.nonpositive_count, found.nonpositive_value) == (1, facts["net_negative"]["net"])


def test_the_tie_stands_together_in_class_a_and_is_cut_by_row_order(customers: ir.Table, facts: dict):
    pair = [facts["tied_pair"]["first"], facts["tied_pair"]["second"]]
    together = collect(abc_classes(customers)).set_index("customer_id")
    cut = collect(abc_classes(customers, ties="row_order")).set_index("customer_id")
    assert list(together.loc[pair, "abc_class"]) == ["A", "A"]
    assert list(together.loc[pair, "rank"]) == [facts["tied_pair"]["rank"]] * 2
    assert (together.abc_class == "A").sum() == facts["needed_for_target"]["count"] + 1
    assert list(cut.loc[pair, "abc_class"]) == ["A", "B"]


def test_who_got_back_more_than_he_paid_is_class_d(customers: ir.Table, facts: dict):
    classes = collect(abc_classes(customers))
    assert list(classes[classes.abc_class == "D"].customer_id) == [facts["net_negative"]["customer_id"]]


def test_the_taxi_group_carries_12_percent(customers: ir.Table, facts: dict):
    rows = collect(customers)
    own = rows[rows.name.str.startswith(facts["taxi_group"]["group"], na=False)]
    assert len(own) == facts["taxi_group"]["branches"]
    assert own.monetary.sum() / rows.monetary.clip(lower=0).sum() == pytest.approx(0.12, abs=1e-6)


def test_insurance_is_much_spend_and_little_margin(store: Store, facts: dict):
    rows = collect(totals_by(store.transactions, as_of=AS_OF, dimension="category")).set_index("category")
    found = rows.loc["保险", ["monetary", "margin"]] / rows[["monetary", "margin"]].sum()
    assert tuple(found) == pytest.approx(tuple(facts["insurance"].values()))


def test_orphans_have_spend_but_no_profile(customers: ir.Table, facts: dict):
    rows = collect(customers)
    assert sorted(rows[rows.region.isna()].customer_id) == facts["orphans"]["ids"]


def test_walk_ins_and_cancelled_lines_are_kept_and_marked(store: Store, standing: pd.DataFrame, facts: dict):
    nameless = standing[standing.customer_id.isna()]
    assert (len(nameless), nameless.amount.sum()) == (facts["walk_ins"]["lines"], facts["walk_ins"]["amount"])
    cancelled = collect(store.transactions.filter(store.transactions.is_cancelled))
    found = (cancelled.order_id.nunique(), len(cancelled), round(cancelled.amount.sum(), 2))
    assert found == tuple(facts["cancelled"].values())
    assert not cancelled.is_purchase.any()


def test_the_last_month_and_the_price_rise_show_in_the_lines(standing: pd.DataFrame, facts: dict):
    last = standing[standing.day >= pd.Timestamp(AS_OF.replace(day=1))]
    assert last.amount.sum() == pytest.approx(facts["incomplete_month"]["amount"])
    fact = facts["price_rise"]
    own = standing[standing.product_id == fact["product_id"]]
    is_early = own.day < pd.Timestamp(fact["day"])
    assert (set(own[is_early].unit_price), set(own[~is_early].unit_price)) == ({fact["before"]}, {fact["after"]})


def test_new_customers_of_one_region_never_come_back(standing: pd.DataFrame, facts: dict):
    fact = facts["leaving_region"]
    bought = standing[standing.is_purchase].drop_duplicates(["customer_id", "day"]).sort_values("day", kind="stable")
    first = bought.groupby("customer_id").agg(on=("day", "first"), region=("region", "first"), days=("day", "size"))
    new = first[(first.on >= pd.Timestamp(fact["since"])) & (first.region == fact["region"])]
    assert (len(new), int((new.days > 1).sum())) == (fact["new"], fact["returned"])


def test_customers_keep_names_numbers_and_attributes(store: Store, facts: dict):
    rows = collect(store.customers)
    assert set(facts["odd_names"].values()) <= set(rows.name)
    assert rows.customer_id.str.fullmatch(r"\d{6}").all()
    people = rows[rows.customer_type == "个人"]
    assert len(people) == facts["birthdays"]["people"]
    assert people.birthday.isna().sum() == facts["birthdays"]["missing"]
    assert (people.birthday == pd.Timestamp(1990, 1, 1)).sum() == facts["birthdays"]["defaults"]
    shared = rows.groupby(rows.phone.str.replace("-", ""))["name"].agg(["size", "nunique"])
    twice = shared[shared["size"] > 1]
    assert (len(twice), int((twice["nunique"] == 1).sum())) == (
        facts["duplicates"]["numbers"],
        facts["duplicates"]["pairs"],
    )


def test_fewer_come_after_the_warranty_has_ended(store: Store, standing: pd.DataFrame, facts: dict):
    people = collect(store.customers.filter(store.customers.customer_type == "个人"))
    ends = pd.to_datetime(people.set_index("customer_id").warranty_until).rename("end")
    year = timedelta(days=365)
    ends = ends[(ends >= pd.Timestamp(2023, 1, 1)) & (ends <= pd.Timestamp(AS_OF) - year)]
    days = standing[standing.is_purchase].merge(ends, left_on="customer_id", right_index=True)
    before = days[(days.day <= days.end) & (days.day > days.end - year)].customer_id.nunique()
    after = days[(days.day > days.end) & (days.day <= days.end + year)].customer_id.nunique()
    found = {"people": len(ends), "before": before / len(ends), "after": after / len(ends)}
    assert facts["warranty_cliff"] == pytest.approx(found)


def test_one_touchpoint_drags_satisfaction(store: Store, facts: dict):
    fact = facts["bad_touchpoint"]
    rows = collect(csat(store.surveys, by="touchpoint")).set_index("touchpoint")
    own = rows.loc[fact["touchpoint"]]
    assert (own.base, own.csat) == (fact["base"], pytest.approx(fact["csat"]))
    assert collect(csat(store.surveys)).csat[0] == pytest.approx(fact["overall"])
    others = store.surveys.filter(store.surveys.touchpoint != fact["touchpoint"])
    assert collect(csat(others)).csat[0] == pytest.approx(fact["without"])
    late = store.surveys.filter(store.surveys.day >= fact["since"], store.surveys.touchpoint == fact["touchpoint"])
    assert collect(csat(late)).csat[0] == pytest.approx(fact["after"])


def test_small_touchpoints_are_hidden(store: Store, facts: dict):
    rows = collect(csat(store.surveys, by="touchpoint")).set_index("touchpoint")
    small = [facts["small_groups"]["hidden"], facts["small_groups"]["grey"]]
    assert sorted(rows[rows.is_hidden].index) == sorted(small)
    assert rows.loc[small, "csat"].isna().all()
    shown = collect(csat(store.surveys, by="touchpoint", smallest=1)).set_index("touchpoint")
    assert list(shown.loc[small, "base"]) == [facts["small_groups"][name] for name in ("hidden_base", "grey_base")]
    assert list(shown[shown.is_small].index.sort_values()) == sorted(small)


def test_the_noisy_and_the_weak_advisor(store: Store, facts: dict):
    fact = facts["noisy_advisor"]
    answers = collect(store.surveys.filter(store.surveys.kind == "csat", store.surveys.score.notnull()))
    means = answers.groupby("advisor").score.agg(["size", "mean"])
    assert tuple(means.loc[fact["newcomer"]]) == (fact["few"], pytest.approx(fact["newcomer_mean"]))
    assert tuple(means.loc[fact["weak"]]) == (fact["many"], pytest.approx(fact["weak_mean"]))


def test_nps_by_region_and_of_all(store: Store, facts: dict):
    rows = collect(nps(store.surveys, by="region")).set_index("region")
    fact = facts["nps_by_region"]
    for number in range(1, 5):
        own = rows.loc[fact[f"region_{number}"]]
        assert (own.base, own.nps) == (fact[f"base_{number}"], pytest.approx(fact[f"nps_{number}"]))
    plain, weighted = (collect(nps(store.surveys, weighted=choice)).loc[0] for choice in (False, True))
    assert (plain.base, plain.nps) == (facts["nps_overall"]["base"], pytest.approx(facts["nps_overall"]["nps"]))
    assert weighted.nps == pytest.approx(facts["nps_overall"]["weighted"])


def test_missing_answers_are_counted_by_reason(store: Store, facts: dict):
    fact = facts["missing_answers"]
    touchpoints, recommendation, effort = (collect(measure(store.surveys)).loc[0] for measure in (csat, nps, ces))
    assert touchpoints.missing_sentinel == fact["csat_refused"]
    assert touchpoints.missing_blank == fact["csat_blank"]
    assert touchpoints.missing_out_of_range == fact["csat_words"]
    assert (recommendation.missing_sentinel, recommendation.missing_blank) == (fact["nps_refused"], fact["nps_blank"])
    assert (effort.missing_blank, effort.missing_out_of_range) == (fact["ces_blank"], 0)


def test_responsiveness_has_the_largest_gap(store: Store, facts: dict):
    kinds = ["servqual_perception", "servqual_expectation"]
    answers = collect(store.surveys.filter(store.surveys.kind.isin(kinds)))
    assert (answers.missing == "sentinel").sum() == facts["missing_answers"]["servqual_missing"]
    item = answers.item.str[1:].astype(int)
    dimension = pd.cut(item, [0, 4, 9, 13, 17, 22], labels=["有形性", "可靠性", "响应性", "保证性", "移情性"])
    means = answers.groupby([dimension.astype(str), "kind"]).score.mean().unstack()
    gaps = (means["servqual_perception"] - means["servqual_expectation"]).sort_values()
    assert gaps.index[0] == facts["largest_gap"]["dimension"]
    assert gaps.iloc[0] == pytest.approx(facts["largest_gap"]["gap"])
    assert answers.response_id.nunique() == facts["largest_gap"]["respondents"]


def test_one_category_of_complaints_is_slow(store: Store, facts: dict):
    fact = facts["slow_complaints"]
    rows = collect(store.complaints)
    medians = (rows.closed_on - rows.day).dt.days.groupby(rows.category).median().sort_values()
    assert (medians.index[-1], medians.iloc[-1]) == (fact["category"], fact["median"])
    assert (rows.closed_on.isna().sum(), len(rows)) == (fact["open"], fact["complaints"])


def test_points_are_still_owed(store: Store, facts: dict):
    assert collect(store.interactions.points.sum()).iloc[0, 0] == facts["points_balance"]["open"]


def test_insurance_and_web_orders_come_in_beside_settled_lines(store: Store, standing: pd.DataFrame):
    prefixes = standing.order_id.str[:2].value_counts()
    assert set(prefixes.index) == {"JS", "TK", "BX", "SC"}
    web = standing[standing.order_id.str.startswith("SC")]
    assert np.allclose(web.amount, web.quantity * web.unit_price)
    assert standing.day.between(pd.Timestamp(date(2022, 1, 1)), pd.Timestamp(AS_OF)).all()
    assert collect(store.employees).employee_id.is_unique
