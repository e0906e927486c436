/* A chart: caption in text, a drawing by the page's one Vega, updated in place. See docs/decisions on the chart widget. */

const DEBOUNCE_MS = 30;
const VEGA_TIMEOUT_MS = 20000;
const MOST_BUTTONS = 400;
const SHEET_PX = 680; // the width of a printed sheet of A4 or Letter within its margins
const MOST_SVG_ROWS = 4000; // above it a canvas is quicker than elements

/* One Vega per page and version. A page may offer it at an address (modulepreload); else the first chart asks its kernel. */
function vegaOf(model) {
  const shared = Symbol.for(`workbench ${model.get("vega")}`);
  globalThis[shared] ??= loadVega(model).catch((error) => {
    globalThis[shared] = undefined; // the next chart tries again
    throw error;
  });
  return globalThis[shared];
}

async function loadVega(model) {
  const offered = [...document.querySelectorAll("link[data-workbench-vega]")].find(
    (link) => link.dataset.workbenchVega === model.get("vega"),
  );
  if (offered) return (await import(offered.href)).default;
  const code = await new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error("the kernel did not send Vega")), VEGA_TIMEOUT_MS);
    const take = (message, buffers) => {
      if (message?.is !== "vega") return;
      clearTimeout(timer);
      model.off("msg:custom", take);
      resolve(buffers[0]);
    };
    model.on("msg:custom", take);
    model.send({ want: "vega" });
  });
  const address = URL.createObjectURL(new Blob([code], { type: "text/javascript" }));
  try {
    return (await import(address)).default;
  } finally {
    URL.revokeObjectURL(address);
  }
}

/* Charts hold their data; nothing is ever fetched, no address is ever followed. */
const refuse = async (address) => {
  throw new Error(`Charts load nothing: ${address}`);
};
const offline = { load: refuse, sanitize: refuse, http: refuse, file: refuse };

/* The tooltip is text and nothing else, whatever the fields are called and the data holds. */
function tip() {
  let box = document.getElementById("wb-tip");
  if (!box) {
    box = document.createElement("div");
    box.id = "wb-tip";
    box.className = "wb-tip";
    box.setAttribute("role", "tooltip");
    box.hidden = true;
  }
  // over a chart that fills the screen, too; on our pages inside the page, where who hears a page looks for its text
  const home = document.querySelector("dialog[open]") ?? document.getElementById("wb-page") ?? document.body;
  if (box.parentElement !== home) home.append(box);
  return box;
}

function showTip(handler, event, item, value) {
  const box = tip();
  if (value === null || value === undefined || value === "") {
    box.hidden = true;
    return;
  }
  if (typeof value === "object") {
    const list = document.createElement("dl");
    for (const [name, one] of Object.entries(value)) {
      const term = document.createElement("dt");
      const detail = document.createElement("dd");
      term.textContent = name;
      detail.textContent = String(one ?? "");
      list.append(term, detail);
    }
    box.replaceChildren(list);
  } else {
    box.textContent = String(value);
  }
  box.hidden = false;
  const { width, height } = box.getBoundingClientRect();
  const left = event.clientX + 12 + width > innerWidth ? event.clientX - 12 - width : event.clientX + 12;
  const top = event.clientY + 12 + height > innerHeight ? event.clientY - 12 - height : event.clientY + 12;
  box.style.left = `${Math.max(0, left)}px`;
  box.style.top = `${Math.max(0, top)}px`;
}

const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);

function debounced(work) {
  let timer;
  const later = (...given) => {
    clearTimeout(timer);
    timer = setTimeout(() => work(...given), DEBOUNCE_MS);
  };
  later.cancel = () => clearTimeout(timer);
  return later;
}

/* Vega turns dates in the data into milliseconds; Python is told the value as the data has it. */
function asInData(rows, field, value) {
  for (const row of Object.values(rows).flat()) {
    const raw = row[field];
    if (raw === value || (typeof raw === "string" && typeof value === "number" && Date.parse(raw) === value)) return raw;
  }
  return value;
}

/* Rows as Vega reads them when it loads a source: columns parsed as the compiled chart says; null where we cannot. */
const PARSERS = {
  date: (value) => (typeof value === "string" ? Date.parse(value) : value),
  number: (value) => (value === null || value === "" ? null : Number(value)),
  string: (value) => (value === null ? null : String(value)),
};

function parsed(rows, source) {
  const columns = Object.entries(source?.format?.parse ?? {}).filter(([, kind]) => kind !== null);
  if (!source || columns.some(([, kind]) => !(kind in PARSERS))) return null;
  return rows.map((row) => {
    const copy = { ...row };
    for (const [column, kind] of columns) copy[column] = PARSERS[kind](copy[column]);
    return copy;
  });
}

/* What turns the rows on screen into fresh ones, row by row: only marks whose figures differ are drawn again. */
function difference(view, name, fresh) {
  const held = view.data(name);
  const change = view.changeset().remove(held.slice(fresh.length)).insert(fresh.slice(held.length));
  held.slice(0, fresh.length).forEach((row, at) => {
    for (const [name, value] of Object.entries(fresh[at])) {
      if (row[name] !== value) change.modify(row, name, value);
    }
  });
  return change;
}

function params(node, found = []) {
  if (Array.isArray(node)) node.forEach((child) => params(child, found));
  else if (node && typeof node === "object") {
    if (Array.isArray(node.params)) found.push(...node.params);
    Object.values(node).forEach((child) => params(child, found));
  }
  return found;
}

/* The specification with its rows, starting from what is picked and set now. */
function wholeSpec(model) {
  const spec = structuredClone({ ...model.get("spec"), datasets: model.get("rows") });
  const picked = model.get("picked");
  const signals = model.get("signals");
  for (const param of params(spec)) {
    if (param.name === "pick" && picked.length) param.value = structuredClone(picked);
    if (param.name === "pick" && param.select?.type) param.select.toggle = false; // one at a time
    if (param.name in signals) param.value = structuredClone(signals[param.name]);
  }
  return { ...spec, description: description(model) };
}

const description = (model) => [model.get("title"), model.get("subtitle")].filter(Boolean).join(" — ");

const pickOf = (spec) => params(spec).find((param) => param.name === "pick" && param.select);

/* What a click on each mark would pick, where it lies in the drawing and what its tooltip says; marks of one meaning
   are one. In reading order. */
function pickable(drawn, pick, rows) {
  const names = (pick.views ?? []).map((name) => `${name}_marks`);
  const fields = pick.select.fields ?? [];
  const found = new Map();
  const add = (item, bounds, x, y) => {
    const values = fields.map((field) => item.datum?.[field]);
    if (!item.datum || values.some((value) => value === undefined)) return;
    const picks = Object.fromEntries(fields.map((field, at) => [field, asInData(rows, field, values[at])]));
    const key = JSON.stringify(picks);
    const box = { x1: bounds.x1 + x, y1: bounds.y1 + y, x2: bounds.x2 + x, y2: bounds.y2 + y };
    const one = found.get(key);
    if (!one) return found.set(key, { key, picks, values, box, tips: item.tooltip });
    for (const side of ["x1", "y1"]) one.box[side] = Math.min(one.box[side], box[side]);
    for (const side of ["x2", "y2"]) one.box[side] = Math.max(one.box[side], box[side]);
    one.tips = shared(one.tips, item.tooltip);
  };
  const walk = (mark, x, y) => {
    if (mark.marktype === "group") {
      for (const item of mark.items) for (const child of item.items) walk(child, x + (item.x ?? 0), y + (item.y ?? 0));
    } else if (mark.role === "mark" && (names.length ? names.includes(mark.name) : mark.marktype !== "text")) {
      if (["area", "line"].includes(mark.marktype)) mark.items.length && add(mark.items[0], mark.bounds, x, y);
      else for (const item of mark.items) add(item, item.bounds, x, y);
    }
  };
  const [left, top] = drawn.view.origin();
  walk(drawn.view.scenegraph().root, left, top);
  const line = (one) => Math.round(one.box.y1 / 6);
  return [...found.values()].sort((one, other) => line(one) - line(other) || one.box.x1 - other.box.x1);
}

/* What two tooltips both say. */
function shared(one, other) {
  if (typeof one !== "object" || typeof other !== "object" || !one || !other) return one === other ? one : null;
  return Object.fromEntries(Object.entries(one).filter(([name, value]) => other[name] === value));
}

const inWords = (mark) => {
  const said = typeof mark.tips === "object" && mark.tips ? Object.entries(mark.tips) : [];
  const words = said.filter(([, value]) => value !== "").map(([name, value]) => `${name.trim()} ${value}`.trim());
  return words.join(", ") || String(mark.tips ?? "") || Object.values(mark.picks).join(", ");
};

/* Buttons over the marks, for the keyboard and for screen readers: the mouse goes through them to the drawing. One of
   them is in the order of tabs; arrows lead to the others. */
function markButtons(toggle) {
  const group = document.createElement("div");
  group.className = "wb-marks";
  group.setAttribute("role", "group");
  let marks = [];
  let at = 0;

  const buttons = () => [...group.children];
  function stand(place, focus) {
    at = Math.max(0, Math.min(place, marks.length - 1));
    buttons().forEach((button, one) => (button.tabIndex = one === at ? 0 : -1));
    if (focus) buttons()[at]?.focus();
  }

  /* The nearest mark above (-1) or below (1); where there is none, the one before or after. */
  function beyond(way) {
    const middle = ({ box }) => [(box.x1 + box.x2) / 2, (box.y1 + box.y2) / 2];
    const [x, y] = middle(marks[at]);
    const far = (one) => Math.abs(middle(one)[1] - y) + 2 * Math.abs(middle(one)[0] - x);
    const there = marks.filter((one) => (middle(one)[1] - y) * way > 2);
    return there.length ? marks.indexOf(there.reduce((best, one) => (far(one) < far(best) ? one : best))) : at + way;
  }

  group.addEventListener("keydown", (event) => {
    const steps = {
      ArrowLeft: () => at - 1, ArrowRight: () => at + 1, ArrowUp: () => beyond(-1), ArrowDown: () => beyond(1),
      Home: () => 0, End: () => marks.length - 1,
    };
    if (!(event.key in steps)) return;
    event.preventDefault();
    event.stopPropagation(); // JupyterLab and the page have uses of their own for arrows
    stand(steps[event.key](), true);
  });
  group.addEventListener("focusin", ({ target }) => {
    const place = buttons().indexOf(target);
    stand(place, false);
    const box = target.getBoundingClientRect();
    showTip(null, { clientX: box.right - 12, clientY: box.bottom - 12 }, null, marks[place].tips);
  });
  group.addEventListener("focusout", () => (tip().hidden = true));
  group.addEventListener("click", ({ target }) => toggle(marks[buttons().indexOf(target)]));

  return {
    group,
    lay(fresh, picked, label) {
      marks = fresh;
      group.hidden = !marks.length;
      group.setAttribute("aria-label", label);
      while (group.children.length > marks.length) group.lastChild.remove();
      while (group.children.length < marks.length) {
        const button = document.createElement("button");
        button.type = "button";
        group.append(button);
      }
      buttons().forEach((button, one) => {
        const { x1, y1, x2, y2 } = marks[one].box;
        button.setAttribute("aria-label", inWords(marks[one]));
        button.style.cssText = `left:${x1}px;top:${y1}px;width:${Math.max(8, x2 - x1)}px;height:${Math.max(8, y2 - y1)}px`;
      });
      stand(at, false);
      this.press(picked);
    },
    press(picked) {
      buttons().forEach((button, one) => button.setAttribute("aria-pressed", same(picked, [marks[one].picks])));
    },
    find: (picks) => marks.find((one) => one.key === JSON.stringify(picks)),
  };
}

/* What the tooltips of a drawing say, as a table: a row for every mark, in reading order. */
function toldRows(drawn) {
  const found = [];
  const walk = (mark, x, y) => {
    if (mark.marktype === "group") {
      for (const item of mark.items) for (const child of item.items) walk(child, x + (item.x ?? 0), y + (item.y ?? 0));
    } else if (mark.role === "mark") {
      const one = ["area", "line"].includes(mark.marktype) ? mark.items.slice(0, 1) : mark.items;
      for (const { tooltip, bounds } of one) {
        if (tooltip && typeof tooltip === "object") found.push({ tooltip, x: bounds.x1 + x, y: bounds.y1 + y });
      }
    }
  };
  walk(drawn.view.scenegraph().root, 0, 0);
  const names = [...new Set(found.flatMap(({ tooltip }) => Object.keys(tooltip)))];
  const isOneLine = new Set(found.map(({ tooltip }) => JSON.stringify(tooltip))).size > 1 && found.every(({ y }) => y > 0);
  found.sort((one, other) => (isOneLine ? Math.round((one.y - other.y) / 6) : 0) || one.x - other.x);
  const rows = new Map(found.map(({ tooltip }) => [JSON.stringify(tooltip), names.map((name) => tooltip[name] ?? "")]));
  return { names: names.map((name) => name.trim()), rows: [...rows.values()] };
}

function toldTable({ names, rows }) {
  const table = document.createElement("table");
  table.className = "wb-table";
  const head = table.createTHead().insertRow();
  for (const name of names) {
    const cell = document.createElement("th");
    cell.scope = "col";
    cell.textContent = name || "—";
    head.append(cell);
  }
  const body = table.createTBody();
  for (const row of rows) {
    const line = body.insertRow();
    for (const value of row) line.insertCell().textContent = String(value);
  }
  return table;
}

function render({ model, el }) {
  const figure = document.createElement("figure");
  const caption = document.createElement("figcaption");
  const title = document.createElement("span");
  const subtitle = document.createElement("span");
  const drawing = document.createElement("div");
  const complaint = document.createElement("p");
  figure.className = "wb-chart";
  title.className = "wb-chart-title";
  subtitle.className = "wb-chart-subtitle";
  drawing.className = "wb-chart-drawing";
  complaint.className = "wb-chart-failed";
  complaint.setAttribute("role", "alert");
  complaint.hidden = true;
  const stage = document.createElement("div");
  stage.className = "wb-chart-stage";
  const overlay = markButtons((mark) => pickMarks(same(known.picked, [mark.picks]) ? [] : [mark]));
  stage.append(drawing, overlay.group);
  const tools = document.createElement("div");
  const toTable = document.createElement("button");
  const toFull = document.createElement("button");
  const told = document.createElement("div");
  const full = document.createElement("dialog");
  tools.className = "wb-chart-tools";
  told.className = "wb-scroll wb-chart-told";
  full.className = "wb-chart-full";
  told.hidden = true;
  for (const button of [toTable, toFull]) button.type = "button";
  tools.append(toTable, toFull);
  tools.hidden = true;
  caption.append(title, subtitle);
  figure.append(tools, caption, stage, told, complaint);
  el.append(figure, full);

  let drawn = null; // what vega-embed returned
  let drawnSpec = null; // the model's spec it shows, by identity
  let known = { picked: [], signals: {} }; // what the view and the model agree on
  let stale = { spec: true, rows: true };
  let busy = false;
  let closed = false;

  function showWidth() {
    stage.classList.toggle("wb-wide", model.get("least_width") > 0);
    drawing.style.minWidth = model.get("least_width") ? `${model.get("least_width")}px` : "";
  }

  function showWords() {
    title.textContent = model.get("title");
    subtitle.textContent = model.get("subtitle");
    title.hidden = !title.textContent;
    subtitle.hidden = !subtitle.textContent;
    drawn?.view.description(description(model));
  }

  function fail(error) {
    console.warn("workbench chart:", error);
    complaint.textContent = model.get("words").failed;
    complaint.hidden = false;
    model.set("failed", String(error?.message ?? error).slice(0, 2000));
    model.save_changes();
  }

  const tellPicked = debounced((tuples) => {
    const rows = model.get("rows");
    known.picked = tuples.map((tuple) =>
      Object.fromEntries(tuple.fields.map((one, at) => [one.field, asInData(rows, one.field, tuple.values[at])])),
    );
    overlay.press(known.picked);
    if (same(known.picked, model.get("picked"))) return;
    model.set("picked", structuredClone(known.picked));
    model.save_changes();
  });

  const tellSignals = debounced(() => {
    if (same(known.signals, model.get("signals"))) return;
    model.set("signals", structuredClone(known.signals));
    model.save_changes();
  });

  function sayTools() {
    const words = model.get("words");
    toTable.textContent = told.hidden ? words.table : words.chart;
    toFull.textContent = full.open ? words.close : words.full;
    tools.hidden = !drawn;
    full.setAttribute("aria-label", model.get("title") || words.full);
  }

  function fillTable() {
    if (told.hidden || !drawn) return;
    told.replaceChildren(toldTable(toldRows(drawn)));
  }

  toTable.addEventListener("click", () => {
    told.hidden = !told.hidden;
    stage.hidden = !told.hidden;
    fillTable();
    sayTools();
    if (told.hidden) fit();
  });

  /* The figure moves into a dialog, which the browser puts over the page whatever stands around it, and closes by Esc. */
  let usualHeight = 0;
  function stretch() {
    if (!drawn || typeof drawn.spec.height !== "number") return;
    usualHeight ||= drawn.view.height();
    const room = innerHeight - figure.offsetHeight + drawing.offsetHeight - 80;
    drawn.view.height(full.open ? Math.max(usualHeight, drawn.view.height() + room - drawing.offsetHeight) : usualHeight);
    drawn.view.runAsync().then(layMarks);
    if (!full.open) usualHeight = 0;
  }
  toFull.addEventListener("click", () => {
    if (full.open) return full.close();
    full.append(figure);
    full.showModal();
    toFull.focus();
    sayTools();
    requestAnimationFrame(stretch);
  });
  full.addEventListener("close", () => {
    full.before(figure);
    toFull.focus();
    sayTools();
    requestAnimationFrame(stretch);
  });

  /* Lay the buttons where the marks now are; a chart of very many marks is for the mouse and its table. */
  function layMarks() {
    const pick = drawn && pickOf(drawn.spec);
    const marks = pick ? pickable(drawn, pick, model.get("rows")) : [];
    overlay.lay(marks.length > MOST_BUTTONS ? [] : marks, known.picked, model.get("words").marks);
    sayTools();
    fillTable();
    // Lines and areas that Vega gives a role but no name: the title, the buttons and the table say what they show.
    for (const one of drawing.querySelectorAll("[role=graphics-symbol]:not([aria-label])")) one.setAttribute("aria-hidden", "true");
  }

  /* Pick as a click would; the drawing stands. */
  function pickMarks(marks) {
    const fields = pickOf(drawn.spec).select.fields.map((field) => ({ type: "E", field }));
    const tuples = marks.map(({ values }) => ({ unit: "", fields: structuredClone(fields), values }));
    drawn.view.data("pick_store", tuples).runAsync();
  }

  function listen(view) {
    if (pickOf(drawn.spec)) {
      view.addDataListener("pick_store", (_, tuples) => tellPicked(tuples));
    }
    for (const name of model.get("listens")) {
      view.addSignalListener(name, (_, value) => {
        known.signals = { ...known.signals, [name]: structuredClone(value) };
        tellSignals();
      });
    }
  }

  function forget() {
    tellPicked.cancel();
    tellSignals.cancel();
    drawn?.finalize();
    drawn = null;
    drawnSpec = null;
  }

  /* Draw anew beside the old drawing, then change places: nothing flickers. */
  async function draw(embed) {
    const spec = model.get("spec");
    const box = document.createElement("div");
    box.className = "wb-waiting";
    drawing.append(box);
    try {
      const many = Object.values(model.get("rows")).reduce((sum, rows) => sum + rows.length, 0) > MOST_SVG_ROWS;
      const next = await embed(box, wholeSpec(model), {
        mode: "vega-lite",
        ast: true, // the interpreter: no eval, so the page's policy can be strict
        actions: false,
        defaultStyle: false,
        renderer: many ? "canvas" : "svg",
        loader: offline,
        tooltip: showTip,
      });
      if (closed) return next.finalize();
      forget();
      drawn = next;
      drawnSpec = spec;
      known = { picked: structuredClone(model.get("picked")), signals: structuredClone(model.get("signals")) };
      listen(drawn.view);
      box.classList.remove("wb-waiting");
      drawing.replaceChildren(box);
      layMarks();
    } catch (error) {
      box.remove();
      throw error;
    }
  }

  /* Give the standing drawing new rows; false where that cannot be done and it must be drawn anew. */
  async function redraw() {
    const sources = new Map(drawn.vgSpec.data.map((source) => [source.name, source]));
    const fresh = Object.entries(model.get("rows")).map(([name, rows]) => [name, parsed(rows, sources.get(name))]);
    if (fresh.some(([, rows]) => rows === null)) return false;
    for (const [name, rows] of fresh) drawn.view.change(name, difference(drawn.view, name, rows));
    await drawn.view.resize().runAsync();  /* labels of other rows may be wider */
    layMarks();
    return true;
  }

  async function update() {
    if (busy) return;
    busy = true;
    try {
      while (!closed && (stale.spec || stale.rows)) {
        stale = { spec: false, rows: false };
        if (!Object.keys(model.get("spec")).length) {
          forget();
          drawing.replaceChildren();
          layMarks();
          continue;
        }
        if (!drawing.clientWidth) {
          stale.spec = true; // out of sight: drawn when it has a width
          return;
        }
        const embed = await vegaOf(model);
        const stands = drawn && drawnSpec === model.get("spec");
        if (!stands || !(await redraw())) await draw(embed);
        complaint.hidden = true;
      }
    } catch (error) {
      fail(error);
    } finally {
      busy = false;
    }
  }

  function fit() {
    if (stale.spec || stale.rows) update();
    else if (drawn?.spec.width === "container" && drawing.clientWidth) {
      drawn.view.signal("width", drawing.clientWidth).runAsync().then(layMarks);
    }
  }

  /* On paper a chart is as wide as the sheet, with its letters as large as on screen; at once, for nobody waits. */
  function toPaper() {
    if (drawn?.spec.width !== "container") return;
    drawn.view.signal("width", Math.max(SHEET_PX, model.get("least_width"))).run();
  }
  addEventListener("beforeprint", toPaper);
  addEventListener("afterprint", fit);

  function setPicked() {
    if (!drawn || same(known.picked, model.get("picked"))) return;
    known.picked = structuredClone(model.get("picked"));
    overlay.press(known.picked);
    const marks = known.picked.map(overlay.find);
    if (marks.every(Boolean)) return pickMarks(marks);
    stale.spec = true;
    drawnSpec = null;
    queueMicrotask(update);
  }

  function setSignals() {
    if (!drawn || same(known.signals, model.get("signals"))) return;
    for (const [name, value] of Object.entries(model.get("signals"))) {
      if (!same(known.signals[name], value)) drawn.view.signal(name, value);
    }
    known.signals = structuredClone(model.get("signals"));
    drawn.view.runAsync();
  }

  model.on("change:title change:subtitle", showWords);
  model.on("change:least_width", showWidth);
  model.on("change:spec", () => {
    stale.spec = true;
    queueMicrotask(update);
  });
  model.on("change:rows", () => {
    stale.rows = true;
    queueMicrotask(update);
  });
  model.on("change:picked", setPicked);
  model.on("change:words", () => (drawn ? layMarks() : sayTools()));
  model.on("change:signals", setSignals);

  let width = 0;
  const observer = new ResizeObserver(() => {
    if (drawing.clientWidth === width) return;
    width = drawing.clientWidth;
    requestAnimationFrame(fit);
  });
  observer.observe(drawing);
  showWords();
  showWidth();

  return () => {
    closed = true;
    observer.disconnect();
    removeEventListener("beforeprint", toPaper);
    removeEventListener("afterprint", fit);
    tip().hidden = true;
    forget();
  };
}

export default { render };
