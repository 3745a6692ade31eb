// The outline of the scalp over its photograph: points that are dragged or moved by key.
// Points are kept in the pixels of the photograph; the picture is a smaller one of it.
const editors = new WeakMap();
const FEWEST = 3;
const SVG = "http://www.w3.org/2000/svg";

export default function ({ parentElement, data, setTriggerValue }) {
  if (!data) return;
  let editor = editors.get(parentElement);
  if (!editor || editor.identity !== data.identity) {
    editor = new Editor((selector) => parentElement.querySelector(selector), data);
    editors.set(parentElement, editor);
  }
  editor.send = setTriggerValue;
}

class Editor {
  constructor(find, data) {
    this.find = find;
    this.identity = data.identity;
    this.size = [data.width, data.height];
    this.points = data.points.map(([x, y]) => [x, y]);
    this.past = [];
    this.future = [];
    const picture = find("img");
    picture.src = data.picture;
    picture.alt = data.alt;
    find(".canvas").style.maxWidth = `min(100%, ${(75 * data.width) / data.height}vh)`;
    const svg = find("svg");
    svg.setAttribute("viewBox", `-0.5 -0.5 ${data.width} ${data.height}`);
    svg.setAttribute("aria-label", "Points of the outline");
    find(".undo").onclick = () => this.step(this.past, this.future, "Undone.");
    find(".redo").onclick = () => this.step(this.future, this.past, "Done again.");
    find(".add").onclick = () => this.add();
    find(".use").onclick = () => this.send("outline", this.points);
    find(".outliner").onkeydown = (event) => {
      if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== "z") return;
      event.preventDefault();
      find(event.shiftKey ? ".redo" : ".undo").click();
    };
    this.draw();
  }

  // Remember how it was, so that the next change can be undone.
  keep() {
    this.past.push(JSON.stringify(this.points));
    this.future = [];
  }

  step(from, to, told) {
    if (from.length === 0) return;
    to.push(JSON.stringify(this.points));
    this.points = JSON.parse(from.pop());
    this.draw();
    this.tell(told);
  }

  tell(words) {
    this.find(".told").textContent = words;
  }

  move(index, x, y) {
    const [w, h] = this.size;
    this.points[index] = [
      Math.round(10 * Math.max(0, Math.min(w - 1, x))) / 10,
      Math.round(10 * Math.max(0, Math.min(h - 1, y))) / 10,
    ];
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
    this.draw();
    this.dot(longest + 1).focus();
    this.tell("A point was added in the middle of the longest side.");
  }

  remove(index) {
    if (this.points.length <= FEWEST) {
      this.tell("An outline needs three points.");
      return;
    }
    this.keep();
    this.points.splice(index, 1);
    this.draw();
    this.dot(Math.min(index, this.points.length - 1)).focus();
    this.tell("The point was taken away.");
  }

  dot(index) {
    return this.find("g").children[index];
  }

  draw() {
    const group = this.find("g");
    group.replaceChildren();
    this.points.forEach((_, index) => {
      const dot = document.createElementNS(SVG, "circle");
      dot.setAttribute("r", String(Math.max(...this.size) / 70));
      dot.setAttribute("tabindex", "0");
      dot.setAttribute("role", "button");
      dot.setAttribute(
        "aria-label",
        `Point ${index + 1} of ${this.points.length}; arrow keys move it, Delete takes it away`,
      );
      dot.onkeydown = (event) => this.press(event, index);
      dot.onpointerdown = (event) => this.drag(event, dot, index);
      group.append(dot);
    });
    this.place();
  }

  place() {
    this.find("polygon").setAttribute("points", this.points.join(" "));
    this.points.forEach(([x, y], index) => {
      this.dot(index).setAttribute("cx", String(x));
      this.dot(index).setAttribute("cy", String(y));
    });
    this.find(".undo").disabled = this.past.length === 0;
    this.find(".redo").disabled = this.future.length === 0;
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
    event.preventDefault();
    dot.focus();
    dot.setPointerCapture(event.pointerId);
    this.keep();
    dot.onpointermove = (moved) => {
      const box = this.find("svg").getBoundingClientRect();
      const [w, h] = this.size;
      this.move(
        index,
        ((moved.clientX - box.left) / box.width) * w - 0.5,
        ((moved.clientY - box.top) / box.height) * h - 0.5,
      );
    };
    dot.onpointerup = dot.onpointercancel = () => {
      dot.onpointermove = null;
    };
  }
}
