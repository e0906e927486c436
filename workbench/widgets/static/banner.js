/* Says that the kernel is gone or that newer data is there: on our pages through the page's banner, else in its place. */

function render({ model, el }) {
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
  document.addEventListener("change", asked, true);
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
    if (kernel?.isDisposed) return;
    kernel?.statusChanged?.disconnect(byStatus);
    kernel?.connectionStatusChanged?.disconnect(byStatus);
  };
}

export default { render };
