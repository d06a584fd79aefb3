"""Resolvers are asked one by one. What comes of their answers: outside/test_probe."""

from time import perf_counter

import pytest

from lastgood.errors import UsageError
from lastgood.outside.probe.names import SYSTEM, configured, resolved
from sites import nameserver


@pytest.mark.slow
def test_each_resolver_answers_for_itself() -> None:
    """At the same time: one that keeps still holds up none."""
    started = perf_counter()
    with (
        nameserver({"a.test": ("192.0.2.2", "192.0.2.1")}) as good,
        nameserver({}, fails="SILENT") as still,
        nameserver({}, fails="SILENT") as other,
    ):
        answers = resolved("a.test", [good, still, other], 0.5)

    assert [("192.0.2.1", "192.0.2.2"), (), ()] == [one.addresses for one in answers]
    assert [60, None, None] == [one.ttl for one in answers]
    assert perf_counter() - started < 3


def test_the_machine_is_asked_too_where_none_is_named() -> None:
    """It knows `localhost` by itself."""
    answers = resolved("localhost", [], 2)

    assert len(configured()) + 1 == len(answers)
    assert SYSTEM == answers[-1].resolver
    assert {"127.0.0.1", "::1"} & set(answers[-1].addresses)


def test_a_name_that_is_none_is_a_problem_of_the_answer() -> None:
    """Not an exception."""
    with nameserver({}) as resolver:
        (answer,) = resolved("a" * 70 + ".test", [resolver], 1)

    assert answer.problem


@pytest.mark.parametrize("text", ["dns.example", "127.0.0.1:x"])
def test_a_resolver_is_an_address(text: str) -> None:
    """A name would have to be resolved first."""
    with pytest.raises(UsageError, match="not the address of a resolver"):
        resolved("a.test", [text], 1)
