"""Small pages for the browser tests: one notebook each, made of the widgets alone."""

from __future__ import annotations

from pathlib import Path

import nbformat

HOSTILE = [
    "</script><script>window.hacked=1</script>",
    "<img src=x onerror='window.hacked=1'>",
    "javascript:hacked()",
    "{{7*7}}",
]

OVERVIEW = """
import ipywidgets
from workbench.widgets import Banner
head = ipywidgets.HTML("<h1>总览</h1>"); head.add_class("wb-page-head")
banner = Banner(snapshot="20240101T000000000Z-aaaaaaaaaaaa")
body = ipywidgets.VBox([banner, head, ipywidgets.Label("here")]); body.add_class("wb-page-body")
body
"""

CHARTS = f"""
import altair as alt, pandas as pd, ipywidgets
from workbench.widgets import Banner, ChartView, page_language
lang = page_language()
rows = pd.DataFrame({{
    "客户": ["张伟", "李娜", *{HOSTILE!r}], "金额": [52000, 30000, 12000, 9000, 4000, 1000],
    "月份": pd.to_datetime(["2024-01-01", "2024-02-01", "2024-03-01", "2024-04-01", "2024-05-01", "2024-06-01"]),
}})
pick = alt.selection_point(name="pick", fields=["客户"])
brush = alt.selection_interval(name="brush", encodings=["x"])
def bars(times):
    title = alt.TitleParams(f"张伟贡献 {{times}} 倍", subtitle=["n = 6"])
    chart = alt.Chart(rows.assign(金额=rows["金额"] * times), title=title, width="container", height=240).mark_bar()
    return chart.encode(x="金额", y=alt.Y("客户", sort=None), tooltip=["客户", "金额"]).add_params(pick)
def months():
    cut = alt.param(name="cut", value=3, bind=alt.binding_range(min=0, max=10))
    picked = alt.selection_point(name="pick", fields=["月份"])
    chart = alt.Chart(rows, title="按月", width="container", height=160).mark_point(size=400, filled=True, opacity=1)
    return chart.encode(x="月份:T", y="金额").add_params(picked, cut)
def drawn():
    chart = alt.Chart(rows, title="拖动", width="container", height=160).mark_point()
    return chart.encode(x="金额", y="客户").add_params(brush)
def label(name):
    made = ipywidgets.Label("—"); made.add_class(name); return made
view, dates, drag, broken = ChartView(bars(1), lang=lang), ChartView(months()), ChartView(drawn()), ChartView(lang=lang)
hidden = ipywidgets.VBox([ChartView(bars(3))], layout={{"display": "none"}})
opener, breaker = ipywidgets.Button(description="open"), ipywidgets.Button(description="break")
opener.on_click(lambda _: setattr(hidden.layout, "display", ""))
breaker.on_click(lambda _: setattr(broken, "spec", {{"mark": "nothing at all", "encoding": 1}}))
times = ipywidgets.FloatSlider(value=1, min=1, max=5, step=1, description="times")
times.observe(lambda change: view.show(bars(int(change["new"]))), "value")
said = {{name: label(name) for name in ("picked", "months", "brush", "cut", "failed")}}
view.observe(lambda change: setattr(said["picked"], "value", repr(change["new"])), "picked")
dates.observe(lambda change: setattr(said["months"], "value", repr(change["new"])), "picked")
dates.observe(lambda change: setattr(said["cut"], "value", repr(change["new"])), "signals")
drag.observe(lambda change: setattr(said["brush"], "value", repr(change["new"])), "signals")
broken.observe(lambda change: setattr(said["failed"], "value", change["new"]), "failed")
banner = Banner(snapshot="20240101T000000000Z-aaaaaaaaaaaa", lang=lang)
ipywidgets.VBox([banner, times, view, said["picked"], dates, said["months"], said["cut"], drag, said["brush"],
    opener, hidden, breaker, broken, said["failed"]])
"""

FILES = """
import hashlib, ipywidgets
from workbench.errors import ChoiceError
from workbench.widgets import Download, Upload, page_language
lang = page_language()
seen, private = ipywidgets.Label("—"), ipywidgets.Label("—")
seen.add_class("seen"); private.add_class("private")
def received(path, name):
    if name.startswith("bad"):
        raise ChoiceError("no_lesson", name=name, allowed=["a", "b"])
    if name.startswith("worse"):
        raise RuntimeError("the analyst's secret detail")
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    seen.value = f"{name} {path.stat().st_size} {digest}"
    private.value = oct(path.parent.parent.stat().st_mode)[-3:]
def made():
    return "客户 清单.csv", b"0123456789abcdef" * 700_000
def failing():
    raise ChoiceError("no_lesson", name="x", allowed=["a", "b"])
upload = Upload(received, accept=[".csv", ".bin"], largest=300_000_000, lang=lang)
small = Upload(received, largest=1000, lang=lang)
upload.add_class("main"); small.add_class("small")
good, bad = Download(label="CSV", produce=made, lang=lang), Download(label="BAD", produce=failing, lang=lang)
ipywidgets.VBox([upload, small, seen, private, good, bad])
"""

PAGES = {"overview": OVERVIEW, "charts": CHARTS, "files": FILES, "broken": "1 / 0"}


def write_pages(folder: Path) -> Path:
    """Write the notebooks, and beside them what must never be served."""
    for name, code in PAGES.items():
        write_page(folder / f"{name}.ipynb", code)
    (folder / "below").mkdir()
    write_page(folder / "below" / "secret.ipynb", "'below'")
    (folder / "secret.txt").write_text("not for viewers", encoding="utf-8")
    (folder / "secret.png").write_bytes(b"not for viewers")
    return folder


def write_page(path: Path, code: str) -> None:
    cell = nbformat.v4.new_code_cell(code.strip(), id="only")
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(nbformat.v4.new_notebook(cells=[cell], metadata={"kernelspec": kernel}), path)
