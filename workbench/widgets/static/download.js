/* A button that fetches a file from the kernel piece by piece and hands it to the browser. */

function render({ model, el }) {
  const box = document.createElement("div");
  const button = document.createElement("button");
  const note = document.createElement("span");
  box.className = "wb-download";
  button.type = "button";
  button.className = "wb-file-button";
  note.className = "wb-file-note";
  note.setAttribute("role", "status");
  box.append(button, note);
  el.append(box);

  let job = null; // {ticket, name, size, pieces, got}

  function show() {
    button.textContent = model.get("label") || model.get("words").label;
    button.disabled = model.get("disabled") || job !== null;
    button.setAttribute("aria-busy", String(job !== null));
  }

  function say(text, wrong = false) {
    note.textContent = text;
    note.classList.toggle("wb-wrong", wrong);
  }

  function finish() {
    const address = URL.createObjectURL(new Blob(job.pieces));
    const link = document.createElement("a");
    link.href = address;
    link.download = job.name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(address), 60000);
    job = null;
    say("");
    show();
  }

  function next() {
    if (job.got >= job.size) return finish();
    if (job.got) say(`${Math.floor((100 * job.got) / job.size)} %`);
    model.send({ want: "piece", ticket: job.ticket, offset: job.got });
  }

  function take(message, buffers) {
    if (!job || message?.ticket !== job.ticket) return;
    if (message.is === "complaint") {
      job = null;
      say(message.text, true);
      show();
    } else if (message.is === "file") {
      Object.assign(job, { name: message.name, size: message.size });
      next();
    } else if (message.is === "piece" && message.offset === job.got) {
      job.pieces.push(buffers[0]);
      job.got += buffers[0].byteLength;
      next();
    }
  }

  button.addEventListener("click", () => {
    job = { ticket: crypto.getRandomValues(new Uint32Array(2)).join("-"), pieces: [], got: 0 };
    say(model.get("words").preparing);
    show();
    model.send({ want: "file", ticket: job.ticket });
  });
  model.on("msg:custom", take);
  model.on("change:label change:disabled change:words", show);
  show();
}

export default { render };
