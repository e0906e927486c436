"""What is taken along says of itself what its page says: company, filters, day, snapshot, and what was chosen."""

from __future__ import annotations

import io
import re
from datetime import date
from html import unescape

import pytest

from workbench.panels import Filters, Session
from workbench.panels.controls import Choice
from workbench.topics.overlap.panel import segment_overlap_panel
from workbench.topics.pareto.panel import pareto_panel
from workbench.topics.profile.panel import segment_profile_panel
from workbench.topics.revenue.panel import revenue_panel
from workbench.topics.rfm.panel import rfm_panel
from workbench.topics.satisfaction.panel import satisfaction_panel
from workbench.topics.segments.panel import segments_panel

PANELS = (
    revenue_panel, pareto_panel, rfm_panel, satisfaction_panel, segments_panel, segment_overlap_panel,
    segment_profile_panel,
)  # fmt: skip
FILTERS = Filters(since=date(2024, 1, 1), until=date(2024, 11, 30), regions=("华东",), customer_types=("企业",))


def words_of(svg: bytes) -> str:
    """Return the texts of a picture in one line, as somebody reads them."""
    texts = re.findall(r"<text.*?</text>", svg.decode(), re.DOTALL)
    return re.sub(r"\s", "", unescape(re.sub(r"<[^>]*>", "", "".join(texts))))


@pytest.mark.parametrize("make", PANELS)
def test_every_picture_says_company_filters_day_snapshot_and_choices(make, store):
    panel = make(Session(store, lang="zh", filters=FILTERS))
    days = ("2024-01-01–2024-11-30", "数据截止日：2024-11-30")
    for name in panel.views:
        said = words_of(panel.downloads.picture(name, "svg")[1])
        for words in ("示例汽车", *days, "区域：华东", "客户类型：企业", store.snapshot.id):
            assert words in said
        for control in panel.controls.values():
            assert not isinstance(control, Choice) or f"{control.description}：".replace(" ", "") in said


def test_a_segment_filtered_by_is_said_with_its_segmentation(make_store):
    store = make_store()
    rfm = rfm_panel(Session(store, lang="en"))
    rfm.session.save_segmentation("ours", rfm.answer.rules)
    segment = rfm.rows["segment"].iloc[0]
    filtered = Session(store, lang="en", filters=Filters(segmentation="ours", segments=(segment,)))
    said = words_of(revenue_panel(filtered).downloads.picture("chart", "svg")[1])
    names = filtered.segmentation("ours")
    assert re.sub(r"\s", "", names.names["en"]) in said
    assert f":{names.segments[[one.id for one in names.segments].index(segment)].names['en']}".replace(" ", "") in said


def test_what_was_chosen_is_in_the_table_and_follows_the_controls_and_the_language(store):
    from openpyxl import load_workbook

    panel = pareto_panel(Session(store, lang="zh"))
    panel.set(by="margin", a_share=0.7)
    assert "# 所选项：" in panel.downloads.sheet("csv")[1].decode("utf-8-sig")
    assert "A 类累计至：70%" in panel.downloads.sheet("csv")[1].decode("utf-8-sig")
    assert "A 类累计至：70%" in panel.widget.chosen.value
    panel.session.lang = "en"
    assert "A up to: 70%" in panel.widget.chosen.value
    about = load_workbook(io.BytesIO(panel.downloads.sheet("xlsx")[1])).worksheets[0]
    assert any("A up to: 70%" in str(cell.value) for row in about for cell in row)
