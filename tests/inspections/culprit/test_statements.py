"""Log lines: what breaks off between two statements, recoveries, moved line numbers, silence."""

from pathlib import Path
from typing import Any

import pytest

from cases import case_of, reported
from lastgood.algorithms.counts import CLEAR, wilson
from lastgood.algorithms.steps import Break
from lastgood.inspections.culprit.statements import (
    STATEMENTS,
    _blamed,
    _breaks,
    _named,
    _new_errors,
    _one_trace_in,
    _quotes,
    _recovery,
    _renumbered,
)
from lastgood.inspections.culprit.weights import (
    ERRORS_LEAST,
    ERRORS_MORE,
    ERRORS_SCALE,
    LINES_FOLLOWED,
    MORE_ERRORS,
    NAMED_BY_CALLER,
    NEW_ERRORS,
    QUOTE_LETTERS,
    REFUSED_STATEMENTS,
    RENUMBERED,
    REPORTED_ERRORS,
)
from lastgood.readings.suspicions import grown
from lastgood.workbench.store import Store


def line(text: str, good: int, bad: int, worst: int = 9, unnumbered: int = 0) -> dict[str, Any]:
    """One statement's account."""
    return {
        "text": text,
        "good": good,
        "bad": bad,
        "worst": worst,
        "unnumbered": unnumbered,
        "logger": "a.B",
        "buckets": [],
    }


def step(name: str, after: int, then: int, good: int, bad: int) -> dict[str, Any]:
    """One step of a unit of work in the service `cart`."""
    return {
        "service": "cart",
        "name": name,
        "after": after,
        "next": then,
        "good": good,
        "bad": bad,
        "buckets": [],
    }


CAUGHT = """scenario  one line of code that logs every exception
time      2026-11-20 10:00 .. 10:20
seed      4

logs      cart error "Unhandled exception" rate=1/s {place} exception.type=KeyError exception.message=coupon
logs      cart error "Unhandled exception" rate=0/s {place} exception.type=PriceError exception.message=none then rate=1/s at 10:10
"""


@pytest.mark.parametrize("place", ["", "code.line.number=7"])
def test_another_exception_at_the_same_place_is_another_statement(
    store: Store, tmp_path: Path, place: str
) -> None:
    """It was never reported before, and no line numbers moved."""
    case = case_of(store, reported(store, tmp_path, CAUGHT.format(place=place), 10))
    rows = case.query(STATEMENTS).dicts()

    (new,) = _new_errors({(row["service"], row["statement"]): row for row in rows})
    assert new.because.endswith("errors “Unhandled exception: PriceError: none” (0 before)")
    assert set() == _renumbered({(row["service"], row["statement"]): row for row in rows})


def test_a_span_that_should_speak_and_does_not_is_seen() -> None:
    """It said one thing and ended; now most spans of its name say nothing at all."""
    (found,) = _breaks([step("query", 0, 1, 40, 10), step("query", 1, 0, 40, 10), step("query", 0, 0, 0, 30)])

    assert ("", "", "1") == (found.after, found.then, found.usual)


def test_spans_that_never_speak_are_no_silence() -> None:
    """Nothing was ever said in them."""
    assert [] == _breaks([step("SELECT", 0, 0, 40, 40)])


def test_errors_that_end_are_no_break() -> None:
    """An error used to follow, and no longer does."""
    known = {("cart", "2"): line("charge refused", 30, 0, worst=17)}

    assert _recovery(Break(("cart", "Place"), "1", "", "2", 0, 30, 30, 30, 0.8), known)


def test_new_errors_count_against_the_service_that_tells_them() -> None:
    """Thirty of a hundred lines are an error never reported before; one that was as frequent before is churn."""
    known = {
        ("cart", "1"): line("served", 100, 70),
        ("cart", "2"): line("stock is gone", 0, 30, worst=17),
        ("mail", "1"): line("sent", 100, 100),
        ("mail", "2"): line("bounced", 20, 21, worst=17),
    }

    (found,) = _new_errors(known, ())

    assert ("cart", True) == (found.service, found.caught)
    assert "30 errors" in found.because


def test_another_build_only_moves_line_numbers() -> None:
    """All statements are new by their numbers, and old without them: they cannot be followed, and it is said."""
    known = {
        ("cart", "1"): line("served", 100, 0, unnumbered=5),
        ("cart", "2"): line("served", 0, 100, unnumbered=5),
        ("mail", "3"): line("sent", 90, 90, unnumbered=6),
    }

    assert {"cart"} == _renumbered(known)


def test_a_broken_sequence_is_placed_between_its_statements() -> None:
    """After the lookup the result used to be reported; now an error is."""
    rows = [step("find", 0, 1, 30, 30), step("find", 1, 2, 30, 2), step("find", 1, 3, 0, 28)]

    (found,) = _breaks(rows)

    assert ("1", "3", "2", 28, 30) == (found.after, found.then, found.usual, found.bad, found.bad_of)


def test_an_error_that_names_another_service_is_a_call_of_it() -> None:
    """Not one that it came from, not a word that only holds the name, and not one reported as often before."""
    known = {
        ("web", "1"): line("checkout said 500", 0, 30, worst=17),
        ("checkout", "2"): line("refused a request from web", 0, 30, worst=17),
        ("web", "3"): line("no cart-rules", 0, 30, worst=17),
        ("web", "4"): line("mail bounced", 30, 30, worst=17),
    }

    assert {"web": {"checkout"}} == _named(known, {"web", "checkout", "cart", "mail"})


def test_errors_weigh_by_their_share_of_lines() -> None:
    """Never reported before they weigh more; from the least number and the least rise on."""

    def reported(good: int, bad: int, lines: int = 100) -> list[float]:
        known = {
            ("cart", "1"): line("served", lines - good, lines - bad),
            ("cart", "2"): line("gone", good, bad, worst=17),
        }
        return [one.strength for one in _new_errors(known, ())]

    def strength(good: int, bad: int) -> float:
        return grown(wilson(bad, 100, CLEAR)[0] - wilson(good, 100, CLEAR)[1], ERRORS_SCALE)

    assert [pytest.approx(NEW_ERRORS * strength(0, 30))] == reported(0, 30)
    assert [pytest.approx(MORE_ERRORS * strength(2, 60))] == reported(2, 60)
    assert reported(0, ERRORS_LEAST, ERRORS_LEAST)
    assert [] == reported(0, ERRORS_LEAST - 1, ERRORS_LEAST - 1)
    assert reported(10_000, round(10_000 * ERRORS_MORE) + 1, 40_000)
    assert [] == reported(10_000, round(10_000 * ERRORS_MORE), 40_000)


def test_another_build_moves_a_share_of_lines() -> None:
    """From the share on."""

    def moved(lines: int) -> set[str]:
        known = {("cart", "1"): line("a", 100, 0, unnumbered=5), ("cart", "2"): line("a", 0, lines, unnumbered=5),
                 ("cart", "3"): line("b", 100, 1000 - lines, unnumbered=6)}  # fmt: skip
        return _renumbered(known)

    assert {"cart"} == moved(round(1000 * RENUMBERED) + 1)
    assert set() == moved(round(1000 * RENUMBERED))


def test_a_quote_is_long_enough() -> None:
    """A short text is no quote."""

    def quoted(letters: int) -> list[tuple[str, str]]:
        error = "x" * letters
        known = {
            ("web", "1"): line(f"failed: {error}", 0, 9, worst=17),
            ("pay", "2"): line(error, 0, 9, worst=17),
        }
        return list(_quotes(known))

    assert [("web", "pay")] == quoted(QUOTE_LETTERS)
    assert [] == quoted(QUOTE_LETTERS - 1)


@pytest.mark.parametrize(
    "text",
    ["upstream error", "stock responded 503", "geocoder answered 429", "cart: HTTP 502", "bad gateway"],
)
def test_who_says_that_another_failed_is_suspected_less(text: str) -> None:
    """The same errors in words of its own weigh more."""
    strengths = [
        _new_errors({("web", "a"): line(said, 0, 50, worst=17)})[0].strength
        for said in (text, "total is negative")
    ]

    assert [REPORTED_ERRORS, NEW_ERRORS] == pytest.approx(strengths, rel=0.02)


def test_a_store_that_refuses_a_statement_is_suspected_less() -> None:
    """It answers as it should; an error of another kind, or of a program, weighs as ever."""
    missing = "column basket.gift does not exist at character 118"
    strengths = [
        _new_errors({(service, "a"): line(said, 0, 50, worst=17)})[0].strength
        for service, said in (
            ("postgresql", missing),
            ("postgresql", "could not read block 7"),
            ("web", missing),
        )
    ]

    assert [REFUSED_STATEMENTS, NEW_ERRORS, NEW_ERRORS] == pytest.approx(strengths, rel=0.02)


def test_an_error_that_names_an_unknown_host_is_about_that_host() -> None:
    """`host:port` is the peer; one that reports itself is a service of its own."""
    known = {("shop", "1"): line("failed to connect to payments-db:5432: timeout", 0, 40, 17)}

    (unknown,) = _new_errors(known, ["shop"])
    (reporting,) = _new_errors(known, ["shop", "payments-db"])

    assert ("shop", "payments-db", "database") == (unknown.service, unknown.component, unknown.kind)
    assert "a.B" == reporting.component
    assert {"shop": {"payments-db"}} == _named(known, ["shop", "payments-db"])


def test_who_a_callers_errors_name_is_suspected_more_than_the_caller() -> None:
    """Without spans; where two are named, neither."""
    known = {("shop", "1"): line("upstream ledger timed out", 0, 40, 17)}
    errors = _new_errors(known, ["shop", "ledger"])

    (against,) = _blamed(errors, _named(known, ["shop", "ledger"]))

    assert "ledger" == against.service
    assert NAMED_BY_CALLER * errors[0].strength == pytest.approx(against.strength)
    assert against.strength > errors[0].strength
    assert [] == list(_blamed(errors, {"shop": {"ledger", "upstream"}}))


def test_of_many_lines_a_part_of_the_traces_is_followed() -> None:
    """All of LINES_FOLLOWED, and one in two of a line more."""
    counts = [LINES_FOLLOWED, LINES_FOLLOWED + 1, 2 * LINES_FOLLOWED, 2 * LINES_FOLLOWED + 1]

    assert [1, 2, 2, 3] == [_one_trace_in(int(lines)) for lines in counts]
