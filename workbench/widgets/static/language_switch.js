/* Chooses the language of a lesson: of its panels by the kernel, of its text here, by hiding what has another `lang`.
   The choice is kept in the browser, beside the server's own language: whoever starts the server in another language
   begins anew. serving/jupyter/labextensions shows it before any cell is run. */

const NAMES = { zh: "中文", en: "English" };
const server = JSON.parse(document.getElementById("jupyter-config-data")?.textContent || "{}").workbenchLang;
const KEPT = `workbench-lang-${server}`;

function showText(lang) {
  if (!document.getElementById("wb-language")) {
    const style = document.createElement("style");
    style.id = "wb-language";
    style.textContent = Object.keys(NAMES)
      .map((one) => `html[data-wb-lang="${one}"] .jp-RenderedMarkdown [lang]:not([lang="${one}"]) { display: none; }`)
      .join("\n");
    document.head.append(style);
  }
  document.documentElement.dataset.wbLang = lang;
}

function render({ model, el }) {
  const group = document.createElement("div");
  group.className = "wb-language";
  group.setAttribute("role", "group");
  const buttons = Object.entries(NAMES).map(([lang, name]) => {
    const button = Object.assign(document.createElement("button"), { type: "button", lang, textContent: name });
    button.addEventListener("click", () => choose(lang));
    return button;
  });
  group.append(...buttons);
  el.append(group);

  function choose(lang) {
    if (lang === model.get("lang")) return;
    model.set("lang", lang);
    model.save_changes();
  }
  function say() {
    const lang = model.get("lang");
    group.setAttribute("aria-label", model.get("words").label);
    for (const button of buttons) button.setAttribute("aria-pressed", String(button.lang === lang));
    showText(lang);
  }

  const keep = () => localStorage.setItem(KEPT, model.get("lang"));
  model.on("change:lang", keep); // also where the switch of a page on the lesson was pressed
  model.on("change:lang change:words", say);
  say();
  const kept = localStorage.getItem(KEPT);
  if (kept in NAMES && !model.get("is_given")) choose(kept);
  return () => {
    model.off("change:lang", keep);
    model.off("change:lang change:words", say);
  };
}

export default { render };
