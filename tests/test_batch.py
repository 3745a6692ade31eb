"""Every job ends in one outcome, in order, whatever becomes of the others.

The function is `eval` and the jobs are expressions: a worker process finds
both without importing this file.
"""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from hairtrack import batch

ERRORS = "__import__('hairtrack.errors', fromlist=['errors'])"
REFUSED = f"(_ for _ in ()).throw({ERRORS}.PhotoError('blurred'))"
LOST = f"(_ for _ in ()).throw({ERRORS}.LibraryError('missing'))"
FAULT = "1 / 0"
DEATH = "__import__('os')._exit(3)"

WORKERS = [1, 2]


@pytest.mark.parametrize("workers", WORKERS)
def test_outcomes_come_in_order_and_one_trouble_stops_nothing(workers):
    jobs = ["2 + 3", REFUSED, LOST, FAULT, "'last'"]
    outcomes = list(batch.run(eval, jobs, workers=workers))
    assert [outcome.job for outcome in outcomes] == jobs
    assert [outcome.result for outcome in outcomes] == [5, None, None, None, "last"]
    assert [str(outcome.reason) for outcome in outcomes[1:3]] == ["blurred", "missing"]
    assert "ZeroDivisionError" in str(outcomes[3].reason)
    assert "report" in str(outcomes[3].reason)


def test_a_dead_worker_loses_only_its_own_job():
    """A bare pool stops at the first death and loses all that is left."""
    jobs = [DEATH if n == 3 else str(n) for n in range(8)]
    outcomes = list(batch.run(eval, jobs, workers=2))
    assert [outcome.result for outcome in outcomes] == [0, 1, 2, None, 4, 5, 6, 7]
    assert "died" in str(outcomes[3].reason)


def test_processes_give_what_one_process_gives():
    jobs = [f"{n} ** 3" for n in range(20)]
    serial, several = (list(batch.run(eval, jobs, workers=w)) for w in WORKERS)
    assert serial == several
    for workers in WORKERS:
        assert list(batch.run(eval, [], workers=workers)) == []
        # A caller who stops early leaves nothing running.
        outcomes = batch.run(eval, jobs, workers=workers)
        assert next(outcomes).result == 0
        outcomes.close()
    with pytest.raises(ValueError, match="at least 1"):
        list(batch.run(eval, ["1"], workers=0))


def test_each_worker_keeps_to_one_thread():
    """Two workers with a thread for each core would fight for them."""
    jobs = 2 * ["__import__('cv2').getNumThreads()", "__import__('os').getpid()"]
    threads, worker, *_ = batch.run(eval, jobs, workers=2)
    assert threads.result == 1
    assert worker.result != os.getpid()


def test_progress_is_told_before_and_after_each_job():
    told = []
    outcomes = batch.run(eval, ["1", "2"], on_progress=lambda *state: told.append(state))
    assert told == []
    list(outcomes)
    assert told == [(0, 2), (1, 2), (2, 2)]


@pytest.mark.parametrize(
    ("jobs", "limit", "workers"),
    [(6, None, 1), (100, None, 4), (100, 7, 7), (3, 7, 3), (1, 7, 1), (0, None, 1)],
)
def test_small_batches_stay_in_this_process(monkeypatch, jobs, limit, workers):
    monkeypatch.setattr(os, "cpu_count", lambda: 16)
    monkeypatch.setattr(batch, "_find_free_memory", lambda: 10**12)
    assert batch.count_workers(jobs, limit=limit) == workers


@pytest.mark.parametrize(("free", "workers"), [(1.5, 1), (2.4, 2), (99, 4), (None, 4)])
def test_no_more_processes_run_than_there_is_memory_for(monkeypatch, free, workers):
    assert 1e8 < batch._find_free_memory() < 1e14
    monkeypatch.setattr(os, "cpu_count", lambda: 16)
    monkeypatch.setattr(batch, "_find_free_memory", lambda: free and int(free * 1e9))
    assert batch.count_workers(100, memory=1_190_000_000) == workers


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGKILL")
@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL])
def test_workers_end_with_their_parent(how):
    """Each of them would keep 420 MB."""
    jobs = ["__import__('os').getpid()"] * 2 + ["__import__('time').sleep(600)"] * 4
    code = f"""
from hairtrack import batch
if __name__ == "__main__":
    for outcome in batch.run(eval, {jobs}, workers=2):
        print(outcome.result, flush=True)
"""
    with subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, text=True
    ) as parent:
        workers = {int(parent.stdout.readline()) for _ in range(2)}
        parent.send_signal(how)
    end = time.monotonic() + 30
    while alive := [pid for pid in workers if is_alive(pid)]:
        assert time.monotonic() < end, f"left behind: {alive}"
        time.sleep(0.1)


def is_alive(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    state = Path(f"/proc/{pid}/stat")  # one that nobody waits for stays as a zombie
    return not (state.exists() and state.read_text().rpartition(")")[2].split()[0] == "Z")
