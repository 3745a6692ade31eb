"""What `hairtrack course` prints: lines and tables for people, JSON for machines."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from hairtrack.cli.output import print_line, print_table
from hairtrack.course import explanations
from hairtrack.course.diary import list_yes_answers, match_missed_doses
from hairtrack.course.plans import count_sessions

if TYPE_CHECKING:
    from hairtrack.course.aftercare import PhotoWindow
    from hairtrack.course.diary import Alert
    from hairtrack.course.entries import Session
    from hairtrack.course.facts import Facts
    from hairtrack.course.plans import PhotoDay
    from hairtrack.course.timeline import Event, Phase
    from hairtrack.workflows.course import Course
    from hairtrack.workflows.overview import CourseStatus


def print_today(today: CourseStatus, course: Course) -> None:
    """Print what a person is told at this moment."""
    print_alerts(today.alerts, course.facts)
    for check in today.hits:
        source = explanations.describe_source(check.source, course.facts)
        print_line(f"{check.asks} ({source}): {explanations.SPEAK_FIRST}")
    print_line(explanations.describe_moment(today.now))
    print_line(today.start)
    for session in today.overdue:
        print_line(
            f"Number {session.id}, {explanations.describe_moment(session.at)}: was it "
            "done? `hairtrack course done` or `hairtrack course skip` says so."
        )
    if today.next_session is not None:
        of = count_sessions(today.next_session, course.sessions)
        told = explanations.describe_session(today.next_session, of)
        print_line(f"Next: {told}, {explanations.describe_moment(today.next_session.at)}")
    if today.photo_day is not None:
        print_line(
            f"Next photographs: {today.photo_day.day.isoformat()}, {today.photo_day.why}"
        )
    if today.latest is not None:
        kind = course.kind_of(today.latest)
        print_line(f"After the session of {explanations.describe_moment(today.latest.at)}:")
        for timer in today.timers:
            print_line(f"  {explanations.describe_timer(timer, course.facts, kind=kind)}")
        print_line(explanations.NO_ADVICE)


def print_alerts(alerts: Iterable[Alert], facts: Facts) -> None:
    """Print alerts, the loudest first."""
    for alert in alerts:
        print_line(f"{alert.day.isoformat()}  {explanations.describe_alert(alert, facts)}")


def print_plan(sessions: Sequence[Session], course: Course) -> None:
    """Print sessions by time."""
    if not sessions:
        print_line("There is no plan yet; `hairtrack course plan` makes one.")
        return
    rows = [
        (
            str(one.id),
            explanations.describe_moment(one.at),
            explanations.describe_kind(course.kind_of(one)),
            explanations.describe_session(one, count_sessions(one, sessions)),
            str(one.status),
            one.plan or "free",
        )
        for one in sorted(sessions, key=lambda one: one.at)
    ]
    print_table(("number", "when", "treatment", "session", "status", "plan"), rows)


def print_course(course: Course) -> None:
    """Print treatments and what was set."""
    rows = [
        (
            str(one.id),
            explanations.describe_kind(one.kind),
            str(one.started_on or ""),
            str(one.stopped_on or ""),
            one.given,
            one.operator,
            ", ".join(one.zones),
        )
        for one in course.treatments
    ]
    print_table(("number", "treatment", "begun", "ended", "given", "by", "where"), rows)
    print_plan(course.sessions, course)
    for marked in match_missed_doses(
        course.doses, course.sessions, course.treatments, course.facts
    ):
        print_line(explanations.describe_dose(marked))


def print_checks(course: Course) -> None:
    """Print the checklist before a session, hits first told."""
    hits = {check.key for check in list_yes_answers(course.answers, course.facts)}
    answered = {answer.check for answer in course.answers}
    rows = []
    for check in course.facts.checks:
        answer = "yes" if check.key in hits else "no" if check.key in answered else ""
        rows.append((check.key, check.asks, check.source, answer))
    print_table(("item", "asked", "source", "answer"), rows)
    if hits:
        print_line(explanations.SPEAK_FIRST)
    print_line("Answers stay in this library.")


def print_diary(course: Course) -> None:
    """Print the diary."""
    titles = {sign.key: sign.title for sign in course.facts.signs}
    rows = [
        (
            str(one.id),
            explanations.describe_moment(one.at),
            titles.get(one.sign, one.sign),
            str(one.severity),
            one.place,
            one.note,
        )
        for one in course.symptoms
    ]
    print_table(("number", "when", "sign", "severity", "where", "note"), rows)


def print_sources(facts: Facts, topics: Sequence[str]) -> None:
    """Print what each source says, topic by topic, and what trials found beside it."""
    for topic in facts.topics:
        if topics and topic.key not in topics:
            continue
        print_line(f"{topic.title} ({topic.key})")
        for fact in facts.about(topic.key):
            case = f" [{fact.case}]" if fact.case else ""
            print_line(
                f"  {explanations.describe_source(fact.source, facts)}{case}: {fact.says}"
            )
        for trial in facts.trials:
            if topic.key in trial.topics:
                name = explanations.describe_source(trial.source, facts)
                print_line(
                    f"  study, {name}: {trial.treatment}; {trial.says} (week: {trial.week})"
                )
    if not topics:
        for rule in facts.rules:
            print_line(f"{facts.source(rule.source).title}: {rule.says}")
        for source in facts.sources:
            print_line(f"{source.key}: {source.title}")
    print_line(explanations.NO_ADVICE)


def print_templates(facts: Facts) -> None:
    """Print the plans that the sources state."""
    rows = [
        (
            one.key,
            one.title,
            ", ".join(explanations.describe_kind(kind) for kind in one.kinds),
            one.note,
        )
        for one in facts.templates
    ]
    print_table(("template", "as stated", "for", "note"), rows)


def print_timeline(events: Sequence[Event], phases: Sequence[Phase], facts: Facts) -> None:
    """Print everything by day, then the phases beside each other."""
    for event in events:
        print_line(f"{event.day.isoformat()}  {explanations.describe_event(event, facts)}")
    for phase in phases:
        print_line(explanations.describe_phase(phase))
    if phases:
        print_line(explanations.ASSOCIATION)
        season = facts.rule("season")
        print_line(f"{season.says} ({facts.source(season.source).title}).")


def print_photos(days: Sequence[PhotoDay], flags: Mapping[str, PhotoWindow]) -> None:
    """Print days for photographs, then photographs that lie too near a session."""
    for one in days:
        print_line(f"{one.day.isoformat()}  {one.why}")
    for digest, found in flags.items():
        told = explanations.describe_window(found)
        if told:
            print_line(f"photograph {digest[:12]}: {told}")
