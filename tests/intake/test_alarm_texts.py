"""Notifications of Nagios, Icinga and Zabbix as text."""

from datetime import UTC, datetime

import pytest

from lastgood.decoding.input import Input
from lastgood.intake._registry import best_claim
from outcomes import outcome

NAGIOS = b"""***** Nagios *****

Notification Type: PROBLEM

Service: HTTP
Host: web-1
Address: 10.0.0.4
State: CRITICAL

Date/Time: Sun Nov 22 14:41:00 UTC 2026

Additional Info:

HTTP CRITICAL: HTTP/1.1 503
"""
ICINGA = b"""***** Service Monitoring on mon-1 *****

HTTP on web-1 is CRITICAL!

Info:    HTTP CRITICAL: HTTP/1.1 503

When:    2026-11-22 14:41:00 +0000
Service: HTTP
Host:    web-1
IPv4:    10.0.0.4
"""
ZABBIX = b"""Problem started at 14:41:00 on 2026.11.22
Problem name: HTTP
Host: web-1
Severity: critical
Original problem ID: 123
"""
LISTED = b"""2026-11-22 14:41:00 PROBLEM - HTTP on web-1 is CRITICAL: HTTP CRITICAL: HTTP/1.1 503
[2026-11-22T14:55:00Z] ** RECOVERY Service Alert: web-1/HTTP is OK **

1795358460 PROBLEM - web-1 is DOWN
"""


@pytest.mark.parametrize("text", [NAGIOS, ICINGA, ZABBIX], ids=["nagios", "icinga", "zabbix"])
def test_a_notification_is_an_alert_of_its_host(text: bytes) -> None:
    """What, since when, how bad."""
    found = outcome(text, "mail.txt")
    (alert,) = found.rows["lg_alerts"]

    assert found.balanced
    assert ("HTTP", "web-1", "firing", "critical") == tuple(
        alert[key] for key in ("Name", "Service", "State", "Severity")
    )
    assert datetime(2026, 11, 22, 14, 41, tzinfo=UTC) == alert["Timestamp"].to_pydatetime()
    assert text is ZABBIX or "HTTP CRITICAL: HTTP/1.1 503" == alert["Summary"]


@pytest.mark.parametrize(
    ("text", "over"),
    [
        (NAGIOS, (b"PROBLEM", b"RECOVERY")),
        (ICINGA, (b"is CRITICAL", b"is OK")),
        (ZABBIX, (b"Problem started at", b"Problem has been resolved at")),
    ],
    ids=["nagios", "icinga", "zabbix"],
)
def test_several_notifications_are_each_their_own(text: bytes, over: tuple[bytes, bytes]) -> None:
    """The last resolves the first."""
    found = outcome(text + b"\n" + text.replace(*over), "mails.txt")
    first, last = found.rows["lg_alerts"]

    assert found.balanced
    assert ("firing", "resolved") == (first["State"], last["State"])
    assert [first[key] for key in ("Name", "Service", "Labels")] == [
        last[key] for key in ("Name", "Service", "Labels")
    ]


def test_a_list_of_notifications_has_one_on_each_line() -> None:
    """Of a service on a host, or of the host."""
    found = outcome(LISTED, "alerts.txt")

    assert found.balanced
    assert [
        ("HTTP", "web-1", "firing"),
        ("HTTP", "web-1", "resolved"),
        ("host web-1", "web-1", "firing"),
    ] == [(alert["Name"], alert["Service"], alert["State"]) for alert in found.rows["lg_alerts"]]


def test_a_notification_without_a_time_is_a_reject() -> None:
    """And a log in which one stands is a log."""
    found = outcome(NAGIOS.replace(b"14:41:00", b"soon"), "mail.txt")
    log = b"2026-11-22 14:41:00 INFO up\n" * 9 + LISTED.splitlines()[0]
    claimed = best_claim(Input(None, "a.log", log))

    assert found.balanced
    assert ["not understood: it has no time"] == [reject.reason for reject in found.rejects]
    assert claimed is None or "alarm_texts" != claimed[0].name
