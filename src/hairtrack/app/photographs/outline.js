// The outline of the scalp over its photograph: points that are dragged or moved by key,
// and strokes of a brush over them. All of it is kept in the pixels of the photograph; the
// picture is a smaller one of it. What is drawn here is drawn again, pixel by pixel, in
// Python (imaging/outline.py).
const editors = new WeakMap();
const FEWEST = 3;
const MAX_PATH = 2000;
const SVG = "http://www.w3.org/2000/svg";

export default function ({ parentElement, data, setTriggerValue }) {
  if (!data) return;
  let editor = editors.get(parentElement);
  if (!editor || editor.identity !== data.identity) {
    editor = new Editor(parentElement, data);
    editors.set(parentElement, editor);
  }
  editor.send = setTriggerValue;
  editor.say(data.texts);
}

class Editor {
  constructor(root, data) {
    this.root = root;
    this.find = (selector) => root.querySelector(selector);
    this.identity = data.identity;
    this.size = [data.width, data.height];
    this.most = data.most;
    this.points = data.points.map(([x, y]) => [x, y]);
    this.strokes = data.strokes;
    this.past = [];
    this.future = [];
    this.texts = data.texts;
    this.find("img").src = data.picture;
    this.find(".canvas").style.maxWidth = `min(100%, ${(75 * data.width) / data.height}vh)`;
    this.frame();
    this.listen();
    this.say(data.texts);
    this.draw();
  }

  say(texts) {
    this.texts = texts;
    for (const one of this.root.querySelectorAll("[data-text]")) {
      one.textContent = texts[one.dataset.text];
    }
    this.find("img").alt = texts.alt;
    this.find("svg").setAttribute("aria-label", texts.group);
    this.nameDots();
  }

  frame() {
    const [w, h] = this.size;
    this.find("svg").setAttribute("viewBox", `-0.5 -0.5 ${w} ${h}`);
    for (const one of this.root.querySelectorAll("mask, rect")) {
      for (const [name, value] of Object.entries({ x: -0.5, y: -0.5, width: w, height: h })) {
        one.setAttribute(name, String(value));
      }
    }
  }

  listen() {
    const { find } = this;
    find(".undo").onclick = () => this.step(this.past, this.future, this.texts.undone);
    find(".redo").onclick = () => this.step(this.future, this.past, this.texts.redone);
    find(".add").onclick = () => this.add();
    find(".use").onclick = () =>
      this.send("outline", { points: this.points, strokes: this.strokes });
    find(".outliner").onkeydown = (event) => this.command(event);
    for (const one of this.root.querySelectorAll("[name=tool]")) {
      one.onchange = () => this.choose();
    }
    const svg = find("svg");
    svg.onpointerdown = (event) => this.paint(event);
    svg.onpointermove = (event) => this.hover(event);
    svg.onpointerleave = () => find(".brush").setAttribute("r", "0");
    this.choose();
  }

  get tool() {
    return this.find("[name=tool]:checked").value;
  }

  // The diameter of the brush in pixels of the photograph.
  get width() {
    return Math.round((Number(this.find(".size").value) / 100) * Math.max(...this.size));
  }

  choose() {
    const brushes = this.tool !== "points";
    this.find(".outliner").classList.toggle("brushes", brushes);
    this.find(".brush").setAttribute("r", "0");
  }

  command(event) {
    const key = event.key.toLowerCase();
    if ((event.ctrlKey || event.metaKey) && key === "z") {
      this.find(event.shiftKey ? ".redo" : ".undo").click();
    } else if ((event.ctrlKey || event.metaKey) && key === "y") {
      this.find(".redo").click();
    } else if (key === "[" || key === "]") {
      this.find(".size")[key === "[" ? "stepDown" : "stepUp"]();
    } else return;
    event.preventDefault();
  }

  state() {
    return JSON.stringify({ points: this.points, strokes: this.strokes });
  }

  // Remember how it was, so that the next change can be undone.
  keep() {
    this.past.push(this.state());
    this.future = [];
  }

  step(from, to, told) {
    if (from.length === 0) return;
    to.push(this.state());
    Object.assign(this, JSON.parse(from.pop()));
    this.draw();
    this.tell(told);
  }

  tell(words) {
    this.find(".told").textContent = words;
  }

  // Where in the photograph a pointer is, within its frame.
  locate(event) {
    const box = this.find("svg").getBoundingClientRect();
    const [w, h] = this.size;
    return this.clamp(
      ((event.clientX - box.left) / box.width) * w - 0.5,
      ((event.clientY - box.top) / box.height) * h - 0.5,
    );
  }

  clamp(x, y) {
    const [w, h] = this.size;
    return [
      Math.round(10 * Math.max(0, Math.min(w - 1, x))) / 10,
      Math.round(10 * Math.max(0, Math.min(h - 1, y))) / 10,
    ];
  }

  move(index, x, y) {
    this.points[index] = this.clamp(x, y);
    this.place();
  }

  // Halve the longest side.
  add() {
    const side = (i) => {
      const [[ax, ay], [bx, by]] = [
        this.points[i],
        this.points[(i + 1) % this.points.length],
      ];
      return [Math.hypot(bx - ax, by - ay), (ax + bx) / 2, (ay + by) / 2];
    };
    let longest = 0;
    for (let i = 1; i < this.points.length; i += 1) {
      if (side(i)[0] > side(longest)[0]) longest = i;
    }
    const [, x, y] = side(longest);
    this.keep();
    this.points.splice(longest + 1, 0, [x, y]);
    this.find("[value=points]").click();
    this.draw();
    this.dot(longest + 1).focus();
    this.tell(this.texts.added);
  }

  remove(index) {
    if (this.points.length <= FEWEST) {
      this.tell(this.texts.fewest);
      return;
    }
    this.keep();
    this.points.splice(index, 1);
    this.draw();
    this.dot(Math.min(index, this.points.length - 1)).focus();
    this.tell(this.texts.gone);
  }

  dot(index) {
    return this.find(".dots").children[index];
  }

  draw() {
    const group = this.find(".dots");
    group.replaceChildren();
    this.points.forEach((_, index) => {
      const dot = make("circle", { r: Math.max(...this.size) / 70, tabindex: 0, role: "button" });
      dot.onkeydown = (event) => this.press(event, index);
      dot.onpointerdown = (event) => this.drag(event, dot, index);
      group.append(dot);
    });
    this.nameDots();
    this.place();
  }

  nameDots() {
    [...this.find(".dots").children].forEach((dot, index) => {
      const name = this.texts.dot
        .replace("{number}", index + 1)
        .replace("{of}", this.points.length);
      dot.setAttribute("aria-label", name);
    });
  }

  place() {
    const line = Math.max(...this.size) / 300;
    this.find("#inside").replaceChildren(...this.shapes(0, "#fff", "#000"));
    this.find("#around").replaceChildren(...this.shapes(line, "#fff", "#000"));
    this.find("#outside").replaceChildren(
      make("rect", { x: -0.5, y: -0.5, width: this.size[0], height: this.size[1], fill: "#fff" }),
      ...this.shapes(0, "#000", "#fff"),
    );
    this.points.forEach(([x, y], index) => {
      this.dot(index).setAttribute("cx", String(x));
      this.dot(index).setAttribute("cy", String(y));
    });
    this.find(".undo").disabled = this.past.length === 0;
    this.find(".redo").disabled = this.future.length === 0;
  }

  // The region as shapes, one over the other; `more` makes it wider all round.
  shapes(more, inner, outer) {
    const first = make("polygon", { points: this.points.join(" "), fill: inner });
    if (more) first.setAttribute("style", `stroke:${inner};stroke-width:${2 * more}`);
    return [
      first,
      ...this.strokes.map(({ add, path, width }) => {
        const color = add ? inner : outer;
        const edge = add ? more : -more;
        if (width === 0) return make("polygon", { points: path.join(" "), fill: color });
        const ends = path.length > 1 ? path : [path[0], path[0]];
        return make("polyline", {
          points: ends.join(" "),
          style: `fill:none;stroke:${color};stroke-width:${Math.max(0, width + 2 * edge)};stroke-linecap:round;stroke-linejoin:round`,
        });
      }),
    ];
  }

  press(event, index) {
    const step = (Math.max(...this.size) / 400) * (event.shiftKey ? 10 : 1);
    const ways = {
      ArrowLeft: [-step, 0],
      ArrowRight: [step, 0],
      ArrowUp: [0, -step],
      ArrowDown: [0, step],
    };
    if (event.key in ways) {
      const [x, y] = this.points[index];
      this.keep();
      this.move(index, x + ways[event.key][0], y + ways[event.key][1]);
    } else if (event.key === "Delete" || event.key === "Backspace") {
      this.remove(index);
    } else return;
    event.preventDefault();
  }

  drag(event, dot, index) {
    if (this.tool !== "points") return;
    event.preventDefault();
    dot.focus();
    dot.setPointerCapture(event.pointerId);
    this.keep();
    dot.onpointermove = (moved) => this.move(index, ...this.locate(moved));
    dot.onpointerup = dot.onpointercancel = () => {
      dot.onpointermove = null;
    };
  }

  hover(event) {
    if (this.tool === "points") return;
    const [x, y] = this.locate(event);
    const ring = this.find(".brush");
    ring.setAttribute("cx", String(x));
    ring.setAttribute("cy", String(y));
    ring.setAttribute("r", String(this.width / 2));
  }

  // One stroke from press to release.
  paint(event) {
    if (this.tool === "points" || event.button !== 0) return;
    event.preventDefault();
    if (this.strokes.length >= this.most) {
      this.tell(this.texts.enough);
      return;
    }
    const svg = this.find("svg");
    svg.setPointerCapture(event.pointerId);
    this.keep();
    const stroke = { add: this.tool === "brush", path: [this.locate(event)], width: this.width };
    this.strokes.push(stroke);
    this.place();
    svg.onpointermove = (moved) => {
      this.hover(moved);
      const [x, y] = this.locate(moved);
      const [lastX, lastY] = stroke.path.at(-1);
      const far = Math.hypot(x - lastX, y - lastY) >= Math.max(1, stroke.width / 12);
      if (!far || stroke.path.length >= MAX_PATH) return;
      stroke.path.push([x, y]);
      this.place();
    };
    svg.onpointerup = svg.onpointercancel = () => {
      svg.onpointermove = (moved) => this.hover(moved);
      svg.onpointerup = svg.onpointercancel = null;
      this.tell(stroke.add ? this.texts.painted : this.texts.erased);
    };
  }
}

function make(name, attributes) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, String(value));
  return made;
}
