"""What kubectl prints for people: events and pods, with ages that count back from now."""

from datetime import timedelta

import pytest

from outcomes import NOW, outcome

EVENTS = b"""LAST SEEN             TYPE      REASON      OBJECT                          MESSAGE
12m                   Warning   BackOff     pod/checkout-7d9f8b6c5-x2x9z    Back-off restarting failed container
2m (x20 over 1h30m)   Warning   Unhealthy   pod/cart-7d9f8b6c5-kk2kk        Readiness probe failed
14m                   Normal    Pulled      pod/checkout-7d9f8b6c5-x2x9z    Container image already present
<unknown>             Normal    Pulled      pod/checkout-7d9f8b6c5-x2x9z    Container image already present
"""
POD = b"""Name:             checkout-7d9f8b6c5-x2x9z
Namespace:        shop
Status:           Running
Containers:
  app:
    Image:          registry.example/checkout:v2.46.0
    State:          Waiting
      Reason:       CrashLoopBackOff
    Last State:     Terminated
      Reason:       OOMKilled
      Exit Code:    137
      Started:      Sun, 22 Nov 2026 14:40:00 +0000
      Finished:     Sun, 22 Nov 2026 14:41:00 +0000
    Restart Count:  6
Events:
  Type     Reason   Age                From     Message
  ----     ------   ----               ----     -------
  Warning  BackOff  1m (x20 over 10m)  kubelet  Back-off restarting failed container
"""


def test_the_table_of_events_is_read() -> None:
    """What went wrong is a change of its service, the routine a line; a row without an age is a reject."""
    found = outcome(EVENTS, "events.txt")
    back_off, unhealthy = found.rows["lg_changes"]

    assert found.balanced
    assert 1 == len(found.rejects)
    assert 1 == len(found.rows["otel_logs"])
    assert ("checkout", NOW - timedelta(minutes=12)) == (
        back_off["Service"],
        back_off["Timestamp"].to_pydatetime(),
    )
    assert ("cart", "20") == (unhealthy["Service"], dict(unhealthy["Attributes"])["k8s.event.count"])
    assert NOW - timedelta(minutes=90) == unhealthy["Timestamp"].to_pydatetime()


TIMED = b"""LAST                   FIRST                  COUNT   NAMESPACE   TYPE      REASON    OBJECT                          FROM      MESSAGE
2026-11-22T14:30:00Z   2026-11-21T14:30:00Z   388     batch       Warning   BackOff   pod/geo-import-29281-p9xkd      kubelet   Back-off restarting
"""


def test_columns_with_times_are_read_too() -> None:
    """As people choose them; each event is its object's."""
    (event,) = outcome(TIMED, "kubectl-get-events.txt").rows["lg_changes"]

    assert ("geo-import", "388") == (event["Service"], dict(event["Attributes"])["k8s.event.count"])
    assert "2026-11-21T14:30:00+00:00" == event["Timestamp"].isoformat()
    assert "2026-11-22T14:30:00+00:00" == event["EndTimestamp"].isoformat()


def test_a_described_pod_tells_how_its_container_ended() -> None:
    """And its events."""
    ended, event = outcome(POD, "pod.txt").rows["lg_changes"]

    assert ("OOMKilled", "checkout", "v2.46.0") == (ended["State"], ended["Service"], ended["Version"])
    assert "2026-11-22T14:41:00+00:00" == ended["Timestamp"].isoformat()
    assert ("137", "6") == tuple(
        dict(ended["Attributes"])[n] for n in ("process.exit.code", "k8s.container.restart_count")
    )
    assert ("checkout", "BackOff") == (event["Service"], event["State"])


@pytest.mark.parametrize("cut", range(0, len(POD), 97))
def test_a_text_that_is_cut_off_does_not_fail(cut: int) -> None:
    """Wherever it ends."""
    if b"Containers:" in POD[:cut]:
        assert outcome(POD[:cut], "pod.txt").balanced
