"""The score of readiness and its parts."""

from datetime import UTC, datetime, timedelta
from time import process_time

import pytest

from lastgood.model.readiness import WEIGHTS, Measured, Piece, Readiness
from lastgood.model.window import Window

START = datetime(2026, 11, 20, 10, tzinfo=UTC)
HOUR = Window(START, START + timedelta(hours=1))


def of(*measured: Measured) -> Readiness:
    """Measured over an hour."""
    return Readiness(HOUR, measured)


def test_a_score_is_what_is_there_by_weight() -> None:
    """Over what could be measured, and no more."""
    found = of(
        Measured(Piece.SPANS, 1, 1, "web"),
        Measured(Piece.SPANS, 0, 1, "email"),
        Measured(Piece.LEVELS, 4, 4, "web"),
    )

    assert pytest.approx(100 * (WEIGHTS[Piece.SPANS] / 2 + 1) / (WEIGHTS[Piece.SPANS] + 1)) == found.score
    assert Piece.USERS in found.unmeasured
    assert Piece.LEVELS not in found.unmeasured


def test_score_and_costs_make_a_hundred() -> None:
    """What each entry costs is what the score lacks."""
    measured = (
        Measured(Piece.USERS, 1, 25, "web"),
        Measured(Piece.DEPLOYS, 0, 1),
        Measured(Piece.LINES, 1, 1, "web"),
    )
    found = of(*measured)

    assert pytest.approx(100) == found.score + sum(found.cost(one) for one in measured)
    assert [Piece.DEPLOYS, Piece.USERS] == [gap.piece for gap in found.gaps]


@pytest.mark.parametrize(("there", "gap"), [(0, True), (49, True), (50, False), (100, False)])
def test_a_gap_is_missing_for_most(there: int, gap: bool) -> None:
    """Half of it is enough to build on."""
    assert gap == Measured(Piece.USERS, there, 100, "web").is_gap


def test_every_piece_has_a_weight() -> None:
    """None is forgotten."""
    assert set(Piece) == set(WEIGHTS)


def test_a_broken_trace_costs_those_below_it_their_users() -> None:
    """Of an incident above it nothing is missing; what another service lacks is no matter, but for users."""
    torn = Measured(Piece.TRACES, 0, 9, "checkout", "mail")
    found = of(
        Measured(Piece.TRACES, 9, 9, "web", "checkout"), torn, Measured(Piece.TRACES, 9, 9, "mail", "post"),
        Measured(Piece.LEVELS, 0, 9, "web"),
    )  # fmt: skip

    assert [(), (torn,), (torn,)] == [found.missing_for(name) for name in ("checkout", "mail", "post")]
    assert [Piece.LEVELS] == [one.piece for one in found.missing_for("web")]


def test_a_service_without_spans_hides_who_enters_above_it() -> None:
    """Of those that no one is seen to call; not of an entry, nor where a call is seen, nor of itself."""
    silent = Measured(Piece.SPANS, 0, 1, "checkout")
    found = of(Measured(Piece.USERS, 9, 9, "web"), silent, Measured(Piece.TRACES, 9, 9, "mail", "post"))

    assert [(silent,), (), (), ()] == [found.hiding(name) for name in ("mail", "post", "web", "checkout")]
    assert () == of(silent).hiding("mail")


def test_many_services_take_no_longer_each() -> None:
    """What is computed of all of them is computed once: with the cube of 400 services a page took minutes."""
    pieces = (Piece.SPANS, Piece.VERSIONS, Piece.INSTANCES, Piece.LEVELS)
    found = of(*(Measured(piece, 0, 1, f"svc-{n}") for n in range(400) for piece in pieces))
    started = process_time()

    assert all(len(pieces) == len(found.missing_for(one)) for one in found.services)
    assert len(pieces) * 400 == len(found.gaps)
    assert process_time() - started < 5
