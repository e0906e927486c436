/* A button that says what is chosen, and below it the list to tick: none ticked is all. */

function render({ model, el }) {
  const id = `wb-tick-menu-${model.model_id ?? crypto.randomUUID()}`;
  const made = (tag, css, traits = {}) => Object.assign(document.createElement(tag), { className: css, ...traits });
  const label = made("span", "widget-label", { id: `${id}-label` });
  const button = made("button", "wb-tick-button", { id: `${id}-button`, type: "button" });
  const list = made("div", "wb-tick-menu", { id, hidden: true });
  button.setAttribute("aria-labelledby", `${label.id} ${button.id}`);
  button.setAttribute("aria-controls", id);
  list.setAttribute("role", "group");
  list.setAttribute("aria-labelledby", label.id);
  el.append(label, button, list);

  function open(isOpen) {
    list.hidden = !isOpen;
    button.setAttribute("aria-expanded", String(isOpen));
  }

  function line(text) {
    const row = made("label", "wb-tick");
    const box = made("input", "", { type: "checkbox" });
    row.append(box, made("span", "", { textContent: text }));
    list.append(row);
    return box;
  }

  let all;
  let boxes = [];

  function fill() {
    const focused = boxes.indexOf(document.activeElement);
    list.replaceChildren();
    all = line(model.get("words").all);
    all.addEventListener("click", (event) => {
      if (all.checked) tick([]);
      else event.preventDefault(); // all are chosen: there is nothing to take off
    });
    boxes = model.get("texts").map(line);
    for (const box of boxes) box.addEventListener("change", () => tick(boxes.flatMap((one, at) => (one.checked ? [at] : []))));
    boxes[focused]?.focus();
    mark();
  }

  function mark() {
    const ticked = model.get("ticked");
    boxes.forEach((box, at) => (box.checked = ticked.includes(at)));
    all.checked = !ticked.length;
    label.textContent = model.get("label");
    button.textContent = button.title = model.get("summary");
  }

  function tick(places) {
    model.set("ticked", places);
    model.save_changes();
    mark();
  }

  button.addEventListener("click", () => open(list.hidden));
  el.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || list.hidden) return;
    event.stopPropagation();
    open(false);
    button.focus();
  });
  const outside = (event) => el.contains(event.target) || open(false);
  for (const event of ["pointerdown", "focusin"]) document.addEventListener(event, outside);

  model.on("change:texts change:words", fill);
  model.on("change:ticked change:label change:summary", mark);
  open(false);
  fill();
  return () => {
    for (const event of ["pointerdown", "focusin"]) document.removeEventListener(event, outside);
  };
}

export default { render };
