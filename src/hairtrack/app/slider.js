// Before and after under one slider. Text only ever becomes textContent or an
// attribute; both pictures come as data URIs, so nothing is fetched.
export default function ({ parentElement, data }) {
  const find = (selector) => parentElement.querySelector(selector);
  const stage = find(".stage");
  const range = find("input");
  if (!stage || !range || !data) return;

  find("img.first").src = data.first;
  find("img.last").src = data.last;
  find(".first-tag").textContent = data.first_label;
  find(".last-tag").textContent = data.last_label;
  stage.style.maxWidth = `min(100%, calc(78vh * ${data.width / data.height}))`;
  stage.style.aspectRatio = `${data.width} / ${data.height}`;
  range.setAttribute("aria-label", data.label);

  const show = () => {
    const share = Number(range.value);
    stage.style.setProperty("--at", `${share}%`);
    range.setAttribute(
      "aria-valuetext",
      `left ${share} per cent: ${data.first_label}; the rest: ${data.last_label}`,
    );
  };
  range.oninput = show;
  show();
}
