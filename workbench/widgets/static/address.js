/* Keeps the page's address at what the page shows; Back and Forward ask the kernel for what the address says. */

function render({ model }) {
  if (!document.getElementById("wb-banner")) return; // not a page of ours
  const KEPT = ["token"];
  const ONE_CHANGE_MS = 2000; // several ticks of a list are one step back
  const ANSWERED_MS = 10000;
  let isOpen = false;
  let written = -Infinity;
  let wishes = []; // when somebody went back, and the kernel has not answered

  function write() {
    const address = new URL(location.href);
    for (const name of [...address.searchParams.keys()]) if (!KEPT.includes(name)) address.searchParams.delete(name);
    for (const [name, value] of Object.entries(model.get("shown"))) address.searchParams.set(name, value);
    const now = performance.now();
    wishes = wishes.filter((since) => now - since < ANSWERED_MS);
    const isAnswer = wishes.shift() !== undefined; // pushing it would take the way forward
    const isStep = isOpen && !isAnswer && now - written > ONE_CHANGE_MS;
    if (address.href !== location.href) {
      history[isStep ? "pushState" : "replaceState"](null, "", address);
      if (isOpen && !isAnswer) written = now;
    }
    isOpen = true;
  }

  function back() {
    wishes.push(performance.now());
    written = -Infinity;
    const parts = [...new URLSearchParams(location.search)].filter(([name]) => !KEPT.includes(name));
    model.set("wished", { ...Object.fromEntries(parts), "": String(Date.now()) }); // the same twice is two wishes
    model.save_changes();
  }

  model.on("change:shown", write);
  window.addEventListener("popstate", back);
  write();
  return () => window.removeEventListener("popstate", back);
}

export default { render };
