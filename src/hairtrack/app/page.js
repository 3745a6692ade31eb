// Tell browsers and screen readers in which language the page is.
export default function ({ data }) {
  document.documentElement.lang = data.language;
}
