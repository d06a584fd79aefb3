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
    """A header may bear a time; averages are no one's values."""
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


def test_spellings_of_the_same_figures() -> None:
    """Decimal commas, figures joined to their names, a zone that the header names."""
    commas = read(
        "top - 10:02:00 up 1 day, load average: 0,52, 0,58, 0,59\n%Cpu(s):  5,3 us,  2,0 sy, 92,2 id,  0,5 wa\n"
    )
    joined = read(
        "top - 10:02:00 up 1 day, load average: 0.5, 0.5, 0.5\nCpu(s):  5.3%us,  2.0%sy, 92.2%id,  0.5%wa\nMem: 100k total, 25k used\n"
    )
    zoned = read(" r  b us sy id wa    CET\n 1  0 11  3 85  1 2026-11-10 11:02:00\n")

    for line in (commas[1], joined[1]):
        assert 0.073 == {v.metric: v.value for v in line.values}["system.cpu.utilization"]
    assert 0.25 == {v.metric: v.value for v in joined[2].values}["system.memory.utilization"]
    assert 1794304920_000_000_000 == zoned[1].time


def test_cells_of_a_word_and_two_figures() -> None:
    """As an autoscaler's targets."""
    text = "2026-11-10T10:02:00Z\nNAME   REFERENCE         TARGETS        MINPODS   MAXPODS   REPLICAS\ncart   Deployment/cart   cpu: 140%/80%   2         10        6\n"
    found = {v.metric: v.value for v in read(text)[2].values}
    assert (140.0, 80.0, 6.0) == tuple(
        found[f"k8s.hpa.{name}"] for name in ("metric.current", "metric.target", "current_replicas")
    )
