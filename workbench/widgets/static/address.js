/* Keeps the page's address at what the page shows; Back and Forward ask the kernel for what the address says. */

function render({ model }) {
  if (!document.getElementById("wb-banner")) return; // not a page of ours
  const KEPT = ["token"];
  let written = false;

  function write() {
    const address = new URL(location.href);
    for (const name of [...address.searchParams.keys()]) if (!KEPT.includes(name)) address.searchParams.delete(name);
    for (const [name, value] of Object.entries(model.get("shown"))) address.searchParams.set(name, value);
    if (address.href !== location.href) history[written ? "pushState" : "replaceState"](null, "", address);
    written = true;
  }

  function back() {
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
