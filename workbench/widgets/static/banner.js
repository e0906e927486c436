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
        if (node.nodeType === Node.ELEMENT_NODE) node.querySelectorAll(".widget-slider").forEach((one) => touched.add(one));
      }
    }
    touched.forEach(name);
  }).observe(document.body, whole);
  document.querySelectorAll(".widget-slider").forEach(name);
}

function render({ model, el }) {
  nameSliders();
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
    if (kernel?.isDisposed) return;
    kernel?.statusChanged?.disconnect(byStatus);
    kernel?.connectionStatusChanged?.disconnect(byStatus);
  };
}

export default { render };
