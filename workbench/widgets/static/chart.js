/* A chart: caption in text, a drawing by the page's one Vega, updated in place. See docs/decisions on the chart widget. */

const DEBOUNCE_MS = 30;
const VEGA_TIMEOUT_MS = 20000;
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
    document.body.append(box);
  }
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
    if (param.name in signals) param.value = structuredClone(signals[param.name]);
  }
  return { ...spec, description: description(model) };
}

const description = (model) => [model.get("title"), model.get("subtitle")].filter(Boolean).join(" — ");

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
  caption.append(title, subtitle);
  figure.append(caption, drawing, complaint);
  el.append(figure);

  let drawn = null; // what vega-embed returned
  let drawnSpec = null; // the model's spec it shows, by identity
  let known = { picked: [], signals: {} }; // what the view and the model agree on
  let stale = { spec: true, rows: true };
  let busy = false;
  let closed = false;

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
    if (same(known.picked, model.get("picked"))) return;
    model.set("picked", structuredClone(known.picked));
    model.save_changes();
  });

  const tellSignals = debounced(() => {
    if (same(known.signals, model.get("signals"))) return;
    model.set("signals", structuredClone(known.signals));
    model.save_changes();
  });

  function listen(view) {
    if (params(drawn.spec).some((param) => param.name === "pick" && param.select)) {
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
      drawn.view.signal("width", drawing.clientWidth).runAsync();
    }
  }

  function setPicked() {
    if (!drawn || same(known.picked, model.get("picked"))) return;
    known.picked = structuredClone(model.get("picked"));
    if (known.picked.length) {
      stale.spec = true;
      drawnSpec = null;
      queueMicrotask(update);
    } else {
      drawn.view.data("pick_store", []).runAsync();
    }
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
  model.on("change:spec", () => {
    stale.spec = true;
    queueMicrotask(update);
  });
  model.on("change:rows", () => {
    stale.rows = true;
    queueMicrotask(update);
  });
  model.on("change:picked", setPicked);
  model.on("change:signals", setSignals);

  let width = 0;
  const observer = new ResizeObserver(() => {
    if (drawing.clientWidth === width) return;
    width = drawing.clientWidth;
    requestAnimationFrame(fit);
  });
  observer.observe(drawing);
  showWords();

  return () => {
    closed = true;
    observer.disconnect();
    tip().hidden = true;
    forget();
  };
}

export default { render };
