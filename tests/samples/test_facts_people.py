"""The planted facts about customers, from the raw files by pandas alone."""

from __future__ import annotations

from datetime import date, timedelta

import pandas as pd
import pytest

from tests.samples.raw import AS_OF, Raw


def private(raw: Raw) -> pd.DataFrame:
    return raw.archive[raw.archive["客户类型"] == "个人"]


def purchases(raw: Raw) -> pd.DataFrame:
    return raw.sales[(raw.sales.amount > 0) & (raw.sales.customer != "")]


def test_new_customers_of_one_region_never_come_back(raw: Raw, facts: dict):
    fact = facts["leaving_region"]
    days = purchases(raw).drop_duplicates(["customer", "day"]).sort_values("day", kind="stable")
    first = days.groupby("customer").agg(first_on=("day", "first"), region=("region", "first"), days=("day", "size"))
    new = first[first.first_on >= fact["since"]]
    here = new[new.region == fact["region"]]
    elsewhere = new[(new.region != fact["region"]) & (new.first_on <= AS_OF - timedelta(days=fact["days"]))]
    assert (len(here), int((here.days > 1).sum())) == (fact["new"], 0)
    assert len(elsewhere) == fact["elsewhere_new"]
    assert float((elsewhere.days > 1).mean()) == pytest.approx(fact["elsewhere"])
    assert fact["elsewhere"] > 0.4
    assert fact["returned"] == 0


def test_twelve_people_are_registered_twice_and_five_couples_share_a_number(raw: Raw, facts: dict):
    shared = raw.archive[raw.archive.duplicated("phone", keep=False)]
    names = shared.groupby("phone")["客户名称"].nunique()
    found = {"pairs": int((names == 1).sum()), "numbers": len(names), "couples": int((names > 1).sum())}
    assert facts["duplicates"] == found == {"pairs": 12, "numbers": 17, "couples": 5}


def test_the_same_person_writes_the_number_in_two_ways(raw: Raw):
    twice = raw.archive[raw.archive.duplicated(["phone", "客户名称"], keep=False)]
    assert (twice.groupby("phone")["联系电话"].nunique() == 2).all()


def test_four_customers_buy_but_are_not_in_the_archive(raw: Raw, facts: dict):
    named = raw.sales[raw.sales.customer != ""]
    unknown = named[~named.customer.isin(raw.archive.index)]
    found = {"count": unknown.customer.nunique(), "ids": sorted(set(unknown.customer)), "lines": len(unknown)}
    assert facts["orphans"] == found
    assert found["count"] == 4


def test_22_percent_have_no_birthday_and_some_have_the_default(raw: Raw, facts: dict):
    people = private(raw)
    missing = int(people.birthday.isna().sum())
    assert missing / len(people) == pytest.approx(0.22, abs=0.002)
    assert facts["birthdays"] == {
        "people": len(people),
        "missing": missing,
        "share": pytest.approx(missing / len(people)),
        "default": date(1990, 1, 1),
        "defaults": int((people.birthday == date(1990, 1, 1)).sum()),
    }
    assert people.birthday.value_counts().index[0] == date(1990, 1, 1)


def test_fewer_come_after_the_warranty_has_ended(raw: Raw, facts: dict):
    year = timedelta(days=365)
    people = private(raw)
    people = people[people.warranty_until.map(lambda end: date(2023, 1, 1) <= end <= AS_OF - year)]
    ends = people.warranty_until.rename("end")
    days = purchases(raw).merge(ends, left_on="customer", right_index=True)
    before = days[(days.day <= days.end) & (days.day > days.end - year)].customer.nunique() / len(people)
    after = days[(days.day > days.end) & (days.day <= days.end + year)].customer.nunique() / len(people)
    assert facts["warranty_cliff"] == pytest.approx({"people": len(people), "before": before, "after": after})
    assert after < 0.8 * before


def test_the_diamond_card_says_little_about_value(raw: Raw, facts: dict):
    people = private(raw)
    diamond = people.index[people["会员等级"] == "钻石"]
    own = raw.spend[raw.spend.index.isin(diamond)]
    least = raw.spend.iloc[-(-len(raw.spend) * 20 // 100) - 1]
    found = {"tier": "钻石", "customers": len(own), "top": int((own >= least).sum())}
    assert facts["tiers"] == {**found, "share": pytest.approx(found["top"] / found["customers"])}
    assert found["top"] < found["customers"] / 2


def test_odd_names_are_in_the_archive_as_written(raw: Raw, facts: dict):
    for name in facts["odd_names"].values():
        assert list(raw.archive["客户名称"]).count(name) == 1


def test_numbers_in_the_archive_are_unique_and_padded(raw: Raw):
    assert raw.archive.index.is_unique
    assert raw.archive.index.str.fullmatch(r"\d{6}").all()


def test_customers_look_like_a_car_service_company(raw: Raw):
    people = private(raw)
    assert set(raw.archive["区域"]) == {"城东", "城西", "城南", "滨江"}
    assert 0.9 < len(people) / len(raw.archive) < 0.97
    assert set(raw.archive["使用性质"]) == {"营运", "非营运"}
    assert set(people["性别"]) == {"男", "女"}
    assert set(raw.archive[raw.archive["客户类型"] == "企业"]["行业"]) == {"物流", "制造", "商贸", "服务", "出租车"}
    assert raw.archive["联系电话"].str.replace("-", "").str.fullmatch(r"154\d{8}").all()
