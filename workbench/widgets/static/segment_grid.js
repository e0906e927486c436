/* Paint a grid of R and F scores (layer by layer of M) with segments; rename, order, add and remove them beside it. */

const ANY = 0; // the layer that shows and paints every M score at once

function make(tag, className, text = "") {
  const element = document.createElement(tag);
  element.className = className;
  element.textContent = text;
  return element;
}

function button(className, text, label = "") {
  const made = make("button", className, text);
  made.type = "button";
  if (label) made.setAttribute("aria-label", label);
  if (label) made.title = label;
  return made;
}

const isDark = (colour) => {
  const [r, g, b] = [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16));
  return 0.299 * r + 0.587 * g + 0.114 * b < 120;
};
const fill = (text, facts) => text.replace(/{(\w+)}/g, (_, name) => facts[name] ?? "");
const range = (from, to) => Array.from({ length: Math.max(0, to - from + 1) }, (_, at) => from + at);

function render({ model, el }) {
  const box = make("div", "wb-sg");
  const complaint = make("p", "wb-sg-complaint");
  complaint.setAttribute("role", "alert");
  const left = make("div", "wb-sg-left");
  const layers = make("div", "wb-sg-layers");
  const why = make("p", "wb-sg-why");
  const grid = make("div", "wb-sg-grid");
  const hint = make("p", "wb-sg-hint");
  left.append(layers, why, grid, hint);
  const right = make("div", "wb-sg-right");
  const list = make("ol", "wb-sg-list");
  const tools = make("div", "wb-sg-tools");
  const form = make("form", "wb-sg-form");
  const live = make("p", "wb-sg-live");
  live.setAttribute("aria-live", "polite");
  right.append(list, tools, form);
  box.append(complaint, left, right, live);
  el.append(box);

  let brush = ""; // the segment that paints
  let layer = ANY;
  let focus = null; // [r, f] of the cell that the keyboard is on
  let stroke = null; // cells of a stroke that is being drawn: Map of "r,f" to [r, f]
  let drawn = new Map(); // "r,f" to its button
  let pointer = ""; // what pressed last: mouse, pen or touch
  const group = `brush-${crypto.getRandomValues(new Uint32Array(1))[0]}`;

  const words = (name, facts = {}) => fill(model.get("words")[name] ?? "", facts);
  const table = () => model.get("table");
  const segments = () => table().segments ?? [];
  const number = (value) => value.toLocaleString(model.get("lang"));
  const layersShown = () => (layer === ANY ? range(1, table().bins) : [layer]);
  const places = (r, f) => layersShown().map((m) => table().grid[r - 1][f - 1][m - 1]);
  const mark = (place) => (place === segments().length - 1 ? "–" : String(place + 1));

  function count(r, f) {
    const counts = model.get("sizes").counts;
    if (counts?.length !== table().bins) return null;
    return layersShown().reduce((sum, m) => sum + counts[r - 1][f - 1][m - 1], 0);
  }

  // The grid ---------------------------------------------------------------------------------------------------------

  function drawLayers() {
    layers.replaceChildren();
    layers.hidden = !table().grid;
    if (!table().grid) return;
    layers.setAttribute("role", "radiogroup");
    layers.setAttribute("aria-label", words("layers"));
    for (const m of [ANY, ...range(1, table().bins)]) {
      const one = button("wb-sg-layer", m === ANY ? words("any_layer") : `M ${m}`);
      one.setAttribute("role", "radio");
      one.setAttribute("aria-checked", String(m === layer));
      one.tabIndex = m === layer ? 0 : -1;
      one.addEventListener("click", () => show(m));
      one.addEventListener("keydown", (event) => {
        const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
        if (!step) return;
        event.preventDefault();
        show((m + step + table().bins + 1) % (table().bins + 1));
        layers.querySelector("[aria-checked=true]")?.focus();
      });
      layers.append(one);
    }
  }

  function show(m) {
    layer = m;
    drawLayers();
    drawGrid();
  }

  function drawGrid() {
    const { bins } = table();
    const had = grid.contains(document.activeElement);
    grid.replaceChildren();
    drawn = new Map();
    why.textContent = table().why ?? "";
    why.hidden = !table().why;
    grid.hidden = hint.hidden = !table().grid;
    hint.textContent = words("hint");
    if (!table().grid) return;
    focus = focus && focus.every((score) => score <= bins) ? focus : [bins, 1];
    grid.setAttribute("role", "grid");
    grid.setAttribute("aria-label", words("grid"));
    for (const r of range(1, bins).reverse()) {
      const row = make("div", "wb-sg-row");
      row.setAttribute("role", "row");
      const head = make("span", "wb-sg-head", `R ${r}`);
      head.setAttribute("role", "rowheader");
      row.append(head);
      for (const f of range(1, bins)) {
        const cell = button("wb-sg-cell", "");
        cell.setAttribute("role", "gridcell");
        cell.dataset.r = r;
        cell.dataset.f = f;
        drawn.set(`${r},${f}`, cell);
        fillCell(cell, r, f, places(r, f));
        row.append(cell);
      }
      grid.append(row);
    }
    const feet = make("div", "wb-sg-row");
    feet.setAttribute("role", "row");
    feet.append(make("span", "wb-sg-head"));
    for (const f of range(1, bins)) {
      const foot = make("span", "wb-sg-foot", `F ${f}`);
      foot.setAttribute("role", "columnheader");
      feet.append(foot);
    }
    grid.append(feet);
    if (had) drawn.get(focus.join())?.focus();
  }

  function fillCell(cell, r, f, found) {
    const kinds = [...new Set(found)];
    const all = segments();
    const people = count(r, f);
    cell.replaceChildren();
    const stripes = make("span", "wb-sg-stripes");
    for (const place of kinds.length > 1 ? found : kinds) {
      const stripe = make("i", place === all.length - 1 ? "wb-sg-none" : "");
      if (place !== all.length - 1) stripe.style.background = all[place].colour;
      stripes.append(stripe);
    }
    const dark = kinds.length === 1 && kinds[0] !== all.length - 1 && isDark(all[kinds[0]].colour);
    cell.classList.toggle("wb-sg-dark", dark);
    cell.classList.toggle("wb-sg-mixed", kinds.length > 1);
    cell.append(stripes, make("b", "", kinds.length > 1 ? "…" : mark(kinds[0])));
    if (people !== null) cell.append(make("small", "", number(people)));
    const names = kinds.map((place) => all[place].name).join(model.get("lang") === "zh" ? "、" : ", ");
    const said = words(people === null ? "cell" : "cell_count", { r, f, segment: names, count: people === null ? "" : number(people) });
    cell.setAttribute("aria-label", said);
    cell.title = said;
    cell.tabIndex = r === focus[0] && f === focus[1] ? 0 : -1;
  }

  function begin(r, f) {
    stroke = new Map();
    extend(r, f);
  }

  function extend(r, f) {
    if (!stroke || stroke.has(`${r},${f}`)) return;
    stroke.set(`${r},${f}`, [r, f]);
    const place = segments().findIndex((one) => one.id === brush);
    if (place >= 0) fillCell(drawn.get(`${r},${f}`), r, f, [place]); // at once; the kernel's answer follows
  }

  function finish() {
    if (!stroke) return;
    const cells = [...stroke.values()].flatMap(([r, f]) => layersShown().map((m) => [r, f, m]));
    stroke = null;
    model.send({ is: "paint", segment: brush, cells });
  }

  const cellOf = (event) => event.target.closest?.(".wb-sg-cell");
  const scoresOf = (cell) => [Number(cell.dataset.r), Number(cell.dataset.f)];

  grid.addEventListener("pointerdown", (event) => {
    const cell = cellOf(event);
    pointer = event.pointerType;
    if (!cell || event.button !== 0 || event.pointerType === "touch") return;
    focusOn(scoresOf(cell));
    begin(...scoresOf(cell));
  });
  grid.addEventListener("pointerover", (event) => {
    const cell = cellOf(event);
    if (cell && stroke) extend(...scoresOf(cell));
  });
  document.addEventListener("pointerup", finish);
  document.addEventListener("pointercancel", finish);
  grid.addEventListener("click", (event) => {
    const cell = cellOf(event);
    if (!cell || (event.detail && pointer !== "touch")) return; // a mouse has drawn its stroke already
    focusOn(scoresOf(cell)); // a finger, or Enter and Space
    begin(...scoresOf(cell));
    finish();
  });
  grid.addEventListener("keydown", (event) => {
    const step = { ArrowUp: [1, 0], ArrowDown: [-1, 0], ArrowRight: [0, 1], ArrowLeft: [0, -1] }[event.key];
    const typed = Number(event.key);
    if (step && cellOf(event)) {
      event.preventDefault();
      const next = scoresOf(cellOf(event)).map((score, at) => Math.min(table().bins, Math.max(1, score + step[at])));
      focusOn(next);
      if (event.shiftKey) {
        begin(...next);
        finish();
      }
    } else if (typed >= 1 && typed < segments().length && !event.ctrlKey && !event.metaKey && !event.altKey) {
      choose(segments()[typed - 1].id);
    } else if (event.key === "z" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      model.send({ is: "undo" });
    }
  });

  function focusOn(cell) {
    const before = drawn.get(focus?.join());
    if (before) before.tabIndex = -1;
    focus = cell;
    const now = drawn.get(cell.join());
    now.tabIndex = 0;
    now.focus();
  }

  // The segments -----------------------------------------------------------------------------------------------------

  function choose(id) {
    brush = id;
    drawList();
    drawForm();
    live.textContent = words("chosen", { segment: segments().find((one) => one.id === id)?.name ?? "" });
  }

  function drawList() {
    const held = document.activeElement;
    const refocus = list.contains(held) ? held.dataset.key : ""; // what had the keyboard gets it back
    list.replaceChildren();
    const all = segments();
    const sizes = model.get("sizes").segments ?? {};
    if (!all.some((one) => one.id === brush)) brush = all[0]?.id ?? "";
    all.forEach((one, place) => {
      const isOthers = place === all.length - 1;
      const item = make("li", "wb-sg-item");
      const pick = make("label", "wb-sg-pick");
      const radio = document.createElement("input");
      radio.type = "radio";
      radio.name = group;
      radio.checked = one.id === brush;
      radio.dataset.key = `pick ${one.id}`;
      radio.addEventListener("change", () => choose(one.id));
      const swatch = make("span", `wb-sg-swatch${isOthers ? " wb-sg-none" : ""}`, mark(place));
      if (!isOthers) swatch.style.background = one.colour;
      swatch.classList.toggle("wb-sg-dark", !isOthers && isDark(one.colour));
      pick.append(radio, swatch, make("span", "wb-sg-name", one.name));
      const size = sizes[one.id];
      const figures = make("span", "wb-sg-size");
      if (size) figures.append(make("b", "", size.count), make("span", "", size.share), make("span", "", size.money));
      item.append(pick, figures);
      item.classList.toggle("wb-sg-chosen", one.id === brush);
      if (!isOthers) {
        const acts = make("span", "wb-sg-acts");
        const up = button("wb-sg-act", "↑", words("up", { segment: one.name }));
        const down = button("wb-sg-act", "↓", words("down", { segment: one.name }));
        const away = button("wb-sg-act", "×", words("remove", { segment: one.name }));
        up.disabled = place === 0;
        down.disabled = place === all.length - 2;
        away.disabled = all.length <= 2;
        for (const [act, name] of [[up, "up"], [down, "down"], [away, "remove"]]) act.dataset.key = `${name} ${one.id}`;
        up.addEventListener("click", () => model.send({ is: "move", segment: one.id, by: -1 }));
        down.addEventListener("click", () => model.send({ is: "move", segment: one.id, by: 1 }));
        away.addEventListener("click", () => model.send({ is: "remove", segment: one.id }));
        acts.append(up, down, away);
        item.append(acts);
      }
      list.append(item);
    });
    if (refocus) [...list.querySelectorAll("[data-key]")].find((one) => one.dataset.key === refocus)?.focus();
  }

  function drawTools() {
    const more = button("wb-sg-button", words("add"));
    const back = button("wb-sg-button", words("undo"));
    back.disabled = !table().can_undo;
    more.addEventListener("click", () => model.send({ is: "add" }));
    back.addEventListener("click", () => model.send({ is: "undo" }));
    tools.replaceChildren(more, back);
  }

  function drawForm() {
    if (form.contains(document.activeElement) && form.dataset.segment === brush) return; // somebody is writing
    const one = segments().find((segment) => segment.id === brush);
    form.replaceChildren();
    form.dataset.segment = brush;
    form.hidden = !one;
    if (!one) return;
    const isOthers = one === segments().at(-1);
    const fields = { names: {}, meanings: {} };
    for (const kind of isOthers ? ["names"] : ["names", "meanings"]) {
      for (const lang of ["zh", "en"]) {
        const field = make("label", "wb-sg-field", words(`${kind}_${lang}`));
        const input = document.createElement(kind === "names" ? "input" : "textarea");
        input.value = one[kind]?.[lang] ?? "";
        input.lang = lang;
        input.maxLength = kind === "names" ? 200 : 1000;
        if (kind === "meanings") input.rows = 2;
        fields[kind][lang] = input;
        field.append(input);
        form.append(field);
      }
    }
    const told = () => {
      const read = (kind) => Object.fromEntries(Object.entries(fields[kind]).map(([lang, input]) => [lang, input.value]));
      model.send({ is: "rename", segment: one.id, names: read("names"), meanings: read("meanings") });
    };
    form.onsubmit = (event) => event.preventDefault();
    form.onchange = told;
    form.onkeydown = (event) => {
      if (event.key === "Enter" && event.target.tagName === "INPUT") {
        event.preventDefault();
        event.target.blur();
      }
    };
  }

  // Together ---------------------------------------------------------------------------------------------------------

  function drawAll() {
    if (layer > (table().bins ?? 0)) layer = ANY;
    drawLayers();
    drawGrid();
    drawList();
    drawTools();
    drawForm();
  }

  function drawSizes() {
    if (table().grid) for (const [name, cell] of drawn) fillCell(cell, ...name.split(",").map(Number), places(...name.split(",").map(Number)));
    drawList();
  }

  function complain() {
    complaint.textContent = model.get("complaint");
    complaint.hidden = !model.get("complaint");
    if (model.get("complaint")) drawAll(); // takes back what was painted at once
  }

  model.on("change:table change:words", drawAll);
  model.on("change:sizes", drawSizes);
  model.on("change:complaint", complain);
  drawAll();
  complain();

  return () => {
    document.removeEventListener("pointerup", finish);
    document.removeEventListener("pointercancel", finish);
  };
}

export default { render };
