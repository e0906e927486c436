/* Says that the kernel is gone or that newer data is there: on our pages through the page's banner, else in its place. */

/* A slider says what it is called and how it reads ("75%"), which ipywidgets leaves to the eye: its label and its
   readout. Once on a page, for all that stand on it and will. */
function nameSliders() {
  const done = Symbol.for("workbench sliders");
  if (globalThis[done]) return;
  globalThis[done] = true;

  const put = (element, name, value) => {
    if (element.getAttribute(name) !== value) element.setAttribute(name, value);
  };
  function name(slider) {
    const label = slider.querySelector(":scope > .widget-label")?.textContent ?? "";
    const readout = slider.querySelector(":scope > .widget-readout");
    for (const handle of slider.querySelectorAll(".noUi-handle")) {
      put(handle, "aria-label", label);
      if (readout?.textContent) put(handle, "aria-valuetext", readout.textContent);
    }
    if (readout) {
      put(readout, "role", "textbox");
      put(readout, "aria-label", label);
    }
  }
  const whole = { subtree: true, childList: true, characterData: true, attributes: true, attributeFilter: ["aria-valuetext"] };
  new MutationObserver((changes) => {
    const touched = new Set();
    for (const { target, addedNodes } of changes) {
      const element = target.nodeType === Node.ELEMENT_NODE ? target : target.parentElement;
      const slider = element?.closest(".widget-slider");
      if (slider) touched.add(slider);
      for (const node of addedNodes) {
        if (node.nodeType !== Node.ELEMENT_NODE) continue;
        if (node.matches(".widget-slider")) touched.add(node); // put into its row when it was complete
        node.querySelectorAll(".widget-slider").forEach((one) => touched.add(one));
      }
    }
    touched.forEach(name);
  }).observe(document.body, whole);
  document.querySelectorAll(".widget-slider").forEach(name);
}

/* What is cut at the right shows it by a shadow, and can be scrolled by the keyboard. */
const SCROLLS = ".wb-scroll, .wb-chart-stage.wb-wide, .wb-key-figures .wb-figures, .wb-presets, .wb-nav, .wb-sections";

function showCuts() {
  const done = Symbol.for("workbench cuts");
  if (globalThis[done]) return;
  globalThis[done] = true;

  const watched = new WeakSet();
  function look(box) {
    const isCut = box.scrollWidth > box.clientWidth + 1;
    const isEnd = box.scrollLeft + box.clientWidth >= box.scrollWidth - 1;
    box.classList.toggle("wb-cut", isCut && !isEnd);
    if (isCut && !box.querySelector("a, button")) box.tabIndex = 0;
    else box.removeAttribute("tabindex");
  }
  const sizes = new ResizeObserver((entries) => entries.forEach(({ target }) => look(target.closest(SCROLLS) ?? target)));
  const find = () => {
    for (const box of document.querySelectorAll(SCROLLS)) {
      if (watched.has(box)) continue;
      watched.add(box);
      sizes.observe(box);
      for (const part of box.children) sizes.observe(part);
      box.addEventListener("scroll", () => look(box), { passive: true });
      look(box);
    }
  };
  let waiting = 0;
  const later = () => (waiting ||= requestAnimationFrame(() => ((waiting = 0), find())));
  new MutationObserver(later).observe(document.body, { subtree: true, childList: true });
  find();
}

/* Headings sort the tables that are on the page whole; of a longer table the kernel sorts (sorting.js). */
function sortTables() {
  const done = Symbol.for("workbench sorts");
  if (globalThis[done]) return;
  globalThis[done] = true;

  document.addEventListener("click", (event) => {
    const button = event.target.closest?.(".wb-table button[data-sort]");
    if (!button || button.closest(".wb-long-table")) return;
    const head = button.closest("th");
    const body = button.closest("table").tBodies[0];
    const at = head.cellIndex;
    const rows = [...body.rows];
    const isRanked = rows.some((row) => row.cells[at].dataset.rank);
    const before = head.getAttribute("aria-sort");
    const order = before === "none" ? (isRanked ? "descending" : "ascending") : before === "ascending" ? "descending" : "ascending";
    const sign = order === "ascending" ? 1 : -1;
    for (const other of head.parentElement.cells) if (other.hasAttribute("aria-sort")) other.setAttribute("aria-sort", "none");
    head.setAttribute("aria-sort", order);
    const rank = (row) => row.cells[at].dataset.rank;
    const byRank = (one, other) => (!rank(one) - !rank(other)) || sign * (rank(one) - rank(other));
    const words = (row) => row.cells[at].textContent;
    const byWords = (one, other) => sign * words(one).localeCompare(words(other), document.documentElement.lang);
    body.append(...rows.sort(isRanked ? byRank : byWords));
  });
}

function render({ model, el }) {
  nameSliders();
  showCuts();
  sortTables();
  const page = document.getElementById("wb-banner");
  const root = document.documentElement;
  const own = document.createElement("div");
  own.className = "wb-banner wb-banner-own";
  own.setAttribute("role", "alert");
  own.hidden = true;
  if (!page) el.append(own);

  let gone = false;

  function show() {
    const words = model.get("words");
    const text = gone ? words.gone : model.get("newer") ? words.newer : "";
    own.textContent = text;
    own.hidden = !text;
    if (page && model.get("newer")) document.dispatchEvent(new CustomEvent("workbench:newer"));
  }

  function tellPage() {
    if (!page) return;
    root.dataset.snapshot = model.get("snapshot");
    document.dispatchEvent(new CustomEvent("workbench:language", { detail: model.get("lang") }));
  }

  function notice(state) {
    gone = ["dead", "terminating", "disconnected", "restarting", "autorestarting"].includes(state);
    if (page && gone) document.dispatchEvent(new CustomEvent("workbench:look"));
    show();
  }

  /* Whoever moves a filter sees at once that all panels compute, also while the kernel has no time to say so. */
  function asked(event) {
    const body = event.target.closest?.(".wb-filters")?.closest(".wb-page-body");
    if (body?.contains(el)) body.classList.add("wb-asked");
  }
  const answered = () => el.closest(".wb-page-body")?.classList.remove("wb-asked");
  const reset = (event) => event.target.closest?.(".wb-reset") && asked(event);
  /* Under the name of a section that is still being made stands the one before. */
  function opens(event) {
    const button = event.target.closest?.(".wb-sections button:not(.mod-active)");
    const body = button?.closest(".wb-page-body");
    if (body?.contains(el)) body.classList.add("wb-asked");
  }
  document.addEventListener("change", asked, true);
  document.addEventListener("click", reset, true);
  document.addEventListener("click", opens, true);
  model.on("change:answered", answered);

  const kernel = model.widget_manager.kernel;
  const byStatus = (_, status) => notice(status);
  kernel?.statusChanged?.connect(byStatus);
  kernel?.connectionStatusChanged?.connect(byStatus);
  const relook = setInterval(() => kernel?.isDisposed && notice("dead"), 5000);

  model.on("change:snapshot change:lang", tellPage);
  model.on("change:words change:newer", show);
  tellPage();
  show();

  return () => {
    clearInterval(relook);
    document.removeEventListener("change", asked, true);
    document.removeEventListener("click", reset, true);
    document.removeEventListener("click", opens, true);
    if (kernel?.isDisposed) return;
    kernel?.statusChanged?.disconnect(byStatus);
    kernel?.connectionStatusChanged?.disconnect(byStatus);
  };
}

export default { render };
