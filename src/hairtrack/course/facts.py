"""What sources say, each value with exactly one source; packaged, or a clinic's own.

Where sources differ, all values are kept. The file is `facts.toml` beside this module; a
clinic's file has the same form and can only add to it.
"""

from __future__ import annotations

import tomllib
from collections import Counter
from dataclasses import dataclass, fields
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

from hairtrack.course.entries import Kind
from hairtrack.errors import CourseError
from hairtrack.messages import N_

if TYPE_CHECKING:
    import cattrs

OWN = "own"
"""Source of this program's own rules."""

_UNREADABLE = N_("The fact file cannot be read: {reason}.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Who says something: a document, a study, a clinic, or this program.

    `name` is short, for a table or a bracket.
    """

    key: str
    title: str
    kind: str
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """A topic that sources speak of; `group` is where it is shown."""

    key: str
    title: str
    group: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """What one source says on one topic, in our words.

    `case` is where it holds, when the source tells cases apart; `hours` the longest time
    stated in numbers, for a topic of aftercare; `kinds` the kinds of treatment that the
    source speaks of there, empty where they are not told apart.
    """

    topic: str
    source: str
    says: str
    case: str = ""
    hours: float | None = None
    kinds: tuple[Kind, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One item of the checklist before a session."""

    key: str
    source: str
    asks: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sign:
    """A symptom; `alert` is "", "contact" or "emergency"."""

    key: str
    title: str
    source: str
    says: str
    alert: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A rule of this program, with its numbers."""

    key: str
    source: str
    says: str
    hours: float | None = None
    days: int | None = None
    weeks: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """What one study found, of which kinds of treatment, and beside which topics."""

    source: str
    treatment: str
    says: str
    week: str
    kinds: tuple[Kind, ...] = ()
    topics: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """A plan as one source states it.

    `sessions` and `every` are the choices it leaves; empty where it gives no
    number. `months` is the length of the series where that is stated instead.
    `maintenance` is "" (not spoken of), "none", "ask" (no number) or its words.
    """

    key: str
    source: str
    title: str
    kinds: tuple[Kind, ...] = ()
    sessions: tuple[int, ...] = ()
    every: tuple[str, ...] = ()
    months: int | None = None
    minutes: int | None = None
    maintenance: str = ""
    maintenance_every: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """Everything in one or two fact files."""

    sources: tuple[Source, ...] = ()
    topics: tuple[Topic, ...] = ()
    facts: tuple[Fact, ...] = ()
    checks: tuple[Check, ...] = ()
    signs: tuple[Sign, ...] = ()
    rules: tuple[Rule, ...] = ()
    trials: tuple[Trial, ...] = ()
    templates: tuple[Template, ...] = ()

    def source(self, key: str) -> Source:
        """Return a source; raises KeyError for none."""
        return {source.key: source for source in self.sources}[key]

    def rule(self, key: str) -> Rule:
        """Return a rule; raises KeyError for none."""
        return {rule.key: rule for rule in self.rules}[key]

    def about(self, topic: str) -> list[Fact]:
        """Return all that is said on a topic, in the order of the file."""
        return [fact for fact in self.facts if fact.topic == topic]

    def trials_of(self, treatment: str) -> list[Trial]:
        """Return what studies found of a kind of treatment, such as "prp".

        "mesotherapy" stands for all of its kinds.
        """
        return [
            trial
            for trial in self.trials
            if any(f"{kind}_".startswith(f"{treatment}_") for kind in trial.kinds)
        ]


@cache
def packaged_facts() -> Facts:
    """Return the facts that come with the program."""
    place = resources.files("hairtrack.course").joinpath("facts.toml")
    return read_facts(place.read_text(encoding="utf-8"))


def add_clinic(facts: Facts, text: str) -> Facts:
    """Return the facts with those of a clinic added.

    Parameters
    ----------
    facts : Facts
        The packaged ones.
    text : str
        TOML of the same form. Every value needs a source of this file, of kind
        "clinic".

    Raises
    ------
    CourseError
        It is not TOML, has another form, or names a source that is not its own.
    """
    own = read_facts(text, known=facts)
    names = [field.name for field in fields(Facts)]
    return Facts(**{name: getattr(facts, name) + getattr(own, name) for name in names})


def read_facts(text: str, *, known: Facts | None = None) -> Facts:
    """Read a fact file and check that every value has one source of that file.

    Parameters
    ----------
    text : str
        TOML as in `facts.toml`.
    known : Facts, optional
        Facts to which a clinic's file is added; their topics may be used.

    Raises
    ------
    CourseError
        The file has an error; the message says which.
    """
    from cattrs.errors import BaseValidationError
    from cattrs.v import transform_error

    try:
        found = tomllib.loads(text)
        for name in {"sources", "topics", "rules"} & set(found):
            found[name] = [{"key": key, **row} for key, row in found[name].items()]
        facts = _make_converter().structure(found, Facts)
    except BaseValidationError as error:
        wrong, *_ = transform_error(error, path="file", format_exception=_explain)
        raise CourseError(_UNREADABLE, reason=wrong) from error
    except (tomllib.TOMLDecodeError, AttributeError, TypeError) as error:
        raise CourseError(_UNREADABLE, reason=str(error)) from error
    _check_keys(facts, known)
    _check_sources(facts, clinic=known is not None)
    return facts


def _make_converter() -> cattrs.Converter:
    import cattrs

    converter = cattrs.Converter(forbid_extra_keys=True)
    converter.register_structure_hook(str, _read_text)
    converter.register_structure_hook(Kind, lambda value, _: Kind(value))
    for number in (int, float):
        converter.register_structure_hook(number, _read_number)
    return converter


def _read_text(value: Any, _: object) -> str:
    if not isinstance(value, str) or not value.strip():
        raise ValueError(f"{value!r} is not a text")
    return value


def _read_number(value: Any, _: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not value > 0:
        raise ValueError(f"{value!r} is not a number above 0")
    return value


def _explain(error: BaseException, kind: type | None) -> str:
    """Return what is wrong with one value of a fact file."""
    from cattrs.v import format_exception

    return str(error) if isinstance(error, ValueError) else format_exception(error, kind)


def _check_keys(facts: Facts, known: Facts | None) -> None:
    """Refuse a key or a statement that is given twice, and unknown topics."""
    for group in ("sources", "topics", "checks", "signs", "rules", "templates"):
        keys = [one.key for one in (*getattr(known, group, ()), *getattr(facts, group))]
        twice = sorted(key for key, count in Counter(keys).items() if count > 1)
        if twice:
            raise CourseError(
                "The fact file gives {group} {key} a second time.",
                group=group,
                key=twice[0],
            )
    said = Counter((one.topic, one.source, one.case, one.kinds) for one in facts.facts)
    for (topic, source, _, _), count in said.items():
        if count > 1:
            raise CourseError(
                "The fact file lets {source} speak twice on {topic}.",
                source=source,
                topic=topic,
            )
    topics = {topic.key for topic in (*facts.topics, *(known.topics if known else ()))}
    named = {fact.topic for fact in facts.facts}.union(*(t.topics for t in facts.trials))
    if named - topics:
        raise CourseError(
            "The fact file names an unknown topic: {topic}.", topic=min(named - topics)
        )


def _check_sources(facts: Facts, *, clinic: bool) -> None:
    known = {source.key for source in facts.sources}
    groups = (facts.facts, facts.checks, facts.signs, facts.rules, facts.trials)
    for one in (one for group in (*groups, facts.templates) for one in group):
        if one.source not in known:
            raise CourseError(
                "The fact file has no source {source!r} of its own; every value needs one.",
                source=one.source,
            )
    if clinic and any(source.kind != "clinic" for source in facts.sources):
        raise CourseError('A source in a clinic\'s file must have kind = "clinic".')
