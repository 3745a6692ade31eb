"""The app in German: nothing English is left, and the browser's choice is heard."""

from __future__ import annotations

import re

import pytest
from barriers import settle

from hairtrack.course.facts import packaged_facts

pytestmark = pytest.mark.browser

PAGES = {
    "": "Noch keine Antwort",
    "photographs": "Fotos",
    "compare": "Vergleichen",
    "treatment": "Behandlung",
    "settings": "Einstellungen",
}
ENGLISH = re.compile(
    r"\b(the|of|and|is|are|not|with|this|that|from|have|which|your|to|at|by|for)\b"
)
"""Words that no German sentence holds."""

MAIN = "[data-testid=stMain]"
CHANGED = "([main, before]) => document.querySelector(main).innerText !== before"

SECTIONS = {
    "treatment": ["Tagebuch", "Rückblick", "Was die Quellen sagen"],
    "settings": [
        "Personen",
        "Sicherung",
        "Export und Löschen",
        "So funktioniert",
        "Foto-Anleitung",
    ],
}


def read(page) -> str:
    """Return all the words of a page, but for names of icons and titles of sources."""
    settle(page)
    told: str = page.evaluate(
        """() => {
          const main = document.querySelector("[data-testid=stMain]").cloneNode(true);
          for (const one of main.querySelectorAll(
            "[data-testid=stIconMaterial], [data-testid=stFileUploaderDropzone], style"
          )) one.remove();
          const named = [...main.querySelectorAll("[aria-label]")].map(
            (one) => one.getAttribute("aria-label"));
          return [main.textContent, ...named].join("\\n");
        }"""
    )
    told = re.sub("Help for|Link to heading", "", told)  # Streamlit's own
    told = re.sub(r"/\S*/library", "", told)
    for source in packaged_facts().sources:
        for name in (source.title, source.title.partition(",")[0], source.name):
            told = told.replace(name, "")
    return told


@pytest.mark.parametrize("path", PAGES)
def test_nothing_english_is_left(open_page, path) -> None:
    page = open_page(path, locale="de-DE", foot="text=Es stellt keine Diagnose")
    assert page.locator("h1").inner_text().startswith(PAGES[path])
    page.wait_for_function("document.documentElement.lang === 'de'")
    for summary in page.locator("[data-testid=stMain] summary").all():
        summary.click()
    shown = {"": read(page)}
    for section in SECTIONS.get(path, []):
        before = page.inner_text(MAIN)
        page.locator("label", has_text=section).first.click()
        page.wait_for_function(CHANGED, arg=[MAIN, before])
        shown[section] = read(page)
    left = {
        f"{section}: {found[0]} in {told[max(0, found.start() - 50) : found.end() + 50]!r}"
        for section, told in shown.items()
        for found in ENGLISH.finditer(told)
    }
    assert left == set()
