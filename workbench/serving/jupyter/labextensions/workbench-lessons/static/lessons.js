/* JupyterLab shows the text of a lesson in one language before any cell is run: the one last chosen by the lesson's
   switch (widgets/static/language_switch.js writes it down), else the server's. Written by hand, so that nothing is
   built: JupyterLab asks for `init` and `get`, as of any extension that comes ready made. */

(() => {
  const LANGUAGES = ["zh", "en"];

  function activate() {
    const server = JSON.parse(document.getElementById("jupyter-config-data")?.textContent || "{}").workbenchLang;
    const chosen = localStorage.getItem(`workbench-lang-${server}`);
    const lang = LANGUAGES.includes(chosen) ? chosen : server;
    if (!LANGUAGES.includes(lang)) return; // both languages, as in any other JupyterLab
    const style = document.createElement("style");
    style.textContent = LANGUAGES.map(
      (one) => `html[data-wb-lang="${one}"] .jp-RenderedMarkdown [lang]:not([lang="${one}"]) { display: none; }`,
    ).join("\n");
    document.head.append(style);
    document.documentElement.dataset.wbLang = lang;
  }

  const plugin = { id: "workbench-lessons:language", autoStart: true, activate };
  window._JUPYTERLAB = window._JUPYTERLAB || {};
  window._JUPYTERLAB["workbench-lessons"] = { init: () => {}, get: async () => () => ({ __esModule: true, default: plugin }) };
})();
