/* Every page of the dashboard server: its language at once, what shows while it loads, and the banner that says reload. */

(() => {
  const LANGUAGES = ["zh", "en"];
  const LOOK_EVERY_MS = 20000;
  const SLOW_AFTER_MS = 8000;
  /* A page is shown when its parts have found their places: what moves under a reader's eye is read wrong. */
  const STILL_MS = 150;
  const STILL_AT_LAST_MS = 1500;
  const DEAD = ["lost", "expired", "refused", "renamed"]; // no control of the page does anything then
  const root = document.documentElement;

  /* Voila brings modules of another JupyterLab than the one installed, and says so of each: no reader can mend that. */
  const OTHER_VERSION = /^(Unsatisfied|No satisfying) version .* of shared (singleton )?module @(jupyterlab|lumino)\//;
  const warn = console.warn.bind(console);
  console.warn = (...said) => OTHER_VERSION.test(said[0]) || warn(...said);

  function setLanguage(lang) {
    if (!LANGUAGES.includes(lang)) return;
    root.lang = lang;
    const title = document.querySelector("title");
    if (title?.dataset[lang]) document.title = title.dataset[lang];
    for (const link of document.querySelectorAll("a[data-page], a[data-view]")) {
      const address = new URL(link.href);
      address.searchParams.set("lang", lang);
      link.href = address;
    }
  }

  /* Links to other pages take the filters along, whatever they are at that moment. */
  const TAKEN_ALONG = ["period", "since", "until", "year_before", "region", "customer_type", "segmentation", "segments"];
  function takeAlong(event) {
    const link = event.target.closest?.("a[data-page]");
    if (!link) return;
    const here = new URLSearchParams(location.search);
    const address = new URL(link.href);
    for (const name of TAKEN_ALONG) {
      if (here.has(name)) address.searchParams.set(name, here.get(name));
      else address.searchParams.delete(name);
    }
    link.href = address;
  }
  for (const event of ["pointerdown", "focusin", "click"]) document.addEventListener(event, takeAlong, true);

  /* Saving and sharing what a page shows: the address says it, less what is the reader's own. */
  function shared(href) {
    const address = new URL(href);
    for (const own of ["lang", "token"]) address.searchParams.delete(own);
    return address.href;
  }

  async function copy(button) {
    const text = shared(button.closest("li")?.querySelector("a").href ?? location.href);
    try {
      await navigator.clipboard.writeText(text);
    } catch { // no https
      const field = Object.assign(document.createElement("textarea"), { value: text });
      button.after(field);
      field.select();
      document.execCommand("copy");
      field.remove();
    }
    for (const words of button.querySelectorAll("[data-when]")) words.hidden = words.dataset.when !== "copied";
  }

  function inBothLanguages(place, texts) {
    place.replaceChildren(
      ...LANGUAGES.map((lang) => Object.assign(document.createElement("span"), { lang, textContent: texts[lang] })),
    );
  }

  async function save(form) {
    const said = form.parentElement.querySelector("[role=status]");
    const xsrf = /(?:^|; )_xsrf=([^;]*)/.exec(document.cookie)?.[1] ?? "";
    const body = new URLSearchParams({ name: form.elements.name.value, address: location.pathname + location.search });
    let answer;
    try {
      answer = await fetch(form.action, { method: "POST", headers: { "X-XSRFToken": xsrf }, body, redirect: "error" });
      inBothLanguages(said, await answer.json());
    } catch {
      said.replaceChildren(form.parentElement.querySelector("template").content.cloneNode(true));
    }
    said.className = answer?.ok ? "" : "wb-alert";
    if (answer?.ok) form.reset();
  }

  function watchViews() {
    for (const button of document.querySelectorAll("button[data-copy]")) button.addEventListener("click", () => copy(button));
    const form = document.querySelector("#wb-views form");
    form?.addEventListener("submit", (event) => {
      event.preventDefault();
      save(form);
    });
  }

  /* Voila calls these; an answer that takes long sends the heartbeat. */
  window.voila_heartbeat = slow;
  window.voila_process = window.voila_finish = () => {};

  function slow() {
    const loading = document.getElementById("wb-loading");
    for (const text of loading?.querySelectorAll("[data-when]") ?? []) text.hidden = text.dataset.when !== "slow";
  }

  function watchLoading() {
    const page = document.getElementById("wb-page");
    if (!page) return;
    const timer = setTimeout(slow, SLOW_AFTER_MS);
    let still, latest;
    const show = (failed) => {
      for (const one of [timer, still, latest]) clearTimeout(one);
      observer.disconnect();
      document.getElementById("wb-loading").remove();
      document.getElementById("wb-failed").hidden = !failed;
      root.dataset.ready = failed ? "failed" : "yes";
    };
    const look = () => {
      if (page.querySelector('meta[name="wb-failed"]')) return show(true);
      if (!page.querySelector(".wb-output .jupyter-widgets, .wb-output .jp-RenderedHTMLCommon, .wb-prose")) return;
      latest ??= setTimeout(() => show(false), STILL_AT_LAST_MS);
      clearTimeout(still);
      still = setTimeout(() => show(false), STILL_MS);
    };
    const observer = new MutationObserver(look);
    observer.observe(page, { childList: true, subtree: true });
    look();
  }

  /* The kernel's web socket, as JupyterLab's client opens it: without it a page only looks alive. */
  const ANSWER_WITHIN_MS = 10000;
  const socket = { state: "new", changed: () => {} };
  const Usual = window.WebSocket;
  const openSockets = new Set();

  function socketIs(state) {
    socket.state = state;
    socket.changed();
  }

  window.WebSocket = class extends Usual {
    constructor(address, ...others) {
      super(address, ...others);
      if (!String(address).includes("/api/kernels/")) return;
      const refused = () => openSockets.size || socketIs(socket.state === "new" || socket.state === "refused" ? "refused" : "dropped");
      const late = setTimeout(refused, ANSWER_WITHIN_MS);
      this.addEventListener("open", () => {
        clearTimeout(late);
        openSockets.add(this);
        socketIs("open");
      });
      this.addEventListener("close", () => {
        clearTimeout(late);
        openSockets.delete(this);
        refused();
      });
    }
  };

  /* The banner: asks the server, not the kernel, so a kernel at rest stays at rest and a dead one needs not answer. */
  function watchKernel() {
    const banner = document.getElementById("wb-banner");
    const config = document.getElementById("jupyter-config-data");
    if (!banner || !config) return;
    const { kernelId } = JSON.parse(config.textContent);
    let shown = "";
    let isLeaving = false;

    function show(what) {
      if (what === shown || shown === "expired") return;
      shown = what;
      banner.hidden = !what;
      for (const text of banner.querySelectorAll("[data-when]")) text.hidden = text.dataset.when !== what;
      root.dataset.banner = what;
      const isDead = DEAD.includes(what);
      for (const part of document.querySelectorAll(".wb-output, .wb-page-body > :not(.wb-page-head)")) {
        part.inert = isDead && !part.querySelector(".wb-page-head"); // its links lead on, kernel or not
      }
    }

    /* A socket's end is shown before the server is asked what is behind it. */
    function socketChanged() {
      if (isLeaving) return;
      if (socket.state === "dropped") show("lost");
      else if (socket.state === "open" && shown !== "expired") show("");
      look();
    }

    function refusal(host) {
      if (host === location.host) return "refused";
      for (const text of banner.querySelectorAll('[data-when="renamed"] span')) {
        text.textContent = text.textContent.replace("{proxy}", host).replace("{browser}", location.host);
      }
      return "renamed";
    }

    async function look() {
      if (document.hidden) return;
      let answer;
      try {
        answer = await fetch(banner.dataset.state + kernelId, { cache: "no-store", redirect: "manual" });
      } catch {
        return show("lost");
      }
      if (answer.type === "opaqueredirect") return show("expired"); // to a login: the server no longer knows this browser
      if (!answer.ok) return show(answer.status >= 500 ? "lost" : "expired");
      const { alive, host, snapshot } = await answer.json();
      const mine = root.dataset.snapshot ?? "";
      if (!alive) show("expired");
      else if (socket.state === "refused") show(refusal(host));
      else if (socket.state === "dropped") show("lost");
      else show(mine && snapshot && snapshot !== mine ? "newer" : "");
    }

    banner.querySelector("button").addEventListener("click", () => location.reload());
    setInterval(look, LOOK_EVERY_MS);
    for (const event of ["online", "focus"]) window.addEventListener(event, look);
    document.addEventListener("visibilitychange", look);
    document.addEventListener("workbench:look", look); // a widget noticed the kernel's end
    document.addEventListener("workbench:newer", () => show("newer"));
    window.addEventListener("beforeunload", () => (isLeaving = true)); // the kernel ends with the page
    window.addEventListener("pageshow", (event) => {
      isLeaving = false;
      if (event.persisted) look();
    });
    socket.changed = socketChanged;
    if (socket.state !== "new") socketChanged();
  }

  setLanguage(new URLSearchParams(location.search).get("lang") ?? root.lang);
  document.addEventListener("workbench:language", (event) => setLanguage(event.detail));
  document.addEventListener("DOMContentLoaded", () => {
    setLanguage(root.lang);
    watchLoading();
    watchKernel();
    watchViews();
  });
})();
