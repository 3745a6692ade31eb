// Two pictures of one frame: under a slider, side by side with linked zoom, blinking, or
// laid over each other. Text only ever becomes textContent or an attribute; both pictures
// come as data URIs, so nothing is fetched.
const BLINK_MS = 700;
const MAX_ZOOM = 6;

export default function ({ parentElement, data }) {
  const find = (selector) => parentElement.querySelector(selector);
  const stage = find(".stage");
  if (!stage || !data) return;
  const mode = data.mode;
  find(".viewer").dataset.mode = mode;

  for (const which of ["first", "last"]) {
    const picture = find(`img.${which}`);
    if (picture.src !== data[which]) picture.src = data[which];
    picture.alt = data[`${which}_alt`];
    find(`.${which}-tag`).textContent = data[`${which}_label`];
  }
  const across = mode === "beside" ? 2 : 1;
  stage.style.maxWidth = `min(100%, calc(56vh * ${(across * data.width) / data.height}))`;
  stage.style.aspectRatio = `${across * data.width} / ${data.height}`;

  cut(find(".cut"), stage, data);
  const zoomable = mode !== "slider";
  find(".tools").hidden = !zoomable;
  find(".mix").hidden = mode !== "overlay";
  find(".blink").hidden = mode !== "blink";
  find(".mix-label").textContent = data.mix_label;
  find(".larger").setAttribute("aria-label", data.larger);
  find(".smaller").setAttribute("aria-label", data.smaller);
  mix(find(".mix input"), stage, data);
  zoom(find, stage, zoomable, data);
  return blink(find, stage, mode, data);
}

// The bar that uncovers one picture or the other.
function cut(range, stage, data) {
  range.setAttribute("aria-label", data.label);
  range.disabled = data.mode !== "slider";
  const show = () => {
    const share = Number(range.value);
    stage.style.setProperty("--at", `${share}%`);
    range.setAttribute(
      "aria-valuetext",
      data.share
        .replace("{share}", share)
        .replace("{first}", data.first_label)
        .replace("{last}", data.last_label),
    );
  };
  range.oninput = show;
  show();
}

// How much of the later picture shows through.
function mix(range, stage, data) {
  const show = () => {
    stage.style.setProperty("--mix", String(Number(range.value) / 100));
    range.setAttribute("aria-valuetext", data.mix.replace("{share}", range.value));
  };
  range.oninput = show;
  show();
}

// One zoom and one place for both pictures: buttons, keys, wheel with Ctrl, drag.
function zoom(find, stage, on, data) {
  const at = { zoom: 1, x: 0, y: 0 };
  const show = () => {
    const box = find(".panel").getBoundingClientRect();
    const room = (side) => (side * (at.zoom - 1)) / 2;
    at.x = Math.max(-room(box.width), Math.min(room(box.width), at.x));
    at.y = Math.max(-room(box.height), Math.min(room(box.height), at.y));
    stage.style.setProperty("--zoom", String(at.zoom));
    stage.style.setProperty("--x", `${at.x}px`);
    stage.style.setProperty("--y", `${at.y}px`);
    find(".zoom").textContent = `${at.zoom.toFixed(1)}\u00d7`;
  };
  const scale = (factor) => {
    const next = Math.max(1, Math.min(MAX_ZOOM, at.zoom * factor));
    at.x *= next / at.zoom;
    at.y *= next / at.zoom;
    at.zoom = next;
    show();
  };
  const move = (x, y) => {
    at.x += x;
    at.y += y;
    show();
  };
  find(".larger").onclick = () => scale(1.4);
  find(".smaller").onclick = () => scale(1 / 1.4);
  if (on) {
    stage.tabIndex = 0;
    stage.setAttribute("role", "group");
    stage.setAttribute("aria-label", data.stage_label);
  } else {
    for (const name of ["tabindex", "role", "aria-label"]) stage.removeAttribute(name);
  }
  const keys = {
    "+": () => scale(1.4),
    "=": () => scale(1.4),
    "-": () => scale(1 / 1.4),
    ArrowLeft: () => move(40, 0),
    ArrowRight: () => move(-40, 0),
    ArrowUp: () => move(0, 40),
    ArrowDown: () => move(0, -40),
  };
  stage.onkeydown = (event) => {
    if (!on || event.target !== stage || !(event.key in keys)) return;
    event.preventDefault();
    keys[event.key]();
  };
  stage.onwheel = (event) => {
    if (!on || !event.ctrlKey) return;
    event.preventDefault();
    scale(event.deltaY < 0 ? 1.15 : 1 / 1.15);
  };
  stage.onpointerdown = (event) => {
    if (!on || at.zoom === 1) return;
    stage.setPointerCapture(event.pointerId);
    stage.onpointermove = (moved) => move(moved.movementX, moved.movementY);
  };
  stage.onpointerup = stage.onpointercancel = () => {
    stage.onpointermove = null;
  };
  show();
}

// Blinking starts only when it is asked for, under three flashes a second.
function blink(find, stage, mode, data) {
  const button = find(".blink");
  let timer = null;
  const show = (later) => {
    stage.classList.toggle("later", later);
  };
  const stop = () => {
    clearInterval(timer);
    timer = null;
    button.textContent = data.start;
    button.setAttribute("aria-pressed", "false");
  };
  button.onclick = () => {
    if (timer !== null) {
      stop();
      return;
    }
    timer = setInterval(() => show(!stage.classList.contains("later")), BLINK_MS);
    button.textContent = data.stop;
    button.setAttribute("aria-pressed", "true");
  };
  stop();
  show(false);
  find(".told").textContent = mode === "blink" ? data.stage_label : "";
  return () => clearInterval(timer);
}
