"""The languages of the app: complete catalogues, and messages written in German."""

from __future__ import annotations

import dataclasses
import datetime as dt
import gettext
import io
import re
import tomllib
from pathlib import Path

import numpy as np
import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

import hairtrack
from hairtrack import errors
from hairtrack.app import i18n
from hairtrack.change.assessment import assess
from hairtrack.change.explanations import describe_delta, describe_verdict
from hairtrack.change.records import AnalysisPlan, Verdict
from hairtrack.errors import PhotoError
from hairtrack.messages import Message, capitalized, join, plural_message
from hairtrack.records import View
from hairtrack_phantom.simulation import START, Scenario, simulate_visits

ROOT = Path(__file__).parents[2]
PACKAGE = Path(hairtrack.__file__).parent
OTHERS = [code for code in i18n.LANGUAGES if code != i18n.ENGLISH]
PLACE = re.compile(r"\{[^{}]*\}")
KEYWORDS = {"Message": None, "N_": None, "_": None}
KEYWORDS |= {"plural_message": (1, 2), "ngettext": (1, 2)}
KEYWORDS |= dict.fromkeys(name for name in vars(errors) if name[0].isupper())
KEYWORDS |= {"RefusedArchive": None}


def find_catalog(code: str, kind: str) -> Path:
    return PACKAGE / "app" / "locale" / code / "LC_MESSAGES" / f"hairtrack.{kind}"


def read_catalog(code: str):
    with find_catalog(code, "po").open("rb") as file:
        return read_po(file, locale=code)


def list_forms(text: str | tuple[str, ...]) -> list[str]:
    return [text] if isinstance(text, str) else list(text)


@pytest.fixture(scope="module")
def texts() -> set[str]:
    """Extract every text of the code, as ``make translations`` does."""
    config = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    mappings = [(m["pattern"], m["method"]) for m in config["tool"]["babel"]["mappings"]]
    found = extract_from_dir(PACKAGE, mappings, keywords=KEYWORDS)
    return {form for _, _, text, *_ in found for form in list_forms(text)}


@pytest.mark.parametrize("code", OTHERS)
def test_a_language_holds_every_text_and_no_other(texts, code) -> None:
    held = {form for one in read_catalog(code) if one.id for form in list_forms(one.id)}
    assert sorted(texts - held) == [], "lacking: make translations"
    assert sorted(held - texts) == [], "no longer used: make translations"


@pytest.mark.parametrize("code", OTHERS)
def test_a_translation_is_whole_and_keeps_places_and_marks(code) -> None:
    for one in read_catalog(code):
        known = {place for form in list_forms(one.id) for place in PLACE.findall(form)}
        for told in list_forms(one.string) if one.id else []:
            assert told, one.id
            assert set(PLACE.findall(told)) <= known, one.id
            assert told.count("**") == list_forms(one.id)[0].count("**"), one.id


@pytest.mark.parametrize("code", OTHERS)
def test_the_compiled_catalogue_agrees_with_its_source(code) -> None:
    made = io.BytesIO()
    write_mo(made, read_catalog(code))
    made.seek(0)
    with find_catalog(code, "mo").open("rb") as file:
        kept = gettext.GNUTranslations(file)
    told = gettext.GNUTranslations(made)
    assert kept._catalog == told._catalog, "make translations"


def test_english_stays_as_it_is() -> None:
    assert i18n.translate("Less scalp shows") == "Less scalp shows"
    assert i18n._("{count} photographs", count=3) == "3 photographs"
    assert i18n.ngettext("{count} visit", "{count} visits", 1) == "1 visit"
    assert i18n.format_number(31.84) == "31.8"
    assert i18n.format_day(dt.date(2025, 3, 3)) == "3 March 2025"


@pytest.fixture
def german(monkeypatch):
    monkeypatch.setattr(i18n, "current_language", lambda: "de")


LESS = describe_delta(-3.14)
DAY = dt.date(2025, 3, 3)


@pytest.mark.usefixtures("german")
@pytest.mark.parametrize(
    ("english", "told"),
    [
        (LESS, "weniger Kopfhaut sichtbar: 3,1 Punkte"),
        (capitalized(LESS), "Weniger Kopfhaut sichtbar: 3,1 Punkte"),
        (
            join([LESS, LESS], "; "),
            "; ".join(["weniger Kopfhaut sichtbar: 3,1 Punkte"] * 2),
        ),
        (Message("{day}", day=DAY), "3. März 2025"),
        (Message("{day}", day="2025-03-03"), "3. März 2025"),
        (
            Message("{moment}", moment=dt.datetime(2025, 3, 3, 10, 5)),
            "Montag, 3. März 2025, 10:05",
        ),
        (Message("{points:.1f}", points=1031.84), "1031,8"),
        (Message("{view}", view=View.TEMPORAL_LEFT), "linke Schläfe"),
        (plural_message("{count} visit", "{count} visits", count=2), "2 Termine"),
        (PhotoError(LESS).message, "weniger Kopfhaut sichtbar: 3,1 Punkte"),
        (
            Message("{error}", error=PhotoError(LESS)),
            "weniger Kopfhaut sichtbar: 3,1 Punkte",
        ),
        ("planned", "geplant"),
    ],
)
def test_a_message_is_written_in_german(english, told) -> None:
    assert i18n.translate(english) == told


@pytest.fixture(scope="module")
def assessment():
    """Return an assessment of 52 weeks, whose verdict and estimate a test replaces."""
    life = Scenario(delta_pp=-8.0, missing=0.0)
    visits = simulate_visits(life, np.random.default_rng(5)).target
    return assess(visits[:20], plan=AnalysisPlan(start=START))


@pytest.mark.parametrize(
    ("verdict", "change", "english", "told"),
    [
        (
            Verdict.GAIN,
            -8.0,
            "The top of your head looks fuller. Visible scalp went from 31 % to 23 % in 52 "
            "weeks. This is probably real.",
            "Ihr Oberkopf sieht voller aus. Nach 52 Wochen sind 23 % der Kopfhaut sichtbar "
            "statt 31 %. Das ist wahrscheinlich echt.",
        ),
        (
            Verdict.LOSS,
            8.0,
            "The top of your head looks thinner. Visible scalp went from 31 % to 39 % in "
            "52 weeks. This is probably real.",
            "Ihr Oberkopf sieht lichter aus. Nach 52 Wochen sind 39 % der Kopfhaut "
            "sichtbar statt 31 %. Das ist wahrscheinlich echt.",
        ),
        (
            Verdict.NO_LARGER,
            0.4,
            "The top of your head looks the same. Visible scalp went from 31 % to 32 % in "
            "52 weeks; a change of more than 3 points is unlikely.",
            "Ihr Oberkopf sieht gleich aus. Nach 52 Wochen sind 32 % der Kopfhaut sichtbar "
            "statt 31 %; eine Veränderung von mehr als 3 Punkten ist unwahrscheinlich.",
        ),
        (
            Verdict.WITHIN_NOISE,
            -1.2,
            "The top of your head shows no clear change. Visible scalp went from 31 % to "
            "30 % in 52 weeks, which may be chance.",
            "Ihr Oberkopf zeigt keine deutliche Veränderung. Nach 52 Wochen sind 30 % der "
            "Kopfhaut sichtbar statt 31 %; das kann Zufall sein.",
        ),
        (
            Verdict.TOO_EARLY,
            0.0,
            "Too early to tell. Hair changes slowly: the first answer is possible from "
            "week 12 of the treatment on, 26 March 2025.",
            "Noch zu früh. Haare verändern sich langsam: Eine erste Antwort ist ab Woche "
            "12 der Behandlung möglich, ab 26. März 2025.",
        ),
        (
            Verdict.NOT_ENOUGH_DATA,
            0.0,
            "No answer yet: 20 visits are too few to see a change.",
            "Noch keine Antwort: 20 Termine sind zu wenige, um eine Veränderung zu sehen.",
        ),
    ],
)
def test_the_sentence_of_each_verdict(
    request, assessment, verdict, change, english, told
) -> None:
    reach = (-9.0, 9.0) if abs(change) < 2 else (change - 2, change + 2)
    now = dataclasses.replace(
        assessment.estimate, start_pp=31.2, delta_pp=change, interval_pp=reach
    )
    shown = dataclasses.replace(
        assessment, verdict=verdict, latest_verdict=verdict, estimate=now, week=52.0
    )
    said = describe_verdict(dataclasses.replace(shown, provisional=False, step=None))
    assert i18n.translate(said) == english
    request.getfixturevalue("german")
    assert i18n.translate(said) == told


@pytest.mark.usefixtures("german")
@pytest.mark.parametrize(
    "text",
    ["numpy 2.1.3", "/home/x/v1.2/photos 1.2", "week 3 (2025-03-03)", "Anna {x}", ""],
)
def test_what_a_person_wrote_stays_as_it_is(text) -> None:
    assert i18n.translate(text) == text


@pytest.mark.usefixtures("german")
def test_numbers_and_dates_are_written_as_in_the_language() -> None:
    assert i18n.format_number(1031.84) == "1031,8"
    assert i18n.format_number(7, digits=0) == "7"
    assert i18n.format_day(DAY) == "3. März 2025"
    assert i18n.ngettext("{count} visit", "{count} visits", 2) == "2 Termine"
