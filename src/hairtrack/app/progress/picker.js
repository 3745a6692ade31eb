// A head with its zones: a click, Enter or Space chooses one; again, the whole. Text only
// ever becomes textContent or an attribute.
const SVG = "http://www.w3.org/2000/svg";

export default function ({ parentElement, data, setTriggerValue }) {
  const svg = parentElement.querySelector("svg");
  if (!svg || !data) return;
  const told = parentElement.querySelector(".told");
  const focused = parentElement.activeElement?.dataset?.zone;
  svg.setAttribute("viewBox", `0 0 ${data.size} ${data.size}`);
  svg.setAttribute("aria-label", data.label);
  fill(svg.querySelector(".parts"), data.parts, (path, d) => path.setAttribute("d", d));
  const [whole, ...zones] = data.zones;
  svg.querySelector(".zones").classList.toggle("whole", data.chosen === whole.name);
  const show = (name) => {
    told.textContent = name;
  };
  fill(svg.querySelector(".zones"), zones.length ? zones : [whole], (path, zone) => {
    const pressed = zone.name === data.chosen;
    path.setAttribute("d", zone.path);
    path.dataset.zone = zone.name;
    path.setAttribute("role", "button");
    path.setAttribute("tabindex", "0");
    path.setAttribute("aria-label", zone.told);
    path.setAttribute("aria-pressed", String(pressed));
    const choose = () => setTriggerValue("zone", pressed ? whole.name : zone.name);
    path.onclick = choose;
    path.onkeydown = (event) => {
      if (event.key !== "Enter" && event.key !== " ") return;
      event.preventDefault();
      choose();
    };
    path.onpointerenter = path.onfocus = () => show(zone.told);
    path.onpointerleave = path.onblur = () => show(data.told);
  });
  show(data.told);
  if (focused) svg.querySelector(`[data-zone="${CSS.escape(focused)}"]`)?.focus();
}

// As many paths as there are things, kept where they are: focus stays.
function fill(group, things, dress) {
  while (group.childElementCount > things.length) group.lastElementChild.remove();
  while (group.childElementCount < things.length) {
    group.append(document.createElementNS(SVG, "path"));
  }
  things.forEach((thing, place) => dress(group.children[place], thing));
}
