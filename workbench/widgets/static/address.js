/* Keeps the page's address at what the page shows; Back and Forward ask the kernel for what the address says. */

function render({ model }) {
  if (!document.getElementById("wb-banner")) return; // not a page of ours
  const KEPT = ["token"];
  const HEARD = ["change", "click", "keydown", "pointerdown", "pointerup"];
  const ONE_CHANGE_MS = 2000; // several ticks of a list are one step back
  const ANSWERED_MS = 10000;
  let isOpen = false;
  let step = 0; // the changes made in quick succession are one step, however late they are answered
  let changed = -Infinity;
  let written = 0;
  let isDragging = false;
  let wishes = []; // when somebody went back, and the kernel has not answered

  /* The kernel hears of a new step before the change that begins it, and says which step its answer belongs to. */
  function change() {
    const now = performance.now();
    if (now - changed > ONE_CHANGE_MS) model.send({ is: "step", step: ++step });
    changed = now;
  }

  function heard(event) {
    const { type, target } = event;
    const isSlider = Boolean(target.closest?.(".noUi-target"));
    if (type === "pointerdown") isDragging = isSlider;
    else if (type === "change" || (type === "keydown" && isSlider)) change();
    else if (type === "click" && target.closest?.("button")) change();
    else if (type === "pointerup" && isDragging) {
      isDragging = false;
      change();
    }
  }

  function write() {
    const address = new URL(location.href);
    for (const name of [...address.searchParams.keys()]) if (!KEPT.includes(name)) address.searchParams.delete(name);
    for (const [name, value] of Object.entries(model.get("shown"))) address.searchParams.set(name, value);
    const now = performance.now();
    wishes = wishes.filter((since) => now - since < ANSWERED_MS);
    const isAnswer = wishes.shift() !== undefined; // pushing it would take the way forward
    const isStep = isOpen && !isAnswer && model.get("step") !== written;
    if (address.href !== location.href) {
      history[isStep ? "pushState" : "replaceState"](null, "", address);
      if (isOpen && !isAnswer) written = model.get("step");
    }
    isOpen = true;
  }

  function back() {
    wishes.push(performance.now());
    changed = -Infinity; // what is changed next is a step from here
    const parts = [...new URLSearchParams(location.search)].filter(([name]) => !KEPT.includes(name));
    model.set("wished", { ...Object.fromEntries(parts), "": String(Date.now()) }); // the same twice is two wishes
    model.save_changes();
  }

  model.on("change:shown", write);
  window.addEventListener("popstate", back);
  for (const type of HEARD) document.addEventListener(type, heard, true);
  write();
  return () => {
    window.removeEventListener("popstate", back);
    for (const type of HEARD) document.removeEventListener(type, heard, true);
  };
}

export default { render };
