"""Every job ends in one outcome, in order, whatever becomes of the others.

The function is `eval` and the jobs are expressions: a worker process finds
both without importing this file.
"""

import os

import pytest

from hairtrack import batch

ERRORS = "__import__('hairtrack.errors', fromlist=['errors'])"
REFUSED = f"(_ for _ in ()).throw({ERRORS}.PhotoError('blurred'))"
LOST = f"(_ for _ in ()).throw({ERRORS}.LibraryError('missing'))"
FAULT = "1 / 0"
DEATH = "__import__('os')._exit(3)"

EXECUTORS = [batch.Serial(), batch.Processes(2)]


@pytest.mark.parametrize("executor", EXECUTORS, ids=str)
def test_outcomes_come_in_order_and_one_trouble_stops_nothing(executor):
    jobs = ["2 + 3", REFUSED, LOST, FAULT, "'last'"]
    outcomes = list(batch.run(eval, jobs, executor=executor))
    assert [outcome.job for outcome in outcomes] == jobs
    assert [outcome.result for outcome in outcomes] == [5, None, None, None, "last"]
    assert [outcome.final for outcome in outcomes] == [True, True, False, False, True]
    assert [outcome.reason for outcome in outcomes[:3]] == [None, "blurred", "missing"]
    assert "ZeroDivisionError" in outcomes[3].reason
    assert "report" in outcomes[3].reason


def test_a_dead_worker_loses_only_its_own_job():
    """A bare pool stops at the first death and loses all that is left."""
    jobs = [DEATH if n == 3 else str(n) for n in range(8)]
    outcomes = list(batch.run(eval, jobs, executor=batch.Processes(2)))
    assert [outcome.result for outcome in outcomes] == [0, 1, 2, None, 4, 5, 6, 7]
    assert "died" in outcomes[3].reason
    assert not outcomes[3].final


def test_processes_give_what_one_process_gives():
    jobs = [f"{n} ** 3" for n in range(20)]
    serial, several = (list(batch.run(eval, jobs, executor=e)) for e in EXECUTORS)
    assert serial == several


def test_each_worker_keeps_to_one_thread():
    """Two workers with a thread for each core would fight for them."""
    jobs = ["__import__('cv2').getNumThreads()", "__import__('os').getpid()"]
    threads, worker = batch.run(eval, jobs, executor=batch.Processes(1))
    assert threads.result == 1
    assert worker.result != os.getpid()


def test_progress_is_told_before_and_after_each_job():
    told = []
    outcomes = batch.run(eval, ["1", "2"], on_progress=lambda *state: told.append(state))
    assert told == []
    list(outcomes)
    assert told == [(0, 2), (1, 2), (2, 2)]


@pytest.mark.parametrize("executor", EXECUTORS, ids=str)
def test_a_caller_who_stops_early_leaves_nothing_running(executor):
    outcomes = batch.run(eval, [str(n) for n in range(50)], executor=executor)
    assert next(outcomes).result == 0
    outcomes.close()


@pytest.mark.parametrize("executor", EXECUTORS, ids=str)
def test_no_jobs_no_outcomes(executor):
    assert list(batch.run(eval, [], executor=executor)) == []


def test_small_batches_stay_in_this_process(monkeypatch):
    monkeypatch.setattr(os, "cpu_count", lambda: 16)
    assert batch.choose_executor(6) == batch.Serial()
    assert batch.choose_executor(100) == batch.Processes(4)
    assert batch.choose_executor(100, workers=7) == batch.Processes(7)
    assert batch.choose_executor(3, workers=7) == batch.Processes(3)
    assert batch.choose_executor(1, workers=7) == batch.Serial()
    assert batch.choose_executor(0) == batch.Serial()


def test_no_workers_is_wrong_use():
    with pytest.raises(ValueError, match="at least 1"):
        batch.Processes(0)
