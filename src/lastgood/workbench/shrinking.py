"""Shrinking: the smallest part of a failing request that still fails at a target, within bounds of requests, time and rate.

A smaller request may fail for another reason, such as a missing field, or a code that is unknown. So its answer has to be
the same in status and error, and the working request has to work still with the same parts left out, and its texts
shortened alike. A text that cannot be shortened in both is kept whole.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from time import perf_counter, sleep
from typing import NoReturn

from lastgood.algorithms.answers_apart import failure_in, noise
from lastgood.algorithms.shrinking import BoundReached, Cut, alike, parts_of, shrunk, without
from lastgood.model.replay import CapturedRequest, HttpAnswer, Shrunk
from lastgood.outside.replay import Sender
from lastgood.workbench.reproduce import passed_on

CONFIRMING = 2  # sendings of the smallest request, at the end
TOO_MANY = 429
NO_GUARD = "no working request was compared: the smaller request may fail for another reason"
STATUS_ALONE = "the answers differ each time: only the status was compared"
OTHER_VALUES = "it fails with the real values; with the replaced personal data that is shown it does not"
UNCONFIRMED = "it did not fail again when it was sent once more"
NOT_AGAIN = "it was not sent once more as it is shown: the limit is used up"
NOTHING_LEFT = "nothing more can be left out"
KEPT_WHOLE = "a text was kept whole: the working request has none there that can be shortened alike"


@dataclass(frozen=True, slots=True)
class ShrinkBounds:
    """How much may be sent."""

    requests: int = 200
    seconds: float = 120.0
    rate: float = 10.0  # requests a second


@dataclass(slots=True)
class _Trial:
    """Whether a request with something left out fails as all of it does."""

    sender: Sender
    failing: CapturedRequest
    working: CapturedRequest | None
    answers: Sequence[HttpAnswer]
    bounds: ShrinkBounds
    wait: Callable[[float], None] = sleep
    sent: int = 0
    silent: int = 0  # sendings without an answer, one after another
    stopped: str = ""  # which bound was reached
    refuses: str = ""  # why nothing at all may be sent any more
    kept_whole: bool = False  # a text that cannot be shortened in the working request as well
    started: float = field(default_factory=perf_counter)

    def fails(self, cut: Cut) -> bool:
        """Whether it does, and the working request that is cut alike still works."""
        guard = self.working
        if guard is not None:
            same = alike(self.failing, guard, cut)
            if same is None:
                self.kept_whole = True
                return False
            guard = without(guard, same)
        if not self.is_same(self.ask(without(self.failing, cut))):
            return False
        if guard is None:
            return True
        status = self.ask(guard).status
        return status is not None and status < 400

    def is_same(self, answer: HttpAnswer) -> bool:
        """Whether an answer is the failure that was seen."""
        masked = noise(self.answers)
        return failure_in(answer, masked) == failure_in(self.answers[0], masked)

    def ask(self, request: CapturedRequest, reserve: int = CONFIRMING) -> HttpAnswer:
        """Send it, if it is within the bounds.

        Raises:
            BoundReached: it is not, or the target wants no more.
        """
        self._check(reserve)
        answer = self._send(request)
        if self.silent >= CONFIRMING and self._send(self.failing).status is None:
            self.refuses = "the target no longer answers"
        elif answer.status == TOO_MANY:
            self.refuses = "the target asks for fewer requests (429)"
        if self.refuses:
            raise BoundReached
        return answer

    def _send(self, request: CapturedRequest) -> HttpAnswer:
        """Send it, and wait for an answer no longer than there is time: what is cut at the end says nothing.

        Raises:
            BoundReached: the time is over before it is answered.
        """
        end = self.started + self.bounds.seconds
        pause = max(0.0, self.started + self.sent / self.bounds.rate - perf_counter())
        if perf_counter() + pause >= end:
            self._time_is_over()
        self.wait(pause)
        answer = self.sender.send(request, end - perf_counter())
        self.sent += 1
        if answer.status is None and perf_counter() >= end:
            self._time_is_over()
        self.silent = self.silent + 1 if answer.status is None else 0
        return answer

    def _time_is_over(self) -> NoReturn:
        self.stopped = f"the limit of {self.bounds.seconds:g} s is used up"
        raise BoundReached

    def _check(self, reserve: int) -> None:
        if self.sent + reserve >= self.bounds.requests:
            self.stopped = f"the limit of {self.bounds.requests} requests is used up"
            raise BoundReached


def shrink(
    sender: Sender,
    pair: tuple[CapturedRequest, CapturedRequest | None],
    answers: Sequence[HttpAnswer],
    bounds: ShrinkBounds,
    wait: Callable[[float], None] = sleep,
) -> Shrunk:
    """The smallest request that was found; `answers` are those to the failing one, all of them failures."""
    trial = _Trial(sender, *pair, answers, bounds, wait)
    cut, complete = shrunk(trial.failing, trial.fails)
    smallest = without(trial.failing, cut)
    notes = [
        NOTHING_LEFT
        if complete
        else f"not finished: {trial.refuses or trial.stopped or 'the body is too deep'}"
    ]
    if trial.working is None:
        notes.append(NO_GUARD)
    if trial.kept_whole:
        notes.append(KEPT_WHOLE)
    if len(failure_in(answers[0], noise(answers))) == 1 and answers[0].body:
        notes.append(STATUS_ALONE)
    shown, replaced = passed_on(smallest)
    if not trial.refuses:
        notes += _unconfirmed(trial, shown, smallest if replaced else None)
    return Shrunk(
        shown, len(parts_of(trial.failing)), len(parts_of(smallest)), trial.sent, perf_counter() - trial.started, tuple(notes)
    )  # fmt: skip


def _unconfirmed(trial: _Trial, shown: CapturedRequest, real: CapturedRequest | None) -> Iterator[str]:
    """What is not sure of the smallest request: it is sent once more as it is shown, then with its real values."""
    try:
        if trial.is_same(trial.ask(shown, reserve=0)):
            return
        yield OTHER_VALUES if real and trial.is_same(trial.ask(real, reserve=0)) else UNCONFIRMED
    except BoundReached:
        yield NOT_AGAIN
