"""What an incident of the record lacked."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from lastgood.model.action import ActionBegun
from lastgood.model.entry import Frozen, Mitigated
from lastgood.model.readiness import Piece
from lastgood.readings.rollback import VERSIONS
from lastgood.workbench.missed_pieces import missed
from lastgood.workbench.room import Room
from postmortems import ASSESSED, BAD
from rooms import room_in

SHAPES = "SELECT shape, level, trace FROM lg_lines"
REQUESTS = "SELECT service, operation, phase, bin, n, failures GROUP BY service, operation, phase, bin"


def of(folder: Path, *more: Frozen | ActionBegun | Mitigated) -> tuple[Piece, ...]:
    """What an incident with this on record lacked."""
    with room_in(folder) as room:
        room.append(ASSESSED)
        for one in more:
            room.append(kept(room, one) if isinstance(one, Frozen) else one)
        return missed(room.record, room.entries)


def evidence(sql: str, *rows: dict[str, object]) -> Frozen:
    """Rows that were kept; their content is written later."""
    document = json.dumps({"columns": [*rows[0]] if rows else [], "rows": [[*row.values()] for row in rows]})
    return Frozen("so it is", "What?", sql, {}, BAD, len(rows), cut_off=False, content=document)


def kept(room: Room, one: Frozen) -> Frozen:
    return replace(one, content=room.record.keep(one.content.encode()))


def test_what_had_no_answer_is_missing(tmp_path: Path) -> None:
    """By the answer alone; an incident that no telemetry confirmed lacked nothing that is known."""
    with room_in(tmp_path) as room:
        assert () == missed(room.record, room.entries)
        room.append(replace(ASSESSED, path=None, changes=(), symptoms=()))

        assert (Piece.TRACES, Piece.DEPLOYS, Piece.LINES) == missed(room.record, room.entries)


@pytest.mark.parametrize(
    ("signals", "lacking"),
    [
        ({"errors": "up", "saturation": None}, (Piece.METRICS,)),
        ({"errors": "up", "saturation": "flat"}, ()),
        (None, ()),
    ],
)
def test_without_saturation_metrics_are_missing(signals: object, lacking: object, tmp_path: Path) -> None:
    """By the answer as it was kept; one without any signal says nothing of them."""
    with room_in(tmp_path) as room:
        document = room.record.keep(json.dumps({"signals": signals}).encode())
        room.append(replace(ASSESSED, document=document))

        assert lacking == missed(room.record, room.entries)


@pytest.mark.parametrize(
    ("rows", "lacking"),
    [
        ([{"shape": 1, "level": "", "trace": ""}], (Piece.LEVELS, Piece.TRACE_IDS)),
        ([{"shape": 1, "level": "", "trace": "t"}, {"shape": 2, "level": "error", "trace": ""}], ()),
        ([{"shape": 1, "level": ""}], (Piece.LEVELS,)),
        ([], ()),
    ],
)
def test_lines_without_levels_or_trace_ids(
    rows: list[dict[str, object]], lacking: object, tmp_path: Path
) -> None:
    """All of those that were kept; without a line nothing is known."""
    assert lacking == of(tmp_path, evidence(SHAPES, *rows))


def test_a_service_without_versions(tmp_path: Path) -> None:
    """The one that was to be rolled back."""
    assert (Piece.VERSIONS,) == of(tmp_path / "a", evidence(VERSIONS))
    assert () == of(tmp_path / "b", evidence(VERSIONS), evidence(VERSIONS, {"version": "v1"}))


@pytest.mark.parametrize(
    ("service", "operation", "failures", "lacking"),
    [
        ("payments", "GET /healthz", 0, (Piece.HEALTH,)),
        ("payments", "GET /healthz", 3, ()),
        ("payments", "GET /items", 0, ()),
        ("mail", "GET /healthz", 0, ()),
    ],
)
def test_a_health_check_that_passed(
    service: str, operation: str, failures: int, lacking: object, tmp_path: Path
) -> None:
    """Of the suspected service, while it failed."""
    row = {"service": service, "operation": operation, "phase": "bad", "bin": 1, "n": 9, "failures": failures}

    assert lacking == of(tmp_path, evidence(REQUESTS, row))


@pytest.mark.parametrize(
    ("what", "because", "lacking"),
    [
        ("rollback", "v41 is back", (Piece.SWITCHES,)),
        ("rollback", "the flag anz is off", ()),
        ("flag_off", "it is off", ()),
        (None, "it went away", ()),
    ],
)
def test_a_kill_switch_was_missing(what: str | None, because: str, lacking: object, tmp_path: Path) -> None:
    """Where something else was done, and no flag ended it."""
    acted = () if what is None else (ActionBegun(what, "checkout", "hand"),)

    assert lacking == of(tmp_path, *acted, Mitigated(because))


def test_damaged_evidence_says_nothing(tmp_path: Path) -> None:
    """The rest still counts."""
    with room_in(tmp_path) as room:
        room.append(replace(ASSESSED, path=None))
        room.append(replace(evidence(SHAPES), content="0" * 64))

        assert (Piece.TRACES,) == missed(room.record, room.entries)
