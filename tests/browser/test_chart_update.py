"""A drawing that was given other rows is the drawing those rows would have made: the promise behind quick updates."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import date
from importlib import import_module
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route

from tests.test_taken_along import OF_A_THOUSAND
from workbench.discovery import topics
from workbench.panels import Filters, Panel, Session
from workbench.store import open_store
from workbench.widgets.assets import STATIC, vega_versions

SITE = "http://charts.test/"
OF_ALL_DATA = {"data_quality_panel", "possible_analyses_panel"}
"""Panels that no filter moves."""
FACTORIES: dict[str, Callable[[Session], Panel]] = {
    name: getattr(import_module(f"workbench.topics.{topic}"), name)
    for topic, declared in topics().items()
    if "chart" not in declared.without
    for name in declared.panels
}
"""The panels of every topic that has a chart of its own; the others draw with a chart that is tested with its topic."""

HARNESS = f"""<!doctype html><meta charset="utf-8"><link data-workbench-vega="{vega_versions()}" href="{SITE}vega.js">
<div id="one" style="width:700px"></div><div id="two" style="width:700px"></div>
<script type="module">
import chart from "{SITE}chart.js";

function fake(traits) {{
  const heard = {{}};
  return {{
    get: (name) => traits[name],
    set: (name, value) => {{
      traits[name] = value;
      for (const [names, call] of Object.entries(heard)) if (names.split(" ").includes(`change:${{name}}`)) call();
    }},
    on: (names, call) => {{ heard[names] = call; }},
    off: () => {{}}, save_changes: () => {{}}, send: () => {{}},
  }};
}}

const begin = {{ title: "", subtitle: "", listens: [], picked: [], signals: {{}}, words: {{ failed: "failed" }} }};

/* Nothing changed in a place for longer than a chart waits before it works. */
const still = (el) => new Promise((done) => {{
  let timer;
  const later = () => {{
    clearTimeout(timer);
    timer = setTimeout(() => {{ watching.disconnect(); done(); }}, 120);
  }};
  const watching = new MutationObserver(later);
  watching.observe(el, {{ subtree: true, childList: true, attributes: true, characterData: true }});
  later();
}});

async function drawn(place, traits) {{
  const el = document.getElementById(place);
  el.replaceChildren();
  const model = fake({{ ...begin, vega: "{vega_versions()}", ...traits }});
  const close = chart.render({{ model, el }});
  for (let waited = 0; !el.querySelector("svg"); waited += 50) {{
    if (waited > 20000 || model.get("failed")) throw new Error(model.get("failed") || "nothing was drawn");
    await new Promise((done) => setTimeout(done, 50));
  }}
  await still(el);
  return {{ el, model, close }};
}}

/* Shapes and words with their places and colours, in any order: rows that come later are drawn later. Left out are the
   names of clips, which the page numbers, and what Vega sets when a drawing begins: its outer size, an axis's label. */
function seen(el) {{
  const copy = el.querySelector("svg").cloneNode(true);
  copy.querySelectorAll("defs").forEach((one) => one.remove());
  const marks = [...copy.querySelectorAll("path, text, rect, line")].filter((one) => one.getAttribute("d") !== "");
  return marks.map((one) => one.outerHTML.replaceAll(/clip[0-9]+/g, "clip")).sort();
}}

async function moved(spec, before, after) {{
  const drawing = await drawn("one", {{ spec, rows: before }});
  drawing.first = drawing.el.querySelector("svg");
  drawing.model.set("rows", after);
  await still(drawing.el);
  return drawing;
}}

window.compare = async ({{ spec, before, after }}) => {{
  const [one, two] = await Promise.all([
    moved(spec, before, after), drawn("two", {{ spec: structuredClone(spec), rows: structuredClone(after) }}),
  ]);
  /* A plot is as wide as its labels leave it, and they as its width lets them: one round more settles both. */
  for (const drawing of [one, two]) drawing.model.set("rows", structuredClone(after));
  await Promise.all([still(one.el), still(two.el)]);
  const found = {{
    stands: one.el.querySelector("svg") === one.first, failed: one.model.get("failed") || "",
    moved: seen(one.el), fresh: seen(two.el),
  }};
  one.close();
  two.close();
  return found;
}};
</script>"""


@pytest.fixture(scope="module")
def changes(sample_store: Path, request: pytest.FixtureRequest) -> dict[str, list[dict[str, Any]]]:
    """Every chart of every panel before and after the filters changed, where only its rows are other ones.

    To fewer rows and back to all of them; with --full over the rows of another filter as well.
    """
    session = Session(open_store(sample_store), lang="zh")
    found: dict[str, list[dict[str, Any]]] = {}
    for name, make in FACTORIES.items():
        panel = make(session)
        narrowed = [Filters(regions=("城东", "城南", "城西") if name in OF_A_THOUSAND else ("城东",))]
        if request.config.getoption("--full"):
            narrowed.append(Filters(since=date(2023 if name in OF_A_THOUSAND else 2024, 1, 1)))
        states = [_state(panel)]
        for filters in narrowed:
            session.filters = filters
            assert panel.answer is not None
            states.append(_state(panel))
        panel.sleep()
        session.filters = Filters()
        found[name] = [change for both in pairwise([*states, states[0]]) for change in _moves(*both)]
    return found


def _moves(before: dict[str, tuple[Any, Any]], after: dict[str, tuple[Any, Any]]) -> Iterator[dict[str, Any]]:
    """Give the charts of a panel that stand while their rows change."""
    for view, (spec, rows) in after.items():
        if spec == before[view][0] and rows != before[view][1]:
            yield {"view": view, "spec": spec, "before": before[view][1], "after": rows}


def _state(panel: Panel) -> dict[str, tuple[Any, Any]]:
    return {name: json.loads(json.dumps((view.spec, view.rows))) for name, view in panel.views.items()}


@pytest.fixture(scope="module")
def site(browser: Browser) -> Iterator[Page]:
    def answer(route: Route) -> None:
        name = route.request.url.removeprefix(SITE)
        if name in ("chart.js", "vega.js"):
            route.fulfill(path=STATIC / name, content_type="text/javascript")
        else:
            route.fulfill(body=HARNESS, content_type="text/html")

    page = browser.new_page()
    page.route(f"{SITE}**", answer)
    page.goto(SITE)
    page.wait_for_load_state("networkidle")
    yield page
    page.close()


@pytest.mark.parametrize("name", [name for name in FACTORIES if name not in OF_ALL_DATA])
def test_a_drawing_with_other_rows_is_the_one_they_would_have_made(changes, site: Page, name: str):
    assert changes[name], "no chart of this panel ever stands while its rows change"
    for change in changes[name]:
        found = site.evaluate("(change) => window.compare(change)", change)
        assert found["failed"] == ""
        assert found["stands"], change["view"]
        assert found["moved"] == found["fresh"], change["view"]
