import datetime as dt

import pytest

from hairtrack.course.facts import packaged_facts
from hairtrack.course.watch import SiteValue, judge_sites, watch_sites

DAY = dt.date(2025, 3, 10)
SITE = "grid_r4c3"


def value(weeks, here, rest=0.20):
    return SiteValue(day=DAY + dt.timedelta(weeks=weeks), site=SITE, here=here, rest=rest)


def watch(*values, treated=(DAY,), sdc=4.0):
    return watch_sites(values, {SITE: treated}, sdc_pp={SITE: sdc}, days=365)


def test_a_place_is_compared_with_the_rest_since_before_its_first_session():
    (found,) = watch(value(-1, 0.30), value(4, 0.41, 0.25))
    # Eleven points more here, five more at the rest: six against it.
    assert found.delta_pp == pytest.approx(6.0)
    assert found.beyond


def test_what_place_and_rest_do_alike_cancels():
    (found,) = watch(value(0, 0.30), value(4, 0.42, 0.32))
    assert found.delta_pp == pytest.approx(0.0, abs=1e-9)
    assert not found.beyond


def test_less_scalp_is_never_an_alert():
    (found,) = watch(value(0, 0.30), value(4, 0.10))
    assert found.delta_pp == pytest.approx(-20)
    assert not found.beyond


def test_a_place_is_watched_for_a_year_after_its_last_session():
    values = [value(0, 0.3), value(52, 0.4), value(53, 0.4)]
    assert [one.day for one in watch(*values)] == [DAY + dt.timedelta(weeks=52)]
    later = (DAY, DAY + dt.timedelta(weeks=10))
    assert len(watch(*values, treated=later)) == 2


def test_untreated_places_and_unknown_noise_are_left_out():
    assert watch_sites([value(0, 0.3), value(4, 0.9)], {}, sdc_pp={SITE: 1}, days=365) == []
    assert watch(value(0, 0.3), value(4, 0.9), treated=()) == []
    assert (
        watch_sites([value(0, 0.3), value(4, 0.9)], {SITE: [DAY]}, sdc_pp={}, days=9) == []
    )


def test_photographs_begun_in_mid_course_are_compared_with_the_first_of_them():
    (found,) = watch(value(2, 0.3), value(6, 0.5))
    assert found.delta_pp == pytest.approx(20)


def test_only_the_last_visit_of_a_place_alerts():
    facts = packaged_facts()
    gone = watch(value(0, 0.3), value(4, 0.5), value(8, 0.3))
    there = watch(value(0, 0.3), value(4, 0.3), value(8, 0.5))
    assert judge_sites(gone, facts) == []
    (alert,) = judge_sites(there, facts)
    assert alert.source == "jocd12320"
