"""Every value has one source, none are merged, and they are what the documents state."""

import dataclasses
import re

import pytest
from factories import CLINIC

from hairtrack.course.entries import Kind
from hairtrack.course.facts import OWN, add_clinic, packaged_facts, read_facts
from hairtrack.errors import CourseError

FACTS = packaged_facts()
DOCUMENTS = ("A", "B", "C", "D", "E")
SAID = [
    one
    for group in ("facts", "checks", "signs", "rules", "trials", "templates")
    for one in getattr(FACTS, group)
]


def test_every_value_has_one_source_and_says_something():
    sources = {source.key for source in FACTS.sources}
    for one in SAID:
        assert one.source in sources
        text = getattr(one, "says", None) or getattr(one, "asks", None) or one.title
        assert text.strip()
        # A text that names another document would be two sources in one value.
        assert not re.search(r"\b(document|source) [A-E]\b", text)
    told = " ".join(str(dataclasses.asdict(one)) for one in SAID).lower()
    assert not re.search(r"\b(works|proven|regrown|cures?)\b", told), "praise"


def test_no_two_sources_are_merged():
    assert all(isinstance(one.source, str) for one in SAID)
    said = [(f.topic, f.source, f.case) for f in FACTS.facts if f.topic != "kinds"]
    assert len(said) == len(set(said))
    keys = [source.key for source in FACTS.sources]
    assert len(keys) == len(set(keys))
    assert [s.key for s in FACTS.sources if s.kind == "document"] == list(DOCUMENTS)


TABLE = {
    "sessions": "ABCD",
    "interval": "ABCDE",
    "duration": "BDE",
    "session_length": "A",
    "back_to_normal": "ACDE",
    "visible": "ABCE",
    "taper": "A",
    "maintenance": "BCDE",
    "washing": "BD",
    "touching": "B",
    "sun": "BD",
    "topicals": "BD",
    "exercise": "BD",
    "pool": "B",
    "dye": "B",
    "alcohol": "B",
    "lifestyle": "DE",
    "anaesthetic": "ADE",
    "kinds": "ABCDE",
    "age": "C",
    "side_effects": "ABCDE",
    "permanent": "BCDE",
    "new_hair": "ABCDE",
    "male_pattern": "ABC",
    "evidence": "ABCDE",
}
"""Which documents speak of what, as read in the documents themselves."""


def test_each_document_is_heard_on_what_it_speaks_of():
    found = {
        topic.key: {fact.source for fact in FACTS.about(topic.key)} - {OWN}
        for topic in FACTS.topics
        if topic.key != "contraindications"
    }
    assert found == {topic: set(documents) for topic, documents in TABLE.items()}
    assert {check.source for check in FACTS.checks} == {"A", "B", "C"}
    urgent = {sign.key for sign in FACTS.signs if sign.alert == "emergency"}
    assert urgent == {"face_swelling", "breathing"}


def test_hours_are_those_stated_and_none_is_invented():
    stated = {
        ("washing", "B"): 48,
        ("washing", "D"): 24,
        ("sun", "B"): 48,
        ("topicals", "B"): 24,
        ("exercise", "B"): 48,
        ("alcohol", "B"): 48,
        ("touching", "B"): None,
        ("pool", "B"): None,
        ("dye", "B"): None,
    }
    found = [fact for fact in FACTS.facts if (fact.topic, fact.source) in stated]
    assert {(fact.topic, fact.source): fact.hours for fact in found} == stated
    # Documents B and D tell of the time after injections only.
    assert {fact.kinds for fact in found} == {(Kind.MESOTHERAPY_CHEMICAL,)}


def test_templates_are_as_each_document_states_them():
    stated = {
        one.key: (one.source, one.sessions, one.every, one.months, one.maintenance)
        for one in FACTS.templates
    }
    five_to_fifteen = tuple(range(5, 16))
    assert stated == {
        "A": ("A", (8,), ("1 week",), None, ""),
        "B": ("B", (4, 5, 6), ("1 week", "2 weeks"), None, "ask"),
        "C-hereditary": (
            "C",
            five_to_fifteen,
            ("1 week", "1 month"),
            None,
            "2 to 3 a year",
        ),
        "C-other": ("C", (10,), ("1 week", "1 month"), None, "none"),
        "D": ("D", (), (), None, "ask"),
        "E": ("E", (), ("1 week", "2 weeks"), 4, "none"),
    }


def test_a_clinic_lays_its_own_beside_and_takes_nothing_away():
    both = add_clinic(FACTS, CLINIC)
    assert both.facts[: len(FACTS.facts)] == FACTS.facts
    assert both.facts[-1].hours == 72
    assert both.source("ours").kind == "clinic"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("not toml [", "cannot be read"),
        ('[[facts]]\ntopic = "washing"\nsays = "x"', "required field missing"),
        (
            '[[facts]]\ntopic = "washing"\nsource = "B"\nsays = "x"',
            "no source 'B' of its own",
        ),
        (
            CLINIC.replace("sources.ours", "sources.B").replace('"ours"', '"B"'),
            "sources B a second time",
        ),
        (CLINIC.replace('"clinic"', '"study"'), 'kind = "clinic"'),
        (CLINIC.replace("washing", "singing"), "unknown topic: singing"),
        (CLINIC.replace("72", "-1"), "-1 is not a number above 0 @ file.facts[0].hours"),
        (CLINIC.replace('"Three days"', "3"), "3 is not a text @ file.facts[0].says"),
        (CLINIC.replace("72", '"long"'), "'long' is not a number above 0"),
        (CLINIC + 'kinds = ["pr"]', "'pr' is not a valid Kind @ file.facts[0].kinds[0]"),
        (CLINIC.replace("hours", "hour"), "extra fields found (hour)"),
        (CLINIC + CLINIC[CLINIC.index("[[facts]]") :], "speak twice on washing"),
        ("[recipes]\nx = 1", "extra fields found (recipes)"),
        ("facts = 3", "cannot be read"),
    ],
)
def test_a_bad_clinic_file_is_told_in_one_sentence(text, told):
    with pytest.raises(CourseError, match=re.escape(told)) as caught:
        add_clinic(FACTS, text)
    assert "\n" not in str(caught.value)


def test_a_key_given_twice_is_refused():
    twice = CLINIC + '[[checks]]\nkey = "k"\nsource = "ours"\nasks = "x"\n' * 2
    with pytest.raises(CourseError, match="checks k a second time"):
        read_facts(twice, known=FACTS)
