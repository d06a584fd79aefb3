"""Tables of change tickets: what was done is a change when it was done; what was only planned is none."""

from datetime import UTC, datetime
from typing import Any

from lastgood.decoding.input import Batch, Input, Reject, Settings, Tally
from lastgood.intake import change_tickets
from lastgood.intake._registry import best_claim
from lastgood.telemetry.tables import CHANGES, LOGS

NOW = datetime(2026, 11, 22, 15, 0, tzinfo=UTC)
JIRA = """Summary,Issue key,Issue id,Issue Type,Status,Assignee,Created,Updated,Component/s,Components,Components,Custom field (Change start date),Custom field (Change completion date)
"Deploy till 2.4.1
with the new basket",OPS-7,10007,Change,Done,Ann,21/Nov/26 9:12 AM,22/Nov/26 9:12 AM,,till,basket,22/Nov/26 8:11 AM,22/Nov/26 8:31 AM
Rotate the certificate of till.example,OPS-8,10008,Change,Planning,Bo,21/Nov/26 9:12 AM,22/Nov/26 9:12 AM,,till,,,
Till is slow,OPS-9,10009,Incident,In Progress,Bo,22/Nov/26 8:40 AM,22/Nov/26 9:12 AM,,till,,,
"""
REMEDY = """Change ID;Summary;Status;Actual Start Date;Actual End Date;Scheduled Start Date;CI;Assignee;Outcome
CRQ000000123;Firewall: block 10.0.0.0/8;Closed;2026-11-22 08:11:40;2026-11-22 08:20:00;2026-11-22 08:00:00;fw-1;Ann;Backed out
CRQ000000124;Scale till to 9 replicas;In Progress;;;2026-11-22 08:30:00;till;Bo;
"""
SHORT = """number;start;end;ci;title;assigned;state
CHG0000071;2026-11-22 08:11:40;2026-11-22 08:20:00;seats;Seats 5.2.0 (commit 4fa0183c3357) with migration V7;Ann;closed
CHG0000072;2026-11-22 09:11:40;2026-11-22 09:20:00;seats-db;work_mem 64 -> 32 on seats-db;Bo;closed
"""
SERVICENOW = """\ufeff"number","short_description","state","cmdb_ci","assigned_to","start_date","work_start","work_end","close_code"
"CHG0001","Migrate the schema of tills","Closed","till-db","Ann","2026-11-22 08:00:00","2026-11-22 08:11:40","2026-11-22 08:20:00","Successful"
"CHG0002","Upgrade till to v3","Canceled","till","Ann","2026-11-22 08:00:00","","",""
"CHG0003","Upgrade till to v3","Scheduled","till","Ann","2026-11-23 08:00:00","","",""
"CHG0004","Upgrade till to v3","Closed","till","Ann","","","",""
"""


def test_jira_names_columns_alike_and_has_issues_that_are_no_changes() -> None:
    """The work's begin is the time; an incident and a plan are lines."""
    changes, lines, rejects = _read("issues.csv", JIRA)

    assert [(row["Id"], row["Service"]) for row in changes] == [
        ("OPS-7/till", "till"),
        ("OPS-7/basket", "basket"),
    ]
    assert _time(changes[0]) == datetime(2026, 11, 22, 8, 11, tzinfo=UTC)
    assert changes[0]["Kind"] == "deploy"
    assert changes[0]["Version"] == "2.4.1"
    assert changes[0]["Actor"] == "Ann"
    assert [row["Body"] for row in lines] == [
        "OPS-8: Rotate the certificate of till.example (Planning)",
        "OPS-9: Till is slow (In Progress)",
    ]
    assert not rejects


def test_a_plan_with_the_start_of_its_work_is_a_plan() -> None:
    """Jira keeps when a change is to start in the same column as when it did."""
    planned = JIRA.replace("Change,Done,Ann", "Change,Planned,Ann").replace(
        "22/Nov/26 8:11", "25/Nov/26 8:11"
    )

    changes, lines, _ = _read("issues.csv", planned)

    assert [] == changes
    assert ["till", "basket"] == [row["ServiceName"] for row in lines[:2]]


def test_what_was_backed_out_is_no_longer_in_force() -> None:
    """A firewall's change is one of the infrastructure; work that goes on counts from when it was planned."""
    changes, lines, _ = _read("crq.csv", REMEDY)
    assert [(row["Kind"], row["Service"], row["State"]) for row in changes] == [
        ("infrastructure", "fw-1", "failed"),
        ("scaling", "till", ""),
    ]
    assert not lines


def test_planned_and_withdrawn_tickets_changed_nothing() -> None:
    """And one without any time cannot be placed."""
    changes, lines, rejects = _read("change_request.csv", SERVICENOW)
    assert [(row["Id"], row["Kind"]) for row in changes] == [("CHG0001", "migration")]
    assert len(lines) == 2
    assert len(rejects) == 1


def test_short_headings_a_release_and_its_revision() -> None:
    """`start` is when it was planned, `ci` what it is about; what begins with that and a version is its release."""
    changes, _, rejects = _read("changes.csv", SHORT)
    assert [(row["Kind"], row["Service"], row["Version"]) for row in changes] == [
        ("deploy", "seats", "5.2.0"),
        ("config", "seats-db", ""),
    ]
    assert dict(changes[0]["Attributes"])["vcs.ref.head.revision"] == "4fa0183c3357"
    assert not rejects


def test_other_tables_are_not_taken() -> None:
    """Numbers that are no tickets, and tickets without times."""
    for text in (
        "number,summary,state,created\n7,x,open,2026-11-22 08:00:00\n",
        "key,summary,status\nOPS-7,x,Done\n",
    ):
        assert change_tickets.recognise(Input(None, "x.csv", text.encode())) is None


def _time(row: dict[str, Any]) -> datetime:
    return row["Timestamp"].to_pydatetime(warn=False).astimezone(UTC)  # type: ignore[no-any-return]


def _read(name: str, text: str) -> tuple[list[dict[str, Any]], list[dict[str, Any]], list[Reject]]:
    given = Input(None, name, text.encode())
    chosen = best_claim(given)
    assert chosen is not None
    assert chosen[0].name == "change_tickets"
    items = list(chosen[0].decode(given, chosen[1], Settings(NOW, UTC)))
    batches = [item for item in items if isinstance(item, Batch)]
    changes, lines = (
        [row for b in batches if b.table is table for row in b.rows.to_pylist()] for table in (CHANGES, LOGS)
    )
    tallies = [item for item in items if isinstance(item, Tally)]
    assert sum(tally.lines for tally in tallies) == text.count("\n")
    return changes, lines, [item for item in items if isinstance(item, Reject)]
