"""Changes under a header: kinds of change, or services and versions."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest

from lastgood.decoding.input import Input
from lastgood.intake import change_tables
from outcomes import SETTINGS, outcome


def test_kinds_of_change_in_the_words_of_many() -> None:
    """A deployment is a deploy; what nothing knows is kept."""
    found = outcome(
        b"Time,Type,Service,Title,Author,Ticket\n"
        b"2026-11-22T14:00:00Z,Deployment,pay,pay 2.1,ana,T-7\n2026-11-22T14:05:00Z,feature flag,web,new cart,,\n"
    )

    assert "change table" == found.claim.format
    assert found.balanced
    first, second = found.rows["lg_changes"]
    assert ("deploy", "pay", "pay 2.1", "ana") == (
        first["Kind"], first["Service"], first["Title"], first["Actor"]
    )  # fmt: skip
    assert {"Ticket": "T-7"} == dict(first["Attributes"])
    assert "flag" == second["Kind"]


def test_services_and_versions_are_deploys() -> None:
    """No one says so, and nothing else has both."""
    found = outcome(b"deployed_at;service;version;previous\n2026-11-22 14:00:00;pay;2.1;2.0\n")

    (change,) = found.rows["lg_changes"]
    assert ("pay-2.1", "deploy", "2.1", "2.0") == (
        change["Id"], change["Kind"], change["Version"], change["PreviousVersion"]
    )  # fmt: skip


@pytest.mark.parametrize(
    "content",
    [
        b"time,service,version,by\n2026-11-22T14:00:00Z,pay,2.1,ann\n2026-11-22T15:00:00Z,mail,,bo\n",
        b"",
        b"time,type,service\n2026-11-22T14:00:00Z,click,web\n",
        b"time,service,version,level,message\n2026-11-22T14:00:00Z,web,2.1,info,hello\n",
        b"time,service,cpu\n2026-11-22T14:00:00Z,web,3\n",
        b"time,service,version\nsoon,web,2.1\n",
    ],
)
def test_what_is_no_table_of_changes(content: bytes) -> None:
    """Other kinds of events, log lines, metrics, no time."""
    assert None is change_tables.recognise(Input(None, "x", content))


def test_headings_may_say_that_times_are_utc() -> None:
    """When it began, and when it was over."""
    found = outcome(
        b"started_utc,finished_utc,app,version,commit\n2026-11-22 14:00:00,2026-11-22 14:02:30,pay,2.1,4fa0183c33\n",
        settings=replace(SETTINGS, zone=timezone(timedelta(hours=2))),
    )
    (read,) = found.rows["lg_changes"]
    assert datetime(2026, 11, 22, 14, tzinfo=UTC) == read["Timestamp"].to_pydatetime()

    assert ("deploy", "pay", "2.1") == (read["Kind"], read["Service"], read["Version"])
    assert 150 == (read["EndTimestamp"] - read["Timestamp"]).total_seconds()
