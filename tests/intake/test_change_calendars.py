"""Calendars of changes that people keep, in their own language."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest

from lastgood.decoding.input import Input
from lastgood.decoding.moments import ORDER_UNKNOWN
from lastgood.intake._registry import best_claim
from outcomes import SETTINGS, outcome

SHA = "4fa0183c33572c8bb4af65e43b03ab0ad6360c87"
GERMAN = f"""zeit;system;was;stand;wer
22.11.2026 08:47;portal;Release 5.12.0;{SHA};ann
22.11.2026 08:55;proxy-1;Ratenbegrenzung 10/min je Adresse;;bo
22.11.2026 06:05;ESX;Mainboard-Tausch esx-07;;bo
""".encode()
DEPLOYS = f"""when,what,version,commit,by
2026-11-22 07:50,basket (with migration of lines),v4.41.0,{SHA},ann
2026-11-22 07:58,"Firmware 5.0.4, group B",5.0.4,,field service
""".encode()
THINGS = f"""when,what,who,details
2026-11-22 08:47:00,seats,ann,4.4.0: names of rows
2026-11-22 09:47:00,plan 1.19.3,bo,{SHA}
2026-11-22 10:47:00,gate,bo,longer keep-alive
2026-11-22 11:47:00,firewall fw-2,cy,rule for 10.90.0.0/16
2026-11-22 12:47:00,restart,cy,to free memory
""".encode()
CONSOLE = b""""Description","Type","Date Time","Task","Target","User"
"Migration of virtual machine auth-2 from esx-03 to esx-07 completed","Information","22.11.2026 08:52:31","","auth-2",""
"User svc logged in","Information","22.11.2026 08:40:12","","vcenter","svc"
"""


def test_entries_are_changes_of_their_systems() -> None:
    """A revision or a version makes a deploy; machines are infrastructure; day comes first."""
    found = outcome(GERMAN, "aenderungen.csv")

    assert "change calendar" == found.claim.format
    assert [
        ("deploy", "portal", "5.12.0", "ann"), ("config", "proxy-1", "", "bo"), ("infrastructure", "ESX", "", "bo"),
    ] == [(c["Kind"], c["Service"], c["Version"], c["Actor"]) for c in found.rows["lg_changes"]]  # fmt: skip
    first = found.rows["lg_changes"][0]
    assert datetime(2026, 11, 22, 8, 47, tzinfo=UTC) == first["Timestamp"].to_pydatetime()
    assert SHA == dict(first["Attributes"])["vcs.ref.head.revision"]


def test_without_a_system_what_was_released_is_the_service() -> None:
    """Its first word, where a version stands beside it."""
    found = outcome(DEPLOYS, "deploys.csv")

    assert [("deploy", "basket", "v4.41.0"), ("deploy", "Firmware", "5.0.4")] == [
        (c["Kind"], c["Service"], c["Version"]) for c in found.rows["lg_changes"]
    ]


def test_a_system_may_stand_where_others_write_what_was_done() -> None:
    """With its version, or with notes beside it; a word of work, and a sentence, are no system."""
    found = outcome(THINGS, "changes.csv")

    assert [
        ("deploy", "seats", "4.4.0", "4.4.0: names of rows"), ("deploy", "plan", "1.19.3", ""), ("config", "gate", "", "longer keep-alive"),
        ("infrastructure", "", "", "firewall fw-2: rule for 10.90.0.0/16"), ("config", "", "", "restart: to free memory"),
    ] == [(c["Kind"], c["Service"], c["Version"], c["Title"]) for c in found.rows["lg_changes"]]  # fmt: skip
    assert SHA == dict(found.rows["lg_changes"][1]["Attributes"])["vcs.ref.head.revision"]


def test_event_lists_of_consoles_are_calendars_too() -> None:
    """A machine that was moved is a change of the infrastructure, not of a schema."""
    found = outcome(CONSOLE, "events.csv")

    assert [("infrastructure", "auth-2"), ("config", "vcenter")] == [
        (c["Kind"], c["Service"]) for c in found.rows["lg_changes"]
    ]


@pytest.mark.parametrize(
    "content",
    [
        "time,level,what,who\n" + "2026-11-22 08:00:01,INFO,order kept,ann\n" * 3,  # it has levels
        "time,action,user\n" + "".join(f"2026-11-22 08:00:{n:02},login kept,ann\n" for n in range(20)),  # as often as a log
        "time,what\n2026-11-22 08:00:01,order kept\n",  # no one vouches for it
        "when,what,by\nsoon,order kept,ann\n",  # no time
    ],
)  # fmt: skip
def test_logs_are_no_calendars(content: str) -> None:
    """What has a level, comes every second, or names nothing but a text."""
    claimed = best_claim(Input(None, "events.csv", content=content.encode()))

    assert claimed is None or "change calendar" != claimed[1].format


def test_an_entry_without_a_time_is_rejected() -> None:
    """The others are kept; where hardly any has one, it is no calendar."""
    entries = b"".join(b"23.11.2026 0%d:05;portal;Release 5.12.%d;;ann\n" % (n, n) for n in range(9))
    late = b"early;portal;Release 6;;ann\n"
    claimed = best_claim(Input(None, "calendar.csv", GERMAN + late * 3))

    found = outcome(GERMAN + entries + late, "aenderungen.csv")

    assert claimed is None or "change calendar" != claimed[1].format
    assert 12 == len(found.rows["lg_changes"])
    assert ["not understood: 'early' is not a time"] == [one.reason for one in found.rejects]
    assert found.balanced


def test_what_is_no_name_is_told_in_the_title() -> None:
    """A page of a content system is no service."""
    found = outcome(
        b"time,user,action,object\n2026-11-22T09:12:00Z,ann,publish,/l/summer\n2026-11-22T15:20:00Z,bo,edit,/l/summer\n"
    )

    assert [("", "publish: /l/summer"), ("", "edit: /l/summer")] == [
        (c["Service"], c["Title"]) for c in found.rows["lg_changes"]
    ]


def test_a_mere_word_for_its_kind_is_no_title() -> None:
    """The service and its version are."""
    found = outcome(
        b"when,system,what,version,by\n2026-11-22 09:36:20,checkout,deploy,2.8.1,kim\n2026-11-22 07:00:00,mail,deploy,1.2,kim\n"
    )

    assert [("deploy", "checkout", "2.8.1", "")] == [
        (c["Kind"], c["Service"], c["Version"], c["Title"]) for c in found.rows["lg_changes"][:1]
    ]


def test_dates_without_an_order_are_read_as_their_neighbours_tell() -> None:
    """The thirteenth is a day, so that the fifth is one too; alone, the fifth of the eleventh is refused."""
    head = b"When,What,System,Who\n"
    first, second = (
        b"05/11/2026 09:00,Release 5.12.0,portal,ann\n",
        b"13/11/2026 09:30,Release 5.13.0,portal,bo\n",
    )

    both, alone = outcome(head + first + second), outcome(head + first)

    assert [5, 13] == [row["Timestamp"].day for row in both.rows["lg_changes"]]
    assert "lg_changes" not in alone.rows
    assert [f"not understood: {ORDER_UNKNOWN}"] == [reject.reason for reject in alone.rejects]


def test_an_entry_may_say_when_it_was_over_and_that_its_times_are_utc() -> None:
    """Whatever zone the others have."""
    rows = b"start_utc,end_utc,service,what,version,by\n2026-11-22 05:31,2026-11-22 05:33,rater,configuration,cfg-7,ann\n2026-11-22 06:00,,rater,restart,,bo\n"
    first, second = outcome(
        rows, "changes.csv", settings=replace(SETTINGS, zone=timezone(timedelta(hours=2)))
    ).rows["lg_changes"]

    assert datetime(2026, 11, 22, 5, 31, tzinfo=UTC) == first["Timestamp"].to_pydatetime()
    assert datetime(2026, 11, 22, 5, 33, tzinfo=UTC) == first["EndTimestamp"].to_pydatetime()
    assert second["Timestamp"] == second["EndTimestamp"]
