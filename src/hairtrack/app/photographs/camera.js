// A live picture with the ghost of the baseline over it. Everything is computed here, in
// the page: no picture leaves it but the one that is taken, and that goes to the app alone.
const HINT_MS = 600;
const BLINK_MS = 700;
const SIDE = 48;
const SCALES = [0.7, 0.8, 0.9, 1, 1.1, 1.25, 1.4];
const TURNS = [-12, -8, -4, 0, 4, 8, 12];
const MIN_LIKENESS = 0.25;
const MIN_SHARPNESS = 0.012;

const cameras = new WeakMap();

export default function ({ parentElement, data, setTriggerValue }) {
  let camera = cameras.get(parentElement);
  if (!camera) {
    camera = new Camera(parentElement);
    cameras.set(parentElement, camera);
  }
  camera.send = setTriggerValue;
  if (data?.texts) camera.say(data.texts);
  camera.setGhost(data?.ghost || "");
  return () => {
    camera.stop();
    cameras.delete(parentElement);
  };
}

class Camera {
  constructor(root) {
    const find = (selector) => root.querySelector(selector);
    this.root = root;
    this.find = find;
    this.texts = {};
    this.timers = [];
    this.waiting = null;
    find(".start").onclick = () => this.start();
    find(".shoot").onclick = () => this.countDown();
    find(".opacity").oninput = (event) => {
      find(".ghost").style.setProperty("--ghost", String(event.target.value / 100));
    };
    find(".lines").onchange = () => this.showGrid();
    find(".camera").onkeydown = (event) => this.press(event);
    this.showGrid();
  }

  say(texts) {
    this.texts = texts;
    for (const one of this.root.querySelectorAll("[data-text]")) {
      one.textContent = texts[one.dataset.text];
    }
  }

  setGhost(address) {
    const ghost = this.find(".ghost");
    for (const tool of this.find(".tools").querySelectorAll(".for-ghost")) {
      tool.hidden = !address;
    }
    if (!address) {
      ghost.removeAttribute("src");
      this.templates = null;
      return;
    }
    if (ghost.src === address) return;
    ghost.src = address;
    ghost.onload = () => {
      this.templates = makeTemplates(ghost);
    };
  }

  async start() {
    this.find(".start").disabled = true;
    try {
      if (!navigator.mediaDevices) throw new DOMException("", "SecurityError");
      this.stream = await navigator.mediaDevices.getUserMedia({
        audio: false,
        video: {
          facingMode: { ideal: "environment" },
          width: { ideal: 4096 },
          height: { ideal: 3072 },
        },
      });
    } catch (error) {
      this.find(".start").disabled = false;
      const reason = this.explain(error);
      this.find(".fault").textContent = reason;
      this.send("fault", reason);
      return;
    }
    this.find(".fault").textContent = "";
    const video = this.find("video");
    video.srcObject = this.stream;
    await video.play();
    this.find(".finder").hidden = false;
    this.find(".start").hidden = true;
    this.find(".shoot").hidden = false;
    this.find(".shoot").focus();
    this.timers.push(setInterval(() => this.tellHint(), HINT_MS));
    this.timers.push(setInterval(() => this.blink(), BLINK_MS));
  }

  stop() {
    for (const timer of this.timers) clearInterval(timer);
    clearInterval(this.waiting);
    for (const track of this.stream?.getTracks() ?? []) track.stop();
  }

  press(event) {
    if (event.target.matches("input, select") || event.ctrlKey || event.metaKey) return;
    const key = event.key.toLowerCase();
    const tick = (selector) => {
      this.find(selector).click();
    };
    if (key === " " && this.stream && !event.target.matches("button")) this.countDown();
    else if (key === "g") tick(".lines");
    else if (key === "b") tick(".blinks");
    else return;
    event.preventDefault();
  }

  showGrid() {
    this.find(".grid").style.display = this.find(".lines").checked ? "" : "none";
  }

  blink() {
    const ghost = this.find(".ghost");
    ghost.classList.toggle(
      "away",
      this.find(".blinks").checked && !ghost.classList.contains("away"),
    );
  }

  countDown() {
    if (!this.stream || this.waiting !== null) return;
    let left = Number(this.find(".timer").value);
    const tick = () => {
      this.find(".count").textContent = left || "";
      if (left === 0) {
        clearInterval(this.waiting);
        this.waiting = null;
        this.shoot();
      }
      left -= 1;
    };
    this.waiting = setInterval(tick, 1000);
    tick();
  }

  shoot() {
    const video = this.find("video");
    const canvas = document.createElement("canvas");
    canvas.width = video.videoWidth;
    canvas.height = video.videoHeight;
    canvas.getContext("2d").drawImage(video, 0, 0);
    this.send("shot", canvas.toDataURL("image/jpeg", 0.95));
    this.find(".hint").textContent = this.texts.taken;
    this.quietUntil = Date.now() + 2500;
  }

  explain(error) {
    return this.texts[error.name] ?? this.texts.OtherError.replace("{error}", error.message);
  }

  tellHint() {
    const video = this.find("video");
    if (!video.videoWidth || Date.now() < (this.quietUntil ?? 0)) return;
    const told = [...judgeLight(video), ...judgePlace(video, this.templates)];
    const hint = (told.length ? told : ["good"]).map((one) => this.texts[one]).join(" ");
    const line = this.find(".hint");
    if (line.textContent !== hint) line.textContent = hint;
  }
}

// Luminance of a part of a picture, on a canvas of the given size, in [0, 1].
function readGrey(source, from, width, height, turn = 0, scale = 1) {
  const canvas = document.createElement("canvas");
  canvas.width = width;
  canvas.height = height;
  const pen = canvas.getContext("2d", { willReadFrequently: true });
  pen.translate(width / 2, height / 2);
  pen.rotate((turn * Math.PI) / 180);
  pen.scale(scale, scale);
  pen.drawImage(source, ...from, -width / 2, -height / 2, width, height);
  const { data } = pen.getImageData(0, 0, width, height);
  const grey = new Float32Array(width * height);
  for (let i = 0; i < grey.length; i += 1) {
    grey[i] = (data[4 * i] + 2 * data[4 * i + 1] + data[4 * i + 2]) / 1020;
  }
  return grey;
}

// Sharpness from the middle of the picture at full size, light from all of it.
function judgeLight(video) {
  const [w, h] = [video.videoWidth, video.videoHeight];
  const all = readGrey(video, [0, 0, w, h], SIDE, SIDE);
  const mean = all.reduce((sum, one) => sum + one, 0) / all.length;
  const told = [];
  if (mean < 0.18) told.push("dark");
  if (all.filter((one) => one > 0.97).length > 0.2 * all.length) {
    told.push("bright");
  }
  const [cw, ch] = [Math.min(320, w), Math.min(240, h)];
  const crop = readGrey(video, [(w - cw) / 2, (h - ch) / 2, cw, ch], cw, ch);
  let rough = 0;
  for (let y = 1; y < ch - 1; y += 1) {
    for (let x = 1; x < cw - 1; x += 1) {
      const i = y * cw + x;
      rough += Math.abs(
        4 * crop[i] - crop[i - 1] - crop[i + 1] - crop[i - cw] - crop[i + cw],
      );
    }
  }
  if (rough / (cw * ch) < MIN_SHARPNESS * Math.max(mean, 0.1)) {
    told.push("blurred");
  }
  return told;
}

// Edges, without their mean and of length one: what is compared with the baseline.
function describe(grey, width) {
  const edges = new Float32Array(grey.length);
  for (let i = width + 1; i < grey.length - width - 1; i += 1) {
    if (i % width === 0 || i % width === width - 1) continue;
    edges[i] = Math.hypot(grey[i + 1] - grey[i - 1], grey[i + width] - grey[i - width]);
  }
  const mean = edges.reduce((sum, one) => sum + one, 0) / edges.length;
  let length = 0;
  for (let i = 0; i < edges.length; i += 1) {
    edges[i] -= mean;
    length += edges[i] ** 2;
  }
  length = Math.sqrt(length) || 1;
  return edges.map((one) => one / length);
}

// The baseline as it would look from nearer, farther and with a tilted camera.
function makeTemplates(ghost) {
  const [gw, gh] = [ghost.naturalWidth, ghost.naturalHeight];
  const width = Math.max(8, Math.round((SIDE * gw) / Math.max(gw, gh)));
  const height = Math.max(8, Math.round((SIDE * gh) / Math.max(gw, gh)));
  const poses = SCALES.flatMap((scale) =>
    TURNS.map((turn) => {
      const grey = readGrey(ghost, [0, 0, gw, gh], width, height, turn, scale);
      return { scale, turn, edges: describe(grey, width) };
    }),
  );
  return { gw, gh, width, height, poses };
}

// Compare the part of the live picture that lies under the baseline's with its poses.
function judgePlace(video, templates) {
  if (!templates) return [];
  const { gw, gh, width, height, poses } = templates;
  const fit = Math.min(video.videoWidth / gw, video.videoHeight / gh);
  const [w, h] = [gw * fit, gh * fit];
  const from = [(video.videoWidth - w) / 2, (video.videoHeight - h) / 2, w, h];
  const now = describe(readGrey(video, from, width, height), width);
  let best = { likeness: -1 };
  for (const one of poses) {
    const likeness = one.edges.reduce((sum, edge, i) => sum + edge * now[i], 0);
    if (likeness > best.likeness) best = { ...one, likeness };
  }
  if (best.likeness < MIN_LIKENESS) return ["away"];
  const told = [];
  if (best.scale > 1.05) told.push("near");
  if (best.scale < 0.95) told.push("far");
  if (Math.abs(best.turn) > 4) {
    told.push(best.turn > 0 ? "turn_right" : "turn_left");
  }
  return told;
}
