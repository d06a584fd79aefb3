"""Several questions at once: in their order, within the budget, and what came before a problem stays."""

from lastgood.outside.connectors._at_once import at_once
from lastgood.outside.connectors.limits import CONNECTIONS
from lastgood.outside.connectors.wire import Access, Bounds, Wire
from systems import System, running


def asked(questions: int, **bounds: int) -> tuple[list[int], str, int, System]:
    """The answers to questions, each with its number; the problem, how many were counted, and the system."""
    system = System({"/x": lambda given: {"n": int(given["n"])}})
    with running(system) as url, Wire(url, Access(token="t"), Bounds(**bounds)) as wire:  # noqa: S106
        found, problem = at_once(
            wire, lambda one, n: int(one.get_json("x", n=n)["n"]), range(1, questions + 1)
        )
        return found, problem.message if problem else "", wire.asked, system


def test_answers_stand_in_the_order_of_the_questions() -> None:
    """Each is asked once and counted once, with the credential of the wire."""
    found, problem, counted, system = asked(3 * CONNECTIONS + 1)

    assert (list(range(1, 3 * CONNECTIONS + 2)), "", len(found)) == (found, problem, counted)
    assert len(found) == len(system.asked)
    assert {"Bearer t"} == {one["Authorization"] for one in system.headers}


def test_no_more_is_asked_than_the_budget_allows() -> None:
    """Then they are asked in turn, so the message has the limit of the system."""
    found, problem, counted, system = asked(9, requests=7)

    assert (list(range(1, 8)), 7, 7) == (found, counted, len(system.asked))
    assert "the limit of 7 requests is used up" in problem


def test_what_came_before_a_problem_stays() -> None:
    """The connection that met it asks no more, the others go on."""
    system = System({"/x": lambda given: (404, {}, b"") if given["n"] == "2" else {"n": int(given["n"])}})
    with running(system) as url, Wire(url) as wire:
        found, problem = at_once(wire, lambda one, n: int(one.get_json("x", n=n)["n"]), range(1, 13))

    assert [n for n in range(1, 13) if n % CONNECTIONS != 2 % CONNECTIONS] == found
    assert problem is not None
    assert "404" in problem.message
