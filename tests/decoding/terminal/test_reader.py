"""A terminal's output line by line."""

from datetime import UTC

from lastgood.algorithms.timestamps import Reference
from lastgood.decoding.terminal.clock import Clock
from lastgood.decoding.terminal.reader import Kind, Line, Reader


def read(text: str) -> list[Line]:
    """What the lines are."""
    return list(Reader(Clock(Reference(UTC, 1_796_000_000_000_000_000))).read(text.splitlines()))


def kinds(text: str) -> list[Kind]:
    """Of what kind the lines are."""
    return [line.kind for line in read(text)]


def test_sections_averages_and_restarts() -> None:
    """A header may bear a time; averages are nobody's values."""
    found = read(
        "Linux 6.1 (web-2) 11/10/2026 _x86_64_\n\n10:00:01 CPU %user %idle\n10:10:01 all 11.5 88.5\nAverage: all 11.5 88.5\n\n"
        "10:12:00 LINUX RESTART (8 CPU)\n\n10:12:01 runq-sz ldavg-1\n10:20:01 3 1.2\n"
    )
    frame, row, blank = Kind.FRAME, Kind.ROW, Kind.BLANK
    assert [frame, blank, frame, row, frame, blank, Kind.RESTART, blank, frame, row] == [
        line.kind for line in found
    ]


def test_a_prompt_names_the_namespace_and_trouble_is_said() -> None:
    """Between the rounds of a loop."""
    reader = Reader(Clock(Reference(UTC, 1_796_000_000_000_000_000)))
    text = (
        "$ while sleep 9; do date; kubectl top pods -n media; done\n2026-11-10T10:02:00Z\nNAME CPU(cores) MEMORY(bytes)\n"
        "cart-0 410m 612Mi\n2026-11-10T10:03:00Z\nerror: Metrics not available for pod media/cart-0\n"
    )
    found = list(reader.read(text.splitlines()))

    assert [Kind.FRAME, Kind.FRAME, Kind.FRAME, Kind.ROW, Kind.FRAME, Kind.SAID] == [
        line.kind for line in found
    ]
    assert "media" == reader.namespace


def test_a_state_that_is_none_of_a_healthy_thing() -> None:
    """It is said of what it is."""
    text = "2026-11-10T10:02:00Z\nNAME READY STATUS RESTARTS AGE\ncart-0 1/1 Running 0 1d\npay-0 0/1 OOMKilled 1 (5s ago) 1d\n"
    assert ["", "", "", "pay-0 is OOMKilled"] == [line.unwell for line in read(text)]


def test_only_the_last_hop_loses_packets() -> None:
    """Routers on the way need not answer."""
    text = "Start: 2026-11-10T10:02:00+0000\nHOST: web-2 Loss% Snt Avg\n  1.|-- 10.0.0.1 90.0% 10 0.5\n  2.|-- gw.example 30.0% 10 20.1\n"
    found = {v.metric: v.value for line in read(text) for v in line.values if "loss" in v.metric}
    assert {"network.packet.loss.ratio": 0.3} == found


def test_figures_without_a_time_are_of_no_use() -> None:
    """They are no rows."""
    assert Kind.ROW not in kinds("NAME CPU(cores) MEMORY(bytes)\ncart-0 410m 612Mi\n")


def test_lines_of_a_log_are_no_lists_of_figures() -> None:
    """A time of its own and a name with a number may well be a log's."""
    assert Kind.ROW not in kinds("2026-11-10 10:02:00 retries: 3\n2026-11-10 10:02:01 pool: 3 free, 4 used\n")
