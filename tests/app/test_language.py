"""The languages of the app: texts, finished sentences, numbers and dates."""

import datetime as dt
import importlib.util
import re
from pathlib import Path

import pytest

from hairtrack.app import i18n

CATALOG = {
    "Visits": "Termine",
    "{count} photographs": "{count} Fotos",
    "within noise": "im Rauschen",
    "{0} scalp shows: {1} points": "{0} Kopfhaut zu sehen: {1} Punkte",
    "less": "weniger",
    "Provisional, not a finding: {0}.": "Vorläufig, kein Befund: {0}.",
    "at week {0} ({1})": "in Woche {0} ({1})",
    "{0} and {0} again": "{0} und nochmals {0}",
    "and": "und",
    "the light differs": "das Licht ist anders",
    "the scale differs": "der Maßstab ist anders",
}


@pytest.fixture
def german(monkeypatch):
    """Speak a small German of known texts."""
    patterns = [i18n._compile(text, told) for text, told in CATALOG.items()]
    patterns = [p for p in patterns if "(?P" in p.regex.pattern and p.letters]
    patterns.sort(key=lambda one: -one.letters)
    phrases = i18n._Phrases(CATALOG, tuple(patterns))
    monkeypatch.setattr(i18n, "_phrases", lambda code: phrases)
    monkeypatch.setattr(i18n, "current_language", lambda: "de")
    i18n._say.cache_clear()
    yield
    i18n._say.cache_clear()


def test_english_stays_as_it_is() -> None:
    assert i18n.translate("Less scalp shows: 3.1 points") == "Less scalp shows: 3.1 points"
    assert i18n._("{count} photographs", count=3) == "3 photographs"
    assert i18n.format_number(31.84) == "31.8"
    assert i18n.format_day(dt.date(2025, 3, 3)) == "3 March 2025"


@pytest.mark.usefixtures("german")
@pytest.mark.parametrize(
    ("english", "told"),
    [
        ("Visits", "Termine"),
        ("visits", "Termine"),
        ("Within noise", "Im Rauschen"),
        ("7 photographs", "7 Fotos"),
        ("less scalp shows: 3.1 points", "weniger Kopfhaut zu sehen: 3,1 Punkte"),
        (
            "Provisional, not a finding: less scalp shows: 3.1 points.",
            "Vorläufig, kein Befund: weniger Kopfhaut zu sehen: 3,1 Punkte.",
        ),
        ("at week 24 (3 March 2025)", "in Woche 24 (3. März 2025)"),
        ("ab and ab again", "ab und nochmals ab"),
        (
            "the light differs; the scale differs",
            "das Licht ist anders; der Maßstab ist anders",
        ),
        (
            "the light differs and the scale differs",
            "das Licht ist anders und der Maßstab ist anders",
        ),
        ("Nothing known 2.5 here", "Nothing known 2,5 here"),
    ],
)
def test_finished_sentences_are_found_by_their_patterns(english, told) -> None:
    assert i18n.translate(english) == told


@pytest.mark.usefixtures("german")
def test_numbers_and_dates_are_written_as_in_the_language() -> None:
    assert i18n.format_number(1031.84) == "1031,8"
    assert i18n.format_number(7, digits=0) == "7"
    assert i18n.format_day(dt.date(2025, 3, 3)) == "3. März 2025"


@pytest.mark.usefixtures("german")
def test_a_version_or_a_name_with_points_is_no_number() -> None:
    assert i18n.translate("numpy 2.1.3") == "numpy 2.1.3"


@pytest.mark.usefixtures("german")
def test_a_path_stays_as_it_is_and_a_date_does_not() -> None:
    assert i18n.translate("/home/x/v1.2/photos 1.2 and more") == (
        "/home/x/v1.2/photos 1.2 and more"
    )
    assert i18n.translate("week 3 (2025-03-03)") == "week 3 (3. März 2025)"
    assert i18n.translate("2025-03-99 v1.2") == "2025-03-99 v1.2"


ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def texts():
    """Return the script that collects every text of the app."""
    path = ROOT / "docs" / "collect_texts.py"
    spec = importlib.util.spec_from_file_location("collect_texts", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


OTHERS = [code for code in i18n.LANGUAGES if code != i18n.ENGLISH]


@pytest.mark.parametrize("code", OTHERS)
def test_a_language_holds_every_text_and_no_other(texts, code) -> None:
    held = {str(one.id): one.string for one in texts.read(texts.LANGUAGES / f"{code}.po")}
    held.pop("", None)
    wanted = texts.collect()
    assert sorted(set(wanted) - set(held)) == [], "lacking: docs/collect_texts.py --write"
    assert sorted(set(held) - set(wanted)) == [], "stale: docs/collect_texts.py --write"
    assert [text for text, told in held.items() if not told] == []


@pytest.mark.parametrize("code", OTHERS)
def test_a_translation_names_no_place_that_the_text_lacks(texts, code) -> None:
    place = re.compile(r"\{\w*\}")
    for one in texts.read(texts.LANGUAGES / f"{code}.po"):
        assert set(place.findall(str(one.string))) <= set(place.findall(str(one.id))), (
            one.id
        )
        assert str(one.id).count("**") == str(one.string).count("**"), one.id


def test_texts_are_found_where_they_stand(texts) -> None:
    found = texts.collect()
    for text in (
        "Load the sample course",
        "{0} photographs",
        "less scalp shows: {0} points",
    ):
        assert text in found
    assert not any("SELECT " in text for text in found)
