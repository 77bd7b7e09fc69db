// The pad in the browser; pad.py is its other half. It draws on a grid of 28 by 28 pixels, sends
// them while the pen moves, and shows bars with what comes back. data-lm-suppress-shortcuts keeps
// the arrow keys from the notebook; it must be on the very element that has the focus.

const SIZE = 28, PEN = 1.2;            // pixels: across the grid, and half the width of a line
const KEYS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const PAGE = `
  <div>
    <p>Draw here:</p>
    <div class="paper" tabindex="0" data-lm-suppress-shortcuts="true" role="application"
      aria-roledescription="drawing pad"
      aria-label="Pad to draw on, 28 by 28 pixels. The arrow keys move, Space puts the pen
        down and lifts it, Delete clears.">
      <canvas width="28" height="28"></canvas><div class="cursor"></div>
    </div>
    <button type="button">Clear</button>
  </div>
  <div class="seen">
    <p>The network sees:</p>
    <canvas width="28" height="28" role="img"
      aria-label="your drawing, scaled and centered"></canvas>
  </div>
  <div>
    <p class="says" aria-hidden="true"></p>
    <div class="bars" role="img"></div>
  </div>
  <div class="spoken" role="status" aria-live="polite"></div>`;

const bytes = (model, name) => {
  const view = model.get(name);
  return new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
};

function paint(canvas, ink) {          // 0 is paper, 255 is ink
  const image = new ImageData(SIZE, SIZE);
  ink.forEach((value, i) => image.data.set([255 - value, 255 - value, 255 - value, 255], 4 * i));
  canvas.getContext("2d").putImageData(image, 0, 0);
}

function line(ink, [x0, y0], [x1, y1]) {    // soft edges: the more of a pixel, the darker
  const dx = x1 - x0, dy = y1 - y0, length = Math.max(dx * dx + dy * dy, 1e-9);
  for (let i = 0; i < SIZE * SIZE; i++) {
    const x = i % SIZE - x0, y = Math.floor(i / SIZE) - y0;
    const t = Math.min(1, Math.max(0, (x * dx + y * dy) / length));
    const cover = PEN + 0.5 - Math.hypot(x - t * dx, y - t * dy);
    ink[i] = Math.max(ink[i], 255 * Math.min(1, Math.max(0, cover)));
  }
}

function render({ model, el }) {
  el.innerHTML = PAGE;
  el.classList.add("d2l-pad");
  const find = (selector) => el.querySelector(selector);
  const paper = find(".paper"), cursor = find(".cursor"), bars = find(".bars");
  const names = model.get("names");
  bars.innerHTML = names.map(() => `<div><div class="room"><span class="p"></span>
    <div class="bar"></div></div><div class="name"></div></div>`).join("");
  bars.querySelectorAll(".name").forEach((label, i) => { label.textContent = names[i]; });

  let ink = Uint8Array.from(bytes(model, "pixels"));
  let pen = null, at = [13, 13], down = false, frame = 0, timer = 0, byKeys = false;

  function changed() {                 // at most once a frame; the widget manager waits for Python
    paint(find(".paper canvas"), ink);
    frame ||= requestAnimationFrame(() => {
      frame = 0;
      model.set("pixels", new DataView(ink.slice().buffer));
      model.save_changes();
    });
  }

  function clear() {
    ink.fill(0);
    down = false;
    moved();
    changed();
  }

  function moved() {                   // the cursor of the keyboard
    cursor.style.left = `${10 * at[0]}px`;
    cursor.style.top = `${10 * at[1]}px`;
    cursor.classList.toggle("down", down);
    paper.classList.toggle("keys", byKeys);
    speak();
  }

  function place(event) {              // of a pointer, in pixels of the grid
    const box = paper.getBoundingClientRect();
    return [(event.clientX - box.left) / box.width * SIZE - 0.5,
            (event.clientY - box.top) / box.height * SIZE - 0.5];
  }

  paper.addEventListener("pointerdown", (event) => {
    if (event.button !== 0 || pen) return;
    event.preventDefault();            // no selection of text, no scrolling
    paper.setPointerCapture(event.pointerId);
    paper.focus({ preventScroll: true });
    pen = { id: event.pointerId, at: place(event) };
    [byKeys, down] = [false, false];
    moved();
    line(ink, pen.at, pen.at);
    changed();
  });
  paper.addEventListener("pointermove", (event) => {
    if (event.pointerId !== pen?.id) return;
    const steps = event.getCoalescedEvents?.() ?? [];
    for (const step of steps.length ? steps : [event]) {
      const next = place(step);
      line(ink, pen.at, next);
      pen.at = next;
    }
    changed();
  });
  for (const end of ["pointerup", "pointercancel", "lostpointercapture"])
    paper.addEventListener(end, (event) => { if (event.pointerId === pen?.id) pen = null; });

  paper.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const step = KEYS[event.key], before = at;
    if (step) at = at.map((n, i) => Math.min(SIZE - 1, Math.max(0, n + step[i])));
    else if (event.key === " ") down = event.repeat ? down : !down;
    else if (event.key === "Delete" || event.key === "Backspace") clear();
    else return;
    event.preventDefault();
    byKeys = true;
    moved();
    if (down) {
      line(ink, before, at);
      changed();
    }
  });
  find("button").addEventListener("click", clear);

  function sentence() {
    const answer = model.get("answer"), best = answer.indexOf(Math.max(...answer));
    if (model.get("trouble")) return model.get("trouble");
    if (!answer.length) return "The pad is empty.";
    return `The network says ${names[best]}, with ${Math.round(100 * answer[best])} %.`;
  }

  function speak() {                   // to a screen reader, once the hand rests
    clearTimeout(timer);
    timer = setTimeout(() => {
      const where = `Row ${at[1] + 1}, column ${at[0] + 1}, pen ${down ? "down" : "up"}. `;
      find(".spoken").textContent = (byKeys ? where : "") + sentence();
    }, 400);
  }

  function answered() {
    const answer = model.get("answer"), best = answer.indexOf(Math.max(...answer));
    const percent = names.map((_, i) => Math.round(100 * (answer[i] ?? 0)));
    [...bars.children].forEach((column, i) => {
      column.classList.toggle("best", i === best);
      column.querySelector(".bar").style.height = `${(answer[i] ?? 0) * 180}px`;
      column.querySelector(".p").textContent = answer.length ? percent[i] + "%" : "";
    });
    bars.setAttribute("aria-label", answer.length
      ? "Probabilities: " + percent.map((p, i) => `${names[i]}: ${p} %`).join(", ") : "No answer yet");
    find(".says").textContent = sentence();
    speak();
  }

  const shown = () => paint(find(".seen canvas"), bytes(model, "picture"));
  const redrawn = () => {              // by another view of the same pad, or by Python
    if (pen || frame) return;
    ink = Uint8Array.from(bytes(model, "pixels"));
    paint(find(".paper canvas"), ink);
  };
  const handlers = { "change:picture": shown, "change:answer": answered,
                     "change:trouble": answered, "change:pixels": redrawn };
  for (const [event, handler] of Object.entries(handlers)) model.on(event, handler);
  redrawn();
  moved();
  shown();
  answered();
  return () => {
    clearTimeout(timer);
    cancelAnimationFrame(frame);
    for (const [event, handler] of Object.entries(handlers)) model.off(event, handler);
  };
}

export default { render };
