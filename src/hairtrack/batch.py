"""Run one function on many jobs, in this process or in several.

Workers return values; only the caller stores them. A photograph that cannot be used, a
fault in the program and a worker that dies each give an `Outcome` with a reason, and the
other jobs go on.
"""

from __future__ import annotations

import logging
import multiprocessing
import os
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from typing import Generic, TypeVar

from hairtrack.errors import HairtrackError
from hairtrack.messages import Message

Job = TypeVar("Job")
Result = TypeVar("Result")
Progress = Callable[[int, int], None]
"""Called with the number of finished jobs and of all jobs."""

_MIN_JOBS = 7
"""Jobs from which processes are worth their start: each takes 1 to 2 s to load."""

_MAX_WORKERS = 4
"""Workers unless the caller says otherwise."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome(Generic[Job, Result]):
    """How one job ended: with a result, or with a reason why there is none.

    `result` is what the function returned, `reason` why there is nothing.
    """

    job: Job
    result: Result | None = None
    reason: Message | None = None


def count_workers(jobs: int, *, limit: int | None = None, memory: int = 0) -> int:
    """Return how many processes a batch is worth: 1 for a small one.

    Parameters
    ----------
    jobs : int
        Number of jobs.
    limit : int, optional
        Processes at most; by default one for each core, 4 at most.
    memory : int
        Bytes that each needs; no more of them run than there is memory for.
    """
    if limit is None:
        limit = min(_MAX_WORKERS, os.cpu_count() or 1) if jobs >= _MIN_JOBS else 1
    free = _find_free_memory()
    if memory and free is not None:
        limit = min(limit, free // memory)
    return max(1, min(limit, jobs))


def _find_free_memory() -> int | None:
    """Return the bytes that processes may still take, or `None` where nobody says so."""
    try:
        with open("/proc/meminfo", encoding="ascii") as file:
            lines = dict(line.split(":", 1) for line in file)
        return int(lines["MemAvailable"].split()[0]) * 1024
    except (OSError, KeyError, ValueError):
        pass
    try:
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") // 2  # macOS
    except (AttributeError, OSError, ValueError):
        return None


def run(
    function: Callable[[Job], Result],
    jobs: Sequence[Job],
    *,
    workers: int = 1,
    on_progress: Progress | None = None,
) -> Iterator[Outcome[Job, Result]]:
    """Run `function` on every job and yield the outcomes in order, as they come.

    When a process dies, the job whose turn it is runs alone in a new one; only if that
    dies too is the job given up.

    Parameters
    ----------
    function : callable
        Takes a job; defined at the top of a module, so that a process can find it.
    jobs : sequence
        Each small and picklable: paths and digests, not pixels.
    workers : int
        Number of processes, each with one thread; 1 stands for this process.
    on_progress : callable, optional
        Called with (finished, all) before the first job and after each outcome.

    Yields
    ------
    Outcome

    Raises
    ------
    ValueError
        If `workers` is below 1.
    """
    if workers < 1:
        raise ValueError("workers must be at least 1")
    if on_progress:
        on_progress(0, len(jobs))
    if workers == 1:
        outcomes: Iterator[Outcome[Job, Result]] = (_attempt(function, job) for job in jobs)
    else:
        outcomes = _run_in_processes(function, jobs, workers)
    for number, outcome in enumerate(outcomes, start=1):
        yield outcome
        if on_progress:
            on_progress(number, len(jobs))


def _attempt(function: Callable[[Job], Result], job: Job) -> Outcome[Job, Result]:
    try:
        return Outcome(job=job, result=function(job))
    except HairtrackError as error:
        return Outcome(job=job, reason=error.message)
    except Exception as error:
        _log.debug("job %r failed", job, exc_info=True)
        reason = Message(
            "hairtrack itself failed on this photograph ({fault}); please report it.",
            fault=f"{type(error).__name__}: {error}",
        )
        return Outcome(job=job, reason=reason)


def _run_in_processes(
    function: Callable[[Job], Result], jobs: Sequence[Job], workers: int
) -> Iterator[Outcome[Job, Result]]:
    done = 0
    while done < len(jobs):
        try:
            for outcome in _run_in_pool(function, jobs[done:], workers):
                yield outcome
                done += 1
        except BrokenProcessPool:
            yield _run_alone(function, jobs[done])
            done += 1


def _run_in_pool(
    function: Callable[[Job], Result], jobs: Sequence[Job], workers: int
) -> Iterator[Outcome[Job, Result]]:
    """Run jobs in a pool, never more than a few ahead of the one that is due."""
    with _make_pool(workers) as pool:
        ahead: deque[Future[Outcome[Job, Result]]] = deque()
        try:
            for job in jobs:
                ahead.append(pool.submit(_attempt, function, job))
                if len(ahead) > 2 * workers:
                    yield ahead.popleft().result()
            while ahead:
                yield ahead.popleft().result()
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


def _run_alone(function: Callable[[Job], Result], job: Job) -> Outcome[Job, Result]:
    try:
        with _make_pool(1) as pool:
            return pool.submit(_attempt, function, job).result()
    except BrokenProcessPool:
        reason = Message(
            "The process that measured this photograph died, perhaps for lack of memory."
        )
        return Outcome(job=job, reason=reason)


def _make_pool(workers: int) -> ProcessPoolExecutor:
    return ProcessPoolExecutor(
        workers,
        mp_context=multiprocessing.get_context("spawn"),
        initializer=_start_worker,
    )


def _start_worker() -> None:
    """Keep a process to one thread, and let it end with its parent, however that ends."""
    for name in (
        "OMP_NUM_THREADS",
        "OPENBLAS_NUM_THREADS",
        "OPENCV_FOR_THREADS_NUM",
        "VECLIB_MAXIMUM_THREADS",
    ):
        os.environ[name] = "1"  # read by the libraries when they are loaded
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
