"""How every panel opens on every odd company: with figures, or with the sentence that says what is missing."""

from __future__ import annotations

from collections.abc import Mapping

from workbench.discovery import topics

FOR_ANALYSTS = {
    "lifetime_value_panel": "value_published",
    "drivers_panel": "drivers_published",
    "questionnaire_panel": "questionnaire_published",
    "retention_panel": "retention_published",
    "rule_builder_panel": "rule_builder_published",
    "segment_editor_panel": "segment_editor_published",
    "swings_panel": "swings_published",
    "transactions_panel": "transactions_published",
}
"""Panels that a managers' page shows a sentence instead of, whatever the company."""
OF_ANSWERS = ("drivers_panel", "questionnaire_panel", "satisfaction_panel", "value_segments_panel")
OF_SALES = ("revenue_panel", "pareto_panel", "transactions_panel")
OF_ANYTHING = ("data_quality_panel", "possible_analyses_panel")
OF_BUYERS = tuple(
    name
    for declared in topics().values()
    for name in declared.panels
    if name not in (*OF_ANSWERS, *OF_SALES, *OF_ANYTHING)
)  # fmt: skip

NO_SURVEY = dict.fromkeys(OF_ANSWERS, "needs_surveys")
FEW_ANSWERED_ALL = {"drivers_panel": "drivers_too_few"}
NO_BATTERY = {"value_segments_panel": "battery_none", "questionnaire_panel": "questionnaire_no_group"}
"""One question of each kind."""
NO_TIMES = {"core_customers_panel": "core_no_history", "movement_panel": "no_earlier_date"}
"""Where nothing reaches back half a year."""
NO_PERIODS = {"swings_panel": "swings_periods"}
NO_YEAR = NO_TIMES | {"core_customers_panel": "core_no_growth"}

SENTENCES: Mapping[str, Mapping[str, str]] = {
    "surveys only": dict.fromkeys((*OF_SALES, *OF_BUYERS), "needs_transactions"),
    "sales without customers": NO_SURVEY | dict.fromkeys(OF_BUYERS, "needs_buyers"),
    "no surveys": NO_SURVEY,
    "no regions, no products": NO_SURVEY,
    "dollars": NO_BATTERY | FEW_ANSWERED_ALL,
    "one month": NO_BATTERY | NO_TIMES | NO_PERIODS | {"movement_panel": "no_earlier_sales"},
    "one customer": NO_BATTERY
    | FEW_ANSWERED_ALL
    | {
        "core_customers_panel": "core_no_growth",
        "clusters_panel": "cluster_all_equal",
        "segment_profile_panel": "profile_all_equal",
    },
    "everyone bought once": NO_BATTERY
    | NO_TIMES
    | NO_PERIODS
    | {"clusters_panel": "cluster_constant_feature", "loyalty_panel": "no_rhythm"},
    "order numbers reused": NO_BATTERY,
    "thousands of products": NO_SURVEY
    | {"core_customers_panel": "core_no_growth", "lifetime_value_panel": "value_runs_away"},
    "two waves": FEW_ANSWERED_ALL
    | {"value_segments_panel": "battery_too_few", "questionnaire_panel": "questionnaire_too_few"},
    "margins unknown": NO_BATTERY,
    "a stub day": NO_SURVEY | NO_YEAR,
    "a bank's survey": dict.fromkeys((*OF_SALES, *OF_BUYERS), "needs_transactions"),
    "visits without money": dict.fromkeys((*OF_SALES, *OF_BUYERS), "needs_amounts")
    | NO_SURVEY
    | dict.fromkeys(("rfm_panel", "retention_panel", "lifecycle_panel", "loyalty_panel", "swings_panel"), "figures"),
    "ready figures of customers": dict.fromkeys((*OF_SALES, *OF_BUYERS), "needs_purchases")
    | NO_SURVEY
    | dict.fromkeys(("rfm_panel", "pareto_panel"), "figures"),
    "returns and unknown customers": NO_SURVEY,
}
NO_TIERS = (
    *("surveys only", "sales without customers", "a bank's survey", "thousands of products"),
    *("visits without money", "ready figures of customers"),
)
"""Whose tiers nobody can see, or everybody."""
TOO_FEW_FOR_TIERS = {
    company: {"tier_designer_panel": "tier_too_few"} for company in SENTENCES if company not in NO_TIERS
}
"""Tiers of few members are refused to managers as a whole."""
OF_ONE = dict.fromkeys((*OF_BUYERS, "pareto_panel", "data_quality_panel", "satisfaction_panel"), "group_too_small") | {
    "clusters_panel": "cluster_all_equal",
    "core_customers_panel": "core_no_growth",
    "segment_profile_panel": "profile_all_equal",
    "tier_designer_panel": "tier_too_few",
}
"""One customer is too few for a managers' page."""

FEW_RANKED = {
    company: {"core_customers_panel": "group_too_small"} for company in ("no regions, no products", "margins unknown")
}
"""Of three customers alone all criteria are known."""


TOO_FEW_FOR_VALUE = {"lifetime_value_panel": "value_few_customers"}
"""None of these companies has a thousand customers."""


def expected(company: str, panel: str, role: str) -> str:
    """Return "figures", or the key of the sentence that a panel shows to this role."""
    sentences = TOO_FEW_FOR_VALUE | dict(SENTENCES[company])
    if role == "manager":
        alone = OF_ONE if company == "one customer" else {}
        sentences = {
            **sentences,
            **TOO_FEW_FOR_TIERS.get(company, {}),
            **FEW_RANKED.get(company, {}),
            **alone,
            **FOR_ANALYSTS,
        }
    return sentences.get(panel, "figures")
