/* Sends files to the kernel in pieces, one acknowledged before the next; choose them or drop them here. */

const megabytes = (bytes) => (bytes / 1048576).toLocaleString(undefined, { maximumFractionDigits: bytes < 10485760 ? 1 : 0 });

function make(tag, className, text = "") {
  const element = document.createElement(tag);
  element.className = className;
  element.textContent = text;
  return element;
}

function render({ model, el }) {
  const box = make("div", "wb-upload");
  const button = make("button", "wb-file-button");
  const hint = make("span", "wb-upload-hint");
  const input = make("input", "wb-upload-input");
  const list = make("ul", "wb-upload-list");
  button.type = "button";
  input.type = "file";
  input.hidden = true;
  list.setAttribute("aria-live", "polite");
  box.append(button, hint, input, list);
  el.append(box);

  const waiting = [];
  let job = null; // {file, ticket, row, cancelled}

  function show() {
    const words = model.get("words");
    button.textContent = model.get("multiple") ? words.choose_many : words.choose_one;
    hint.textContent = words.drop.replace("{limit}", megabytes(model.get("largest")));
    input.accept = model.get("accept").join(",");
    input.multiple = model.get("multiple");
  }

  function row(file) {
    const item = make("li", "wb-upload-file");
    const name = make("span", "wb-upload-name", file.name);
    const size = make("span", "wb-upload-size", `${megabytes(file.size)} MB`);
    const bar = make("progress", "wb-upload-bar");
    const note = make("span", "wb-file-note");
    const stop = make("button", "wb-upload-cancel", model.get("words").cancel);
    bar.max = Math.max(1, file.size);
    bar.value = 0;
    bar.setAttribute("aria-label", file.name);
    stop.type = "button";
    item.append(name, size, bar, note, stop);
    list.append(item);
    return { item, bar, note, stop };
  }

  function add(files) {
    for (const file of model.get("multiple") ? files : files.slice(0, 1)) {
      const entry = { file, row: row(file) };
      entry.row.stop.addEventListener("click", () => cancel(entry));
      waiting.push(entry);
    }
    if (!job) next();
  }

  function next() {
    job = waiting.shift() ?? null;
    if (!job) return;
    job.ticket = crypto.getRandomValues(new Uint32Array(2)).join("-");
    model.send({ is: "begin", ticket: job.ticket, name: job.file.name, size: job.file.size });
  }

  function end(entry, text, wrong) {
    entry.row.bar.hidden = true;
    entry.row.stop.remove();
    entry.row.note.textContent = text;
    entry.row.note.classList.toggle("wb-wrong", wrong);
    if (entry === job) next();
  }

  function cancel(entry) {
    if (entry === job) model.send({ is: "cancel", ticket: job.ticket });
    const place = waiting.indexOf(entry);
    if (place >= 0) waiting.splice(place, 1);
    end(entry, model.get("words").cancelled, false);
  }

  async function sendPiece(entry, offset) {
    const until = Math.min(entry.file.size, offset + model.get("piece"));
    entry.row.bar.value = offset;
    let piece;
    try {
      piece = await entry.file.slice(offset, until).arrayBuffer();
    } catch {
      model.send({ is: "cancel", ticket: entry.ticket });
      return end(entry, model.get("words").unreadable, true);
    }
    if (entry !== job) return;
    if (until === entry.file.size) {
      entry.row.bar.removeAttribute("value"); // received; the kernel works on it
      entry.row.stop.hidden = true;
      entry.row.note.textContent = model.get("words").working;
    }
    model.send({ is: "piece", ticket: entry.ticket, offset }, undefined, [piece]);
  }

  model.on("msg:custom", (message) => {
    if (!job || message?.ticket !== job.ticket) return;
    if (message.is === "next") sendPiece(job, message.offset);
    else if (message.is === "done") end(job, model.get("words").done, false);
    else if (message.is === "complaint") end(job, message.text, true);
  });

  button.addEventListener("click", () => input.click());
  input.addEventListener("change", () => {
    add([...input.files]);
    input.value = "";
  });
  for (const name of ["dragenter", "dragover"]) {
    box.addEventListener(name, (event) => {
      event.preventDefault();
      box.classList.add("wb-over");
    });
  }
  for (const name of ["dragleave", "drop"]) {
    box.addEventListener(name, (event) => {
      event.preventDefault();
      box.classList.remove("wb-over");
    });
  }
  box.addEventListener("drop", (event) => add([...event.dataTransfer.files]));
  model.on("change:words change:accept change:multiple change:largest", show);
  show();
}

export default { render };
