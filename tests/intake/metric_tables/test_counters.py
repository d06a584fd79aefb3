r"""Counters such as `\\HOST\Object(instance)\Counter`."""

import pytest

from lastgood.intake.metric_tables.counters import counter_of


@pytest.mark.parametrize(
    ("path", "metric", "instance", "value"),
    [
        (r"\\WEB07\Processor(_Total)\% Processor Time", "system.cpu.utilization", "", 0.9),
        (r"\\WEB07\Prozessor(3)\Prozessorzeit (%)", "system.cpu.utilization", "3", 0.9),
        (r"\\WEB07\LogicalDisk(C:)\% Free Space", "system.filesystem.utilization", "C:", 0.1),
        (r"\\WEB07\Process(sqlservr)\% Processor Time", "process.cpu.usage", "sqlservr", 0.9),
        (r"\\WEB07\SQLServer:Locks(Key)\Lock Waits/sec", "sqlserver_locks.lock_waits_per_s", "Key", 90.0),
    ],
)
def test_a_path(path: str, metric: str, instance: str, value: float) -> None:
    """Known ones under the usual names, others under their own; what is left is turned into what is used."""
    found = counter_of(path)
    assert found
    assert (metric, instance, "WEB07") == (found.metric, found.instance, found.host)
    assert value == pytest.approx(found.offset + found.scale * 90.0)


def test_what_is_no_path() -> None:
    """A plain name."""
    assert None is counter_of("% Processor Time")
