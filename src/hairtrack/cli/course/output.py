"""What several commands of `hairtrack course` print."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from hairtrack.cli.output import print_json, print_line, print_table
from hairtrack.course import explanations
from hairtrack.course.plans import count_sessions

if TYPE_CHECKING:
    from hairtrack.course.diary import Alert
    from hairtrack.course.entries import Session
    from hairtrack.course.facts import Facts
    from hairtrack.workflows.course import Course

__all__ = ["print_alerts", "print_json", "print_line", "print_plan", "print_table"]


def print_alerts(alerts: Iterable[Alert], facts: Facts) -> None:
    """Print alerts, the most urgent first."""
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
