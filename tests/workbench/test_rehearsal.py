"""A fault drawn into real telemetry, and which questions it answers."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from lastgood.decoding.scenario.world import World
from lastgood.errors import NoDataError, UsageError
from lastgood.model.readiness import Piece
from lastgood.model.rehearsal import Rehearsal
from lastgood.model.window import Window
from lastgood.workbench.rehearsal import effect_in, effect_like, rehearsed
from lastgood.workbench.store import Store
from own_drills import own_incident
from records import START
from rehearsals import HEALTHY, Removal, copy_of

EFFECT = effect_in("payments errors=50%")


def without_users(world: World) -> None:
    for row in world["otel_traces"]:
        row["SpanAttributes"] = [pair for pair in row["SpanAttributes"] if pair[0] != "user.id"]


def without_deploys(world: World) -> None:
    world["lg_changes"] = [row for row in world["lg_changes"] if row["Kind"] != "deploy"]


def without_lines(world: World) -> None:
    world["otel_logs"] = []


def without_spans_of_payments(world: World) -> None:
    world["otel_traces"] = [
        row for row in world["otel_traces"] if row["ServiceName"] not in {"payments", "mail"}
    ]


def not_answered(found: Rehearsal) -> set[str]:
    return {one.question for one in found.asked if not one.answered}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("remove", "missing", "piece"),
    [
        (None, set(), None),
        (without_users, {"Who is affected?"}, Piece.USERS),
        (without_deploys, {"What changed?", "What do we do now?"}, Piece.DEPLOYS),
        (without_lines, {"What do the logs show?"}, Piece.LINES),
    ],
)
def test_a_missing_piece_costs_its_question(
    store: Store, remove: Removal | None, missing: set[str], piece: Piece | None
) -> None:
    """With everything all seven are answered; else the reason is named."""
    found = rehearsed(copy_of(store, *([remove] if remove else [])), EFFECT, store)

    assert missing == not_answered(found), found.asked
    named = {gap.piece for one in found.asked for gap in one.missing}
    assert piece is None or piece in named


@pytest.mark.slow
def test_a_segment_and_a_service_without_spans(store: Store) -> None:
    """Only one region fails; the client spans of its callers tell of a service that sends none."""
    part = rehearsed(copy_of(store), effect_in("payments errors=90% where cloud.region=us"), store)
    assert "Who is affected?" not in not_answered(part), part.asked
    silent = rehearsed(copy_of(store, without_spans_of_payments), EFFECT, store)

    assert "Is it real?" not in not_answered(silent)
    assert silent.hit > 100


@pytest.mark.slow
@pytest.mark.parametrize(
    ("until", "course", "copied"),
    [
        ("11:00", "then errors=60% at 10:48", ("10:00", "10:43")),
        ("11:00", "then errors=60% at 10:12 then errors=0.2% at 10:20", ("10:25", "11:00")),
    ],
)
def test_a_real_incident_is_left_out(store: Store, until: str, course: str, copied: tuple[str, str]) -> None:
    """The copy ends before one that goes on, and begins after one that is over: all questions are answered as without it."""
    text = HEALTHY.replace("10:40", until).replace("errors=0.2%", f"errors=0.2% {course}")
    copy = copy_of(store, text=text)

    assert copy.beside is not None
    for wanted, time in zip(copied, (copy.window.start, copy.window.end), strict=True):
        hour, minute = map(int, wanted.split(":"))
        assert abs(time - time.replace(hour=hour, minute=minute, second=0, microsecond=0)) < timedelta(
            minutes=2
        )
    assert set() == not_answered(rehearsed(copy, EFFECT, store))


def test_a_rehearsal_at_a_named_time(store: Store) -> None:
    """The copy ends there; beyond the data, at their end."""
    for end, wanted in ((START.replace(hour=10, minute=31), 31), (START.replace(hour=12), 40)):
        within = Window(START.replace(hour=9, minute=0, day=20), end.replace(day=20))
        copy = copy_of(store, within=within)
        assert abs(copy.window.end - START.replace(day=20, hour=10, minute=wanted)) < timedelta(minutes=1)
        assert copy.beside is None
    with pytest.raises(NoDataError, match="no telemetry in that time"):
        copy_of(store, within=Window(START, START + timedelta(hours=1)))


def test_without_a_quiet_time_nothing_is_rehearsed(store: Store) -> None:
    """The incident started twelve minutes after the first telemetry."""
    with pytest.raises(
        NoDataError, match="no quiet time to rehearse on: an incident started at 2026-11-20 10:1"
    ) as none:
        copy_of(store, text=HEALTHY.replace("errors=0.2%", "errors=0.2% then errors=60% at 10:12"))
    assert "30" in none.value.hint
    assert "--to" in none.value.hint


def test_what_cannot_be_rehearsed(store: Store, tmp_path: Path) -> None:
    """A text that is no effect, a service that serves nothing, an incident that was not confirmed."""
    for text in ("payments", "payments speed=3", "payments errors=x", "payments errors", "'"):
        with pytest.raises(UsageError, match=r"effect"):
            effect_in(text)
    copy = copy_of(store)
    with pytest.raises(NoDataError, match="No request of nothing"):
        rehearsed(copy, replace(EFFECT, service="nothing"), store)
    with pytest.raises(NoDataError, match="with version=v0 is in") as gone:
        rehearsed(copy, replace(EFFECT, where=(("version", "v0"),)), store)
    with pytest.raises(NoDataError, match=r"of it's nothing with version=v0 is in") as neither:
        rehearsed(copy, replace(EFFECT, service="it's nothing", where=(("version", "v0"),)), store)
    assert "--rehearse 'payments errors=50%'" in gone.value.hint
    assert "--rehearse" not in neither.value.hint  # it would find none either
    with own_incident(tmp_path) as room:
        like = effect_like(room.incident)
        with pytest.raises(UsageError, match="No telemetry confirmed"):
            effect_like(replace(room.incident, confirmed=None))

    assert "checkout errors=5.5%" == like.text
    assert (
        "payments errors=50% latency=1500ms where a=b"
        == effect_in("payments errors=50% latency=1.5s where a=b").text
    )
