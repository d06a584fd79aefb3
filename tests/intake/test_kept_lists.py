"""Lists of what was done under headings unknown."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from lastgood.decoding.input import Input, Settings
from lastgood.intake._registry import best_claim
from lastgood.model.attributes import CHANGE_ZONE
from lastgood.telemetry.tables import CHANGES
from outcomes import NOW, Outcome, outcome

EVENTS = b"""key,type,createdTime,vm,sourceHost,host,userOrReason
8,VmMigratedEvent,2026-11-22T14:14:02Z,desk-11,hv-4,hv-8,"DRS"
9,EnteringMaintenanceModeEvent,2026-11-22T14:45:30Z,,hv-8,hv-8,"ann (firmware)"
"""
RELEASES = b"""store,build number,stage,changed (Europe/Berlin),by
App Store,9.13.2,released,2026-11-20 10:00,ann
Play,9.14.0,draft,2026-11-22 15:41,bo
"""
PAGE = b"""# Calendar, week 47 (UTC)

| when | what | who |
|---|---|---|
| Sat 22:40 | sign-in 4.7.1: lock after ten wrong passwords | Ann |
| Sun 14:41 | CDN: geo header for all origins | Bo |
"""
PROSE = """Änderungen Werk Süd
Fr 20.11. 22:00  Preisliste geladen (ann)
So 22.11. 14:41  orders 12.8.0, rollierend (bo): Pfandzeilen
""".encode()
TASKS = b"""start (local)        end                  node    task
2026-11-22 14:06:50  2026-11-22 14:07:31  hv-2  UPID:hv-2:x:qmigrate:212:  # migrate 212 (sign-in-2) hv-2 -> hv-5 online: OK
2026-11-22 14:22:31  2026-11-22 14:23:12  hv-1  UPID:hv-1:y:qmsnapshot:118:  # snapshot of 118 (payroll-1): OK
"""


def changes(found: Outcome) -> list[tuple[str, str, str, str]]:
    """Kind, service, version and title of each."""
    return [(c["Kind"], c["Service"], c["Version"], c["Title"]) for c in found.rows[CHANGES.name]]


def test_a_table_is_read_by_its_values() -> None:
    """Three columns name systems, so the change is of none of them, and names all."""
    found = outcome(EVENTS, "vcenter-events.csv")
    assert found.balanced
    assert [
        ("infrastructure", "", "", "VmMigratedEvent desk-11 hv-4 hv-8"),
        ("infrastructure", "", "", "EnteringMaintenanceModeEvent hv-8 hv-8"),
    ] == changes(found)
    assert "ann (firmware)" == found.rows[CHANGES.name][1]["Actor"]


def test_a_heading_names_the_zone_of_its_times() -> None:
    """A version makes a deploy."""
    found = outcome(RELEASES, "app-releases.csv")
    first, second = found.rows[CHANGES.name]
    assert datetime(2026, 11, 22, 14, 41, tzinfo=UTC) == second["Timestamp"].to_pydatetime()
    assert ("deploy", "9.13.2", "ann") == (first["Kind"], first["Version"], first["Actor"])


def test_pages_and_prose_are_lists_too() -> None:
    """What stands around the table is skipped and counted; a weekday is of the week of the heading."""
    page, prose = outcome(PAGE, "calendar.md"), outcome(PROSE, "aenderungen.txt")
    assert page.balanced
    assert prose.balanced
    assert (
        datetime(2026, 11, 22, 14, 41, tzinfo=UTC) == page.rows[CHANGES.name][1]["Timestamp"].to_pydatetime()
    )
    assert [
        ("config", "", "", "Preisliste geladen (ann)"),
        ("deploy", "orders", "12.8.0", "orders 12.8.0, rollierend (bo): Pfandzeilen"),
    ] == changes(prose)
    assert ["ann", "bo"] == [c["Actor"] for c in prose.rows[CHANGES.name]]


def test_two_times_are_a_beginning_and_an_end() -> None:
    """Machines that move are infrastructure."""
    found = outcome(TASKS, "tasks.txt")
    row, _ = found.rows[CHANGES.name]
    assert 41 == (row["EndTimestamp"] - row["Timestamp"]).total_seconds()
    assert "infrastructure" == row["Kind"]
    assert row["Title"].startswith("hv-2 UPID")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        (
            "alarms.csv",
            b"time,alarm,state,reason\n2026-11-22 14:41:00,latency,ALARM,over 1 s\n2026-11-22 14:51:00,latency,OK,under 1 s\n",
        ),
        ("figures.csv", b"time,host,cpu\n2026-11-22 14:41:00,web-1,40\n2026-11-22 14:51:00,web-1,41\n"),
        ("changes.log", b"2026-11-22 14:41:00 INFO started\n2026-11-22 14:51:00 ERROR stopped\n"),
        (
            "dense.csv",
            b"time,who,what\n" + b"".join(b"2026-11-22 14:41:%02d,ann,restart done\n" % n for n in range(50)),
        ),
    ],
)
def test_alarms_figures_and_logs_are_none(name: str, text: bytes) -> None:
    """What has levels, figures or entries as near as a log's is not of people."""
    claimed = best_claim(Input(None, name, text))
    assert claimed is None or "kept_lists" != claimed[0].name


def test_an_entry_without_a_time_is_rejected() -> None:
    """The others are taken."""
    later = b"".join(
        b"%d,VmMigratedEvent,2026-11-22T15:%02d:00Z,desk-1,hv-4,hv-8,DRS\n" % (n, n) for n in range(10, 20)
    )
    found = outcome(EVENTS + b"70,VmMigratedEvent,soon,a,b,c,DRS\n" + later, "vcenter-events.csv")
    assert 12 == len(found.rows[CHANGES.name])
    assert [4] == [one.line for one in found.rejects]
    assert found.balanced


def test_what_psql_prints_of_migrations_is_a_list() -> None:
    """The query above the table names the zone, and that these are migrations."""
    printed = b"""db=> select version, description, installed_on at time zone 'America/Chicago' as installed from flyway_schema_history;
 version  | description      | installed
----------+------------------+-------------------------
 2026.12  | plaza on charge  | 2026-11-22 08:41:51.902
 2026.11  | reason of refund | 2026-11-17 02:04:40.031
(2 rows)
"""
    found = outcome(printed, "flyway_schema_history.txt")
    first = found.rows[CHANGES.name][0]
    assert datetime(2026, 11, 22, 14, 41, 51, 902_000, tzinfo=UTC) == first["Timestamp"].to_pydatetime()
    assert ("migration", "plaza on charge", "2026.12") == (first["Kind"], first["Title"], first["Version"])
    assert found.balanced


def test_a_day_and_a_clock_may_stand_apart() -> None:
    """A release at the begin of what was done is a deploy."""
    sheet = """Datum;Tid;System;Vad;Vem
21/11/2026;08:40;render;render 2.14.0 på render-1..3;Ann
22/11/2026;14:41;lb-1;ny backend;Bo
""".encode()
    found = outcome(sheet, "changes-w47.csv")
    assert [("deploy", "render", "2.14.0"), ("config", "lb-1", "")] == [one[:3] for one in changes(found)]
    assert (
        datetime(2026, 11, 22, 14, 41, tzinfo=UTC) == found.rows[CHANGES.name][1]["Timestamp"].to_pydatetime()
    )


def test_the_number_of_a_run_is_its_id() -> None:
    """Not that of a row."""
    rows = b"""run_id,repository,workflow,head_branch,actor,created_at,conclusion
15522310871,acme/web,deploy-prod,main,ann,2026-11-20T07:26:05Z,success
15522355120,acme/api,deploy-prod,v3.12.0,bo,2026-11-20T09:31:02Z,success
"""
    other = rows.replace(b"15522310871", b"1").replace(b"15522355120", b"2")
    ids = [[one["Id"] for one in outcome(text, "runs.csv").rows["lg_changes"]] for text in (rows, other)]

    assert ["15522310871", "15522355120"] == ids[0]
    assert not {"1", "2"} & set(ids[1])


@pytest.mark.parametrize(
    ("content", "name", "marked"),
    [
        (EVENTS, "tasks.csv", [False, False]),  # each time has its zone
        (RELEASES, "releases.csv", [False, False]),  # the heading of the column has it
        (PAGE, "calendar.md", [False, False]),  # the title has it
        (PROSE, "changes.txt", [True, True]),
        (TASKS, "tasks.txt", [True, True]),
        (EVENTS.replace(b"02Z", b"02"), "tasks.csv", [True, False]),
    ],
)
def test_a_time_without_a_zone_is_marked(content: bytes, name: str, marked: list[bool]) -> None:
    """Only where another zone would make it another time, and no zone is passed in."""
    found = outcome(content, name).rows[CHANGES.name]
    assert marked == [CHANGE_ZONE in dict(one["Attributes"]) for one in found]

    passed = outcome(content, name, settings=Settings(NOW, ZoneInfo("Europe/Berlin"))).rows[CHANGES.name]
    assert not any(CHANGE_ZONE in dict(one["Attributes"]) for one in passed)


@pytest.mark.parametrize(
    ("heading", "names"), [("repository", ("shop/payments", "shop/cart")), ("Repo", ("payments", "cart"))]
)
def test_a_repository_names_the_service(heading: str, names: tuple[str, str]) -> None:
    """By the last part of its path."""
    lines = [f"| when (UTC) | {heading} | what | who |", "|---|---|---|---|"]
    lines += [
        f"| 2026-11-22 1{hour}:00 | {name} | deploy of 2.{hour}.0 | Ann |" for hour, name in enumerate(names)
    ]
    found = outcome("\n".join(lines).encode(), "changes.md").rows[CHANGES.name]
    assert ["payments", "cart"] == [one["Service"] for one in found]
    assert "shop/" not in "".join(one["Title"] for one in found)


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("deploys.csv", b"time,service,from,to,by\n2026-11-22 14:06:50,cart,117,118,ci\n2026-11-22 15:06:50,web,2.1,2.2,ci\n",
         [("deploy", "117", "118"), ("deploy", "2.1", "2.2")]),
        ("done.csv", b"time,app,old,new,by\n2026-11-22 14:06:50,cart,1.17.0,1.18.0,ci\n2026-11-22 15:06:50,web,2.1.0,2.2.0,ci\n",
         [("deploy", "1.17.0", "1.18.0"), ("deploy", "2.1.0", "2.2.0")]),
        ("changes.csv", b"time,service,setting,from,to,by\n2026-11-22 14:06:50,cart,pool.size,10,20,ann\n2026-11-22 15:06:50,web,timeout,5s,2s,bo\n",
         [("config", "", ""), ("config", "", "")]),
        ("rollouts.csv", b"time,service,by\n2026-11-22 14:06:50,cart,ann\n2026-11-22 15:06:50,web,bo\n",
         [("deploy", "", ""), ("deploy", "", "")]),
    ],
)  # fmt: skip
def test_a_pair_of_columns_is_the_version_before_and_after(
    name: str, content: bytes, expected: list[tuple[str, str, str]]
) -> None:
    """Numbers alone are versions in a list of releases; of a list of settings the pair is their values."""
    found = outcome(content, name)

    made = [(c["Kind"], c["PreviousVersion"], c["Version"]) for c in found.rows[CHANGES.name]]
    assert expected == made


def test_a_register_of_changes_is_known_by_its_numbers() -> None:
    """Planned and done are the beginning and the end."""
    text = b"""id,planned_utc,done_utc,team,title,result
CHG-31,2026-11-22 04:15,2026-11-22 04:24,boats,"booking-agent 2.8.3 -> 2.9.0",ok
CHG-32,2026-11-22 04:30,2026-11-22 04:33,network,"pier 4: tunnel from gw-1 to gw-2",ok
"""
    first, second = outcome(text, "register.csv").rows[CHANGES.name]

    assert (datetime(2026, 11, 22, 4, 15, tzinfo=UTC), datetime(2026, 11, 22, 4, 24, tzinfo=UTC)) == (
        first["Timestamp"].to_pydatetime(), first["EndTimestamp"].to_pydatetime(),
    )  # fmt: skip
    assert "pier 4: tunnel from gw-1 to gw-2" in second["Title"]
    assert "CHG-32" == second["Id"]


def test_a_register_in_local_time_is_not_of_tomorrow() -> None:
    """The fewest whole hours by which nothing is after now; that is said."""
    text = b"""id,planned_local,done_local,team,title,result
CHG-31,2026-11-22 04:15,2026-11-22 04:24,boats,"booking-agent 2.8.3 -> 2.9.0",ok
CHG-32,2026-11-22 04:30,2026-11-22 04:33,network,"pier 4: tunnel from gw-1 to gw-2",ok
"""
    found = outcome(text, "register.csv", settings=Settings(datetime(2026, 11, 21, 16, 8, tzinfo=UTC), UTC))
    first, _ = found.rows[CHANGES.name]

    assert datetime(2026, 11, 21, 15, 15, tzinfo=UTC) == first["Timestamp"].to_pydatetime()
    assert "would be after now" in dict(first["Attributes"])[CHANGE_ZONE]


def test_of_two_versions_with_an_arrow_the_later_is_the_version() -> None:
    """Of a column of systems those that are names count, also where others are none."""
    text = """id,planned,done,system,summary,by
C-21,2026-11-22 07:40,2026-11-22 07:45,seats,"3.17.0 -> 3.18.0 on n-1 and n-2",kim
C-22,2026-11-22 09:50,2026-11-22 09:52,price tables,"rates of 2027 loaded",lee
C-23,2026-11-22 11:50,2026-11-22 11:52,halls,"load of the pool 1.5 -> 2.5",lee
"""
    rows = outcome(text.encode(), "change-register.csv").rows["lg_changes"]

    assert [("deploy", "seats", "3.18.0", "3.17.0"), ("config", "", "", "")] == [
        (row["Kind"], row["Service"], row["Version"], row["PreviousVersion"]) for row in rows[:2]
    ]
    assert ("config", "halls") == (rows[2]["Kind"], rows[2]["Service"])
