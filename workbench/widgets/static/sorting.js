/* Presses on the headings of the long table that this stands in: the kernel sorts, for it alone has all rows. */

function render({ model, el }) {
  const table = () => el.closest(".wb-long-table");
  let pressed = "";

  function press(event) {
    const button = event.target.closest?.("button[data-sort]");
    if (!button || !table()?.contains(button)) return;
    pressed = button.dataset.sort;
    model.send({ sort: pressed });
  }

  /* The kernel writes the table anew: the heading keeps the focus. */
  function refocus() {
    if (!pressed || document.activeElement !== document.body) return;
    table()?.querySelector(`button[data-sort="${CSS.escape(pressed)}"]`)?.focus();
    pressed = "";
  }

  document.addEventListener("click", press);
  const watching = new MutationObserver(refocus);
  requestAnimationFrame(() => table() && watching.observe(table(), { subtree: true, childList: true }));
  return () => {
    document.removeEventListener("click", press);
    watching.disconnect();
  };
}

export default { render };
