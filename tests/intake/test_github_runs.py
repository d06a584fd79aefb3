"""`gh run list`: runs that deploy are changes, others lines; ages count back from when the text was written."""

from datetime import timedelta

import pytest

from lastgood.decoding.input import Input
from lastgood.intake.github_runs import recognise
from outcomes import NOW, SETTINGS, outcome

SHOWN = """$ gh run list
STATUS  TITLE                          WORKFLOW  BRANCH  EVENT  ID           ELAPSED  AGE
✓       bookings 4.2.0: filter by host deploy    main    push   18230011234  1m52s    about 30 minutes ago
X       rooms: photos in webp          Deploy    main    push   18229001111  1m49s    about 3 hours ago
✓       rooms: photos in webp          tests     main    push   18229001110  5m2s     about 3 hours ago
*       cart                           deploy    main    push   18229001109           less than a minute ago
✓       lost                           deploy    main    push   none         1m       yesterday
"""
PIPED = (
    "completed\tsuccess\tcheckout 2.46.0\tDeploy\tmain\tpush\t7700123\t1m12s\t2026-11-22T14:38:00Z\n"
    "in_progress\t\tunit tests\tCI\tmain\tpush\t7700124\t\t2026-11-22T14:39:00Z\n"
)


def test_runs_of_workflows_that_deploy_are_changes() -> None:
    """Their begin lies up to a unit before what the age says; a run that failed brought nothing."""
    found = outcome(SHOWN.encode(), "runs.txt", settings=SETTINGS)
    changes = found.rows["lg_changes"]

    assert found.balanced
    assert [7] == [one.line for one in found.rejects]
    assert ["", "failure", "in_progress"] == [row["State"] for row in changes]
    assert ("bookings", "4.2.0", "github/18230011234") == tuple(
        changes[0][name] for name in ("Service", "Version", "Id")
    )
    first = changes[0]
    assert NOW - timedelta(minutes=31) == first["Timestamp"].to_pydatetime()
    assert NOW - timedelta(minutes=30) + timedelta(seconds=112) == first["EndTimestamp"].to_pydatetime()
    assert ["tests: rooms: photos in webp success"] == [row["Body"] for row in found.rows["otel_logs"]]


def test_a_pipe_gives_the_time() -> None:
    """From its start to its end."""
    found = outcome(PIPED.encode(), "runs.tsv", settings=SETTINGS)
    (row,) = found.rows["lg_changes"]

    assert [] == found.rejects
    assert ("deploy", "checkout", "2.46.0") == (row["Kind"], row["Service"], row["Version"])
    assert timedelta(seconds=72) == row["EndTimestamp"] - row["Timestamp"]
    assert "CI: unit tests in_progress" == found.rows["otel_logs"][0]["Body"]


@pytest.mark.parametrize("text", ["STATUS TITLE\nx y\n", "completed\tsuccess\tx\n"])
def test_other_tables_are_none_of_it(text: str) -> None:
    """Without an id and an age there is nothing to read."""
    assert recognise(Input(None, "runs.txt", text.encode())) is None
