"""The plan: formats are recognised by their share, several in one file, and never in prose."""

from datetime import UTC

import pyarrow as pa

from lastgood.algorithms.timestamps import Reference
from lastgood.decoding.text.plan import FALLBACK, Plan, candidates, plan_of
from lastgood.model.figures import spaced

REFERENCE = Reference(UTC, 4_102_444_800_000_000_000)
ACCESS = '10.0.0.1 - - [22/Nov/2026:14:41:00 +0000] "GET /cart HTTP/1.1" 200 1'


def plan(*lines: str) -> Plan | None:
    """The plan of lines."""
    return plan_of(pa.array([line.encode() + b"\n" for line in lines], pa.binary()), REFERENCE)


def names(found: Plan | None) -> list[str]:
    """The formats of a plan, without the one that is always there."""
    assert found is not None
    return [f.name for f in found.formats if f.name != FALLBACK]


def test_two_formats_in_one_file_are_both_read() -> None:
    """An access log with the errors of the same server in it."""
    error = "2026/11/22 14:41:00 [error] 29#29: *17 connect() failed"
    assert {"nginx access", "nginx error"} == set(names(plan(*[ACCESS] * 6, *[error] * 4)))


def test_the_first_word_of_a_message_is_no_service() -> None:
    """Only names that come again and again, and that are no common words, are services."""
    said = [
        f"2026-11-22T14:41:00Z INFO {word} to the database"
        for word in ("connection", "connected", "failed", "retrying")
    ]
    named = [
        f"2026-11-22T14:41:00Z INFO {name} went on with {n}"
        for n in range(5)
        for name in ("cart", "payments")
    ]

    assert ["time, level, service"] == names(plan(*named))
    assert "time, level, service" not in [*names(plan(*said)), FALLBACK]


def test_a_line_in_a_line_is_planned_too() -> None:
    """JSON in CRI."""
    line = '2026-11-22T14:41:00Z stdout F {"level":"info","msg":"x","time":"2026-11-22T14:41:00Z"}'
    found = plan(line)
    assert found is not None
    assert "CRI > JSON lines" == found.title
    assert "100 % of the only line match CRI; inside, 100 % of the only line match JSON lines" == spaced(
        found.because
    )


def test_prose_is_no_log() -> None:
    """Also when a date stands in it somewhere."""
    prose = ["# Notes", "", "The meeting of 2026-11-22 was long.", "We agreed on nothing."] * 5
    assert plan(*prose) is None
    assert plan() is None


def test_particular_formats_are_tried_first() -> None:
    """And the most general last."""
    ranks = [f.rank for f in candidates()]
    assert sorted(ranks, reverse=True) == ranks


def test_a_prefix_of_some_lines_only_is_none() -> None:
    """Half of these look as if a pod and a container stood before them; the wider format reads all."""
    texts = ("node-7 action start 1795358460 1 boot", "node-7 unix.hw state.down 1795358461 1 Component")
    lines = pa.array([f"{4711 + n} {texts[n % 2]} {n}".encode() for n in range(40)])
    plan = plan_of(lines, REFERENCE)
    assert plan is not None
    assert "time stamp near the front" == plan.title
    assert 1 == plan.share
