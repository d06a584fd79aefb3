"""What a kind of sink is: it plans the requests that say something, and reads from the answers what it is called there."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from lastgood.model.message import Occasion
from lastgood.model.outgoing import Outgoing
from lastgood.outside.sinks.wire import Answer, Call

ANNOUNCED = frozenset({Occasion.UPDATE, Occasion.CHANGE})
CALLED = frozenset({Occasion.PAGE, Occasion.CLEAR})


def _same(answers: Sequence[Answer], earlier: str) -> str:
    """What it was called before: nothing is to be remembered of the answers."""
    del answers
    return earlier


def _nothing(answer: Answer) -> str:
    """An answer of a good status is a good one."""
    del answer
    return ""


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of system. `plan` gets settings, message and the reference of what was sent there about the same before."""

    settings: type
    takes: frozenset[Occasion]
    plan: Callable[[Any, Outgoing, str], tuple[Call, ...]]  # what must not be repeated stands last
    probe: Callable[[Any], Call]  # of its doctor
    harmless: bool = False  # whether the probe shows nothing to anyone; else only the connection is tried
    refused: Callable[[Answer], str] = _nothing  # why an answer of a good status is none
    refers: Callable[[Sequence[Answer], str], str] = _same
