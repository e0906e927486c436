"""The charts of clusters: the choice of k with its marks and bases, and the profile in own units."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest

from tests.charts.drawn import drawing_only, picked_fields, rows, said, svg, tooltip_fields, words
from workbench.topics.clusters.chart import cluster_profile_drawing, k_choice_drawing

TRIED = pd.DataFrame(
    {
        "k": [2, 3, 4],
        "silhouette": [0.31, 0.46, float("nan")],
        "stability": [0.97, 0.98, 0.60],
        "stability_low": [0.95, 0.96, -0.1],
        "stability_high": [0.99, 0.99, 0.9],
        "is_recommended": [False, True, False],
    }
)
BASES = {"customers": 2623, "silhouette": 2000, "stability": 1500, "refits": 10}
PROFILE = pd.DataFrame(
    {
        "segment": ["cluster_1", "cluster_2"] * 2,
        "feature": ["recency_days"] * 2 + ["monetary"] * 2,
        "customer_count": [2000.0, 623] * 2,
        "mean": [320.4, 12.2, 800.0, 56_000],
        "difference": [0.4, -0.9, -0.3, 1.8],
    }
)
NAMES = {"cluster_1": "Average", "cluster_2": "Big spend"}
FEATURES = {"recency_days": "Recency (R)", "monetary": "Spend (M)"}


def choice(lang: str = "en", *, chosen: int = 4, tried: pd.DataFrame = TRIED, is_stable: bool = True):
    drawn = k_choice_drawing(
        tried, lang, chosen=chosen, bases=BASES, is_stable=is_stable, as_of=date(2024, 12, 31)
    )  # fmt: skip
    return drawn.chart()


def profile(lang: str = "en", *, table: pd.DataFrame = PROFILE):
    forms = {"recency_days": "days", "monetary": "money"}
    how = {"names": NAMES, "features": FEATURES, "forms": forms, "base": 2623, "as_of": date(2024, 12, 31)}
    return cluster_profile_drawing(table, lang, **how).chart()


def test_the_title_says_which_number_is_recommended_and_why():
    title, below = said(choice())
    assert title == "3 clusters are the best separated of the stable ones: silhouette 0.46, stability 0.98"
    assert "2,623" in below[0]
    assert "Silhouette from 2,000 cases, stability from 1,500 cases and 10 refits" in below[1]
    assert said(choice("zh"))[0] == "在稳定的分法中，分成 3 类最清晰：轮廓系数 0.46，稳定性 0.98"


def test_where_there_are_no_clusters_the_title_says_so_and_no_number_is_recommended():
    nothing = TRIED.assign(is_recommended=False)
    assert said(choice(tried=nothing))[0].startswith("No clusters: evenly spread customers would separate just as well")
    drawn = words(svg(choice(tried=nothing), 700))
    assert "chosen" in drawn
    assert "recommended" not in drawn


def test_where_nothing_is_stable_the_title_says_so():
    assert said(choice(is_stable=False))[0].startswith("No number of clusters is stable")


@pytest.mark.parametrize("width", [340, 700])
def test_the_recommended_and_the_chosen_number_are_marked_once_where_they_are_the_same(width: int):
    drawn = words(svg(choice(), width))
    assert {"recommended", "chosen"} <= set(drawn)
    same = words(svg(choice(chosen=3), width))
    assert "recommended and chosen" in same
    assert "recommended" not in same


def test_an_unknown_silhouette_is_no_point():
    drawn = [row for row in rows(choice()) if "figure" in row]
    assert sorted((row["k"], row["figure"]) for row in drawn if "silhouette" in row["name"]) == [
        (2, "0.31"),
        (3, "0.46"),
    ]


def test_another_choice_of_k_needs_no_new_drawing():
    assert drawing_only(choice(chosen=2)) == drawing_only(choice(chosen=4))


def test_a_profile_shows_own_units_and_the_difference_below():
    drawn = words(svg(profile()))
    assert {"320", "12", "¥800", "¥56k", "+0.4", "−0.9", "−0.3", "+1.8"} <= set(drawn)
    assert {"Average", "Big spend", "Recency (R)", "Spend (M)"} <= set(drawn)


def test_the_title_of_a_profile_is_the_strongest_difference():
    assert said(profile())[0] == "Big spend: Spend (M) is above average, by 1.8 times the usual spread"
    lower = PROFILE.assign(difference=[0.4, -2.9, -0.3, 1.8])
    assert said(profile("zh", table=lower))[0] == "「Big spend」的Recency (R)低于平均水平，相差为一般差异的 2.9 倍"


def test_a_click_picks_the_cluster_and_tooltips_name_no_forbidden_field():
    assert picked_fields(profile()) == ["segment"]
    assert not tooltip_fields(profile()) & {"title", "image"}


def test_a_cluster_too_small_to_show_has_no_figures():
    hidden = PROFILE.copy()
    hidden.loc[hidden["segment"] == "cluster_2", ["customer_count", "mean", "difference"]] = float("nan")
    assert {row["segment"] for row in rows(profile(table=hidden))} == {"cluster_1"}
    assert said(profile(table=hidden))[0].startswith("Average")
