// The chart of this page as a file: its SVG with title, method, ground and font, or that
// drawn on a canvas at twice the size. Nothing leaves the page; text is only textContent.
const SVG = "http://www.w3.org/2000/svg";
const EDGE = 20;
const SHARPNESS = 2;

export default function ({ parentElement, data }) {
  const find = (selector) => parentElement.querySelector(selector);
  if (!find(".saver") || !data) return;
  const told = find(".told");
  const offer = (kind, make) => {
    const button = find(`.${kind}`);
    button.textContent = data[kind];
    button.onclick = async () => {
      told.textContent = "";
      const chart = document.querySelector(`${data.chart} svg.marks`);
      try {
        if (!chart) throw new Error("no chart");
        save(await make(await compose(chart, data, find(".saver"))), `${data.file}.${kind}`);
      } catch {
        told.textContent = data.missing;
      }
    };
  };
  offer("svg", ({ text }) => new Blob([text], { type: "image/svg+xml" }));
  offer("png", paint);
}

// A picture of its own: ground, title, chart, what it is of and how it was measured.
async function compose(chart, data, host) {
  const style = getComputedStyle(host);
  const family = style.fontFamily;
  const look = (name, instead) => style.getPropertyValue(name).trim() || instead;
  const { width, height } = chart.viewBox.baseVal;
  const wide = Math.round(width) + 2 * EDGE;
  const title = wrap(data.title, wide - 2 * EDGE, 8.4);
  const foot = data.foot.flatMap((line) => wrap(line, wide - 2 * EDGE, 6));
  const top = EDGE + 24 * title.length;
  const tall = Math.round(top + height + 14 + 17 * foot.length + EDGE);

  const svg = add(null, "svg", { width: wide, height: tall, viewBox: `0 0 ${wide} ${tall}` });
  add(svg, "title", {}, data.title);
  add(svg, "desc", {}, data.alt);
  add(svg, "style", {}, await embedFont(family));
  add(svg, "rect", { width: wide, height: tall, fill: look("--st-background-color", "#fff") });
  const color = look("--st-text-color", "#000");
  const write = (lines, from, step, more) =>
    lines.forEach((line, place) => {
      const at = { x: EDGE, y: from + place * step, fill: color, "font-family": family };
      add(svg, "text", { ...at, ...more }, line);
    });
  write(title, EDGE + 16, 24, { "font-size": 17, "font-weight": 600 });
  const inner = chart.cloneNode(true);
  for (const one of inner.querySelectorAll("[cursor], [tabindex]")) {
    one.removeAttribute("cursor");
    one.removeAttribute("tabindex");
  }
  inner.removeAttribute("style");
  inner.setAttribute("x", EDGE);
  inner.setAttribute("y", top);
  inner.setAttribute("width", width);
  inner.setAttribute("height", height);
  svg.append(inner);
  write(foot, top + height + 26, 17, { "font-size": 12, "fill-opacity": 0.8 });
  return { text: new XMLSerializer().serializeToString(svg), width: wide, height: tall };
}

function add(parent, name, attributes, text) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  if (text !== undefined) made.textContent = text;
  parent?.append(made);
  return made;
}

// Lines of words that are surely not wider than this.
function wrap(text, width, letter) {
  const lines = [""];
  for (const word of text.split(" ")) {
    const longer = `${lines.at(-1)} ${word}`.trim();
    if (longer.length * letter > width && lines.at(-1)) lines.push(word);
    else lines[lines.length - 1] = longer;
  }
  return lines;
}

// The page's own font, so that the picture looks the same where it is not installed.
async function embedFont(family) {
  const wanted = family.split(",")[0].replace(/["']/g, "").trim();
  for (const sheet of document.styleSheets) {
    for (const rule of readRules(sheet)) {
      if (!(rule instanceof CSSFontFaceRule)) continue;
      const said = (name) => rule.style.getPropertyValue(name);
      const named = said("font-family").replace(/["']/g, "").trim() === wanted;
      const url = /url\(["']?([^"')]+)/.exec(said("src"))?.[1];
      if (!named || !url || said("font-style") === "italic") continue;
      const bytes = await read(new URL(url, sheet.href ?? document.baseURI));
      const weight = said("font-weight") || "normal";
      if (bytes) {
        return `@font-face{font-family:"${wanted}";font-weight:${weight};src:url(${bytes})}`;
      }
    }
  }
  return "";
}

function readRules(sheet) {
  try {
    return sheet.cssRules;
  } catch {
    return [];
  }
}

async function read(url) {
  const answer = await fetch(url);
  return answer.ok ? toDataUri(await answer.blob()) : "";
}

function toDataUri(blob) {
  return new Promise((done, fail) => {
    const reader = new FileReader();
    reader.onload = () => done(reader.result);
    reader.onerror = fail;
    reader.readAsDataURL(blob);
  });
}

async function paint({ text, width, height }) {
  const picture = new Image();
  picture.src = await toDataUri(new Blob([text], { type: "image/svg+xml" }));
  await picture.decode();
  const canvas = document.createElement("canvas");
  canvas.width = SHARPNESS * width;
  canvas.height = SHARPNESS * height;
  canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
  return new Promise((done) => {
    canvas.toBlob(done, "image/png");
  });
}

function save(blob, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
}
