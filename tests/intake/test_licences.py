"""Licence daemons' logs, and licence files."""

from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest

from lastgood.decoding.input import Input
from lastgood.intake import licences
from outcomes import SETTINGS, outcome

LOG = b"""23:59:58 (meshd) OUT: "MESH_PRO" kim@ws-4
 0:00:02 (meshd) TIMESTAMP 11/22/2026
 8:00:03 (meshd) DENIED: "MESH_PRO" lee@ws-5  (Licensed number of users already reached. (-4,342))
23:30:00 (meshd) IN: "MESH_PRO" kim@ws-4
0:10:00 (lmgrd) Listening on port 27000
"""
FILE = b"""SERVER lic-9 0050560a 27000
VENDOR meshd
# two features
FEATURE MESH_BASE meshd 4.0 permanent 8 SIGN=00AA
INCREMENT MESH_PRO meshd 4.0 21-nov-2026 8 SIGN=00BB \\
\tISSUED=20-nov-2025
FEATURE MESH_GPU meshd 4.0 31-dec-2027 2 ISSUED=1-jun-2026 SIGN=00CC
"""


def test_a_line_is_of_the_day_that_a_stamp_states() -> None:
    """Those above the first stamp count back, past midnight it is the next day."""
    found = outcome(LOG, "lic-9-debug.log")
    rows = found.rows["otel_logs"]

    assert ["21 23:59", "22 00:00", "22 08:00", "22 23:30", "23 00:10"] == [
        f"{row['Timestamp']:%d %H:%M}" for row in rows
    ]
    assert ["meshd"] * 4 + ["lmgrd"] == [row["ServiceName"] for row in rows]
    assert found.balanced


def test_a_refused_checkout_is_an_error_with_its_feature_and_user() -> None:
    """A checkout is none."""
    rows = outcome(LOG, "lic-9-debug.log").rows["otel_logs"]

    assert [9, 9, 17, 9, 9] == [row["SeverityNumber"] for row in rows]
    assert rows[2]["Body"].startswith("DENIED:")
    assert {"licence.feature": "MESH_PRO", "user.name": "lee", "client.address": "ws-5"} == dict(
        rows[2]["LogAttributes"]
    )


def test_a_log_without_a_stamp_is_rejected() -> None:
    """No day is guessed."""
    found = outcome(LOG.replace(b"TIMESTAMP 11/22/2026", b"Server started"), "debug.log")

    assert (5, {}) == (len(found.rejects), found.rows)
    assert found.balanced


def test_a_licence_expires_at_the_end_of_its_last_day() -> None:
    """In the zone of the server, or in UTC; one that stays or ends later was issued only."""
    settings = replace(SETTINGS, zone=ZoneInfo("Europe/Madrid"))
    found = outcome(FILE, "mesh.lic", settings=settings)
    pro, gpu = found.rows["lg_changes"]

    assert ("certificate", "expired", "meshd", "the licence of MESH_PRO expired", "2026-11-21T23:00:00+00:00") == (
        pro["Kind"], pro["State"], pro["Service"], pro["Title"], pro["Timestamp"].isoformat()
    )  # fmt: skip
    assert "2026-11-22T00:00:00+00:00" == pro["EndTimestamp"].isoformat()
    assert ("issued", "the licence of MESH_GPU was issued") == (gpu["State"], gpu["Title"])
    assert found.balanced


def test_another_licence_of_the_feature_is_told() -> None:
    """What it permitted is left in part."""
    more = FILE + b"INCREMENT MESH_PRO meshd 4.0 permanent 2 SIGN=00DD\n"
    first = outcome(more, "mesh.lic").rows["lg_changes"][0]

    assert "the licence of MESH_PRO expired; another licence of it stays valid" == first["Title"]


@pytest.mark.parametrize(
    "text",
    [
        b"8:00:03 (worker) job 17 started\n8:00:04 (worker) job 17 done\n",
        b"FEATURE flags for the week\nFEATURE cart is on\n",
        b"# comment\nVENDOR meshd\n",
    ],
)
def test_other_texts_are_none(text: bytes) -> None:
    """A clock and a name in brackets, and the word alone."""
    assert licences.recognise(Input(None, "a.log", text)) is None
