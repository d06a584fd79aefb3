"""What `sadf -j` gives."""

from lastgood.intake.metric_answers.sysstat import sysstat


def test_the_same_names_as_of_sars_text() -> None:
    """In UTC where it says so; the host is whose they are."""
    round_ = {
        "timestamp": {"date": "2026-11-10", "time": "10:02:00", "utc": 1, "interval": 600},
        "cpu-load": [{"cpu": "all", "user": 11.5, "iowait": 0.5, "idle": 88.0}],
        "network": {"net-dev": [{"iface": "eth0", "ifutil-percent": 80.0}]},
    }
    document = {"sysstat": {"hosts": [{"nodename": "web-2", "statistics": [round_, {"timestamp": {}}]}]}}
    found = {sample.name: sample for sample in sysstat(document, "x")}

    assert 0.115 == found["system.cpu.utilization"].value
    assert {"host": "web-2", "network.interface.name": "eth0"} == found[
        "system.network.busy.utilization"
    ].labels
    assert {1794304920_000_000_000} == {sample.time for sample in found.values()}
