"""Many jobs, one function, one or several processes.

Workers return values; only the caller writes them down. A photograph that
cannot be used, a fault in the program and a worker that dies each end as an
`Outcome` with a reason, and the other jobs go on.
"""

from __future__ import annotations

import concurrent.futures
import logging
import multiprocessing
import os
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from hairtrack.errors import HairtrackError, PhotoError

Job = TypeVar("Job")
Result = TypeVar("Result")
Progress = Callable[[int, int], None]
"""Called with the number of finished jobs and of all jobs."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome(Generic[Job, Result]):
    """How one job ended: with a result, or with a reason why there is none.

    Attributes
    ----------
    job : Job
        What was asked.
    result : Result or None
        What came out.
    reason : str or None
        One plain sentence when nothing came out.
    final : bool
        False when trying again might end otherwise (a dead worker, a lost
        file, a fault in the program); True when it lies in the photograph.
    """

    job: Job
    result: Result | None = None
    reason: str | None = None
    final: bool = True


class Executor(Protocol):
    """Something that runs jobs and gives their outcomes in order."""

    def outcomes(
        self, function: Callable[[Job], Result], jobs: Sequence[Job]
    ) -> Iterator[Outcome[Job, Result]]:
        """Yield one outcome for each job, in the order of the jobs."""


@dataclass(frozen=True)
class Serial:
    """One job after the other, in this process."""

    def outcomes(
        self, function: Callable[[Job], Result], jobs: Sequence[Job]
    ) -> Iterator[Outcome[Job, Result]]:
        """Yield one outcome for each job, in the order of the jobs."""
        for job in jobs:
            yield _attempt(function, job)


@dataclass(frozen=True)
class Processes:
    """Several jobs at a time, each in a process of its own with one thread.

    Attributes
    ----------
    workers : int
        Number of processes.
    """

    workers: int

    def __post_init__(self) -> None:
        if self.workers < 1:
            raise ValueError("workers must be at least 1")

    def outcomes(
        self, function: Callable[[Job], Result], jobs: Sequence[Job]
    ) -> Iterator[Outcome[Job, Result]]:
        """Yield one outcome for each job, in the order of the jobs.

        When a process dies, the job whose turn it is runs alone: only if it
        kills that process too is it given up.
        """
        done = 0
        while done < len(jobs):
            try:
                for outcome in _together(function, jobs[done:], workers=self.workers):
                    yield outcome
                    done += 1
            except BrokenProcessPool:
                yield _alone(function, jobs[done])
                done += 1


def choose_executor(jobs: int, *, workers: int | None = None) -> Executor:
    """Return processes for a large batch, this process for a small one.

    Parameters
    ----------
    jobs : int
        Number of jobs ahead.
    workers : int, optional
        Number of processes; by default one for each core, 4 at most.
    """
    if workers is None:
        workers = min(4, os.cpu_count() or 1) if jobs > 6 else 1
    return Serial() if min(workers, jobs) <= 1 else Processes(min(workers, jobs))


def run(
    function: Callable[[Job], Result],
    jobs: Sequence[Job],
    *,
    executor: Executor | None = None,
    on_progress: Progress | None = None,
) -> Iterator[Outcome[Job, Result]]:
    """Run `function` on every job and yield the outcomes in order, as they come.

    Parameters
    ----------
    function : callable
        Takes a job; defined at the top of a module, so that a process can find it.
    jobs : sequence
        Each small and picklable: paths and digests, not pixels.
    executor : Executor, optional
        `Serial` by default.
    on_progress : callable, optional
        Called with (finished, all) before the first job and after each outcome.

    Yields
    ------
    Outcome
    """
    if on_progress:
        on_progress(0, len(jobs))
    outcomes = (executor or Serial()).outcomes(function, jobs)
    for number, outcome in enumerate(outcomes, start=1):
        yield outcome
        if on_progress:
            on_progress(number, len(jobs))


def _attempt(function: Callable[[Job], Result], job: Job) -> Outcome[Job, Result]:
    try:
        return Outcome(job=job, result=function(job))
    except PhotoError as error:
        return Outcome(job=job, reason=str(error))
    except HairtrackError as error:
        return Outcome(job=job, reason=str(error), final=False)
    except Exception as error:
        _log.debug("job %r failed", job, exc_info=True)
        fault = f"{type(error).__name__}: {error}"
        reason = f"hairtrack itself failed on this photograph ({fault}); please report it."
        return Outcome(job=job, reason=reason, final=False)


def _together(
    function: Callable[[Job], Result], jobs: Sequence[Job], *, workers: int
) -> Iterator[Outcome[Job, Result]]:
    """Run jobs in a pool, never more than a few ahead of the one that is due."""
    waiting = iter(jobs)
    with _pool(workers) as pool:
        ahead: deque[concurrent.futures.Future[Outcome[Job, Result]]] = deque()
        try:
            for job in waiting:
                ahead.append(pool.submit(_attempt, function, job))
                if len(ahead) > 2 * workers:
                    yield ahead.popleft().result()
            while ahead:
                yield ahead.popleft().result()
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


def _alone(function: Callable[[Job], Result], job: Job) -> Outcome[Job, Result]:
    try:
        with _pool(1) as pool:
            return pool.submit(_attempt, function, job).result()
    except BrokenProcessPool:
        reason = (
            "The process that measured this photograph died, perhaps for lack of memory."
        )
        return Outcome(job=job, reason=reason, final=False)


def _pool(workers: int) -> concurrent.futures.ProcessPoolExecutor:
    return concurrent.futures.ProcessPoolExecutor(
        workers,
        mp_context=multiprocessing.get_context("spawn"),
        initializer=_limit_threads,
    )


def _limit_threads() -> None:
    """Keep each process to one thread; read by the libraries when they are loaded."""
    for name in (
        "OMP_NUM_THREADS",
        "OPENBLAS_NUM_THREADS",
        "OPENCV_FOR_THREADS_NUM",
        "VECLIB_MAXIMUM_THREADS",
    ):
        os.environ[name] = "1"
