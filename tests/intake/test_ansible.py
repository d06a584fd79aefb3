"""What ansible-playbook prints with times."""

from lastgood.decoding.input import Input
from lastgood.decoding.printed import printed
from lastgood.intake._registry import best_claim
from outcomes import outcome

PLAY = b"""
PLAY [web] *********************************************************************

TASK [deploy : install shop 2.4.1] *********************************************
Sunday 22 November 2026  15:03:21 +0100 (0:00:10.035)       0:00:10.070 *******
changed: [web1]
fatal: [web2]: FAILED! => {"changed": false, "msg": "No package"}

RUNNING HANDLER [restart shop] *************************************************
Sunday 22 November 2026  15:03:31 +0100 (0:00:10.000)       0:00:20.070 *******
ok: [web1 -> localhost]

PLAY RECAP *********************************************************************
web1                       : ok=2    changed=1    unreachable=0    failed=0
"""


def test_a_task_that_changed_something_is_a_change() -> None:
    """At its time, with its hosts; each host's result is a line, and what failed an error."""
    found = outcome(PLAY, "deploy.txt")
    (one,) = found.rows["lg_changes"]

    assert ("config", "web", "deploy : install shop 2.4.1") == (one["Kind"], one["Service"], one["Title"])
    assert "2026-11-22T14:03:21+00:00" == one["Timestamp"].isoformat()
    assert "web1" == dict(one["Attributes"])["host.name"]
    assert [9, 17, 9] == [row["SeverityNumber"] for row in found.rows["otel_logs"]]
    assert found.balanced


def test_output_without_times_is_not_read() -> None:
    """The report names the callbacks that give them."""
    untimed = b"\n".join(line for line in PLAY.splitlines() if not line.startswith(b"Sunday"))

    assert best_claim(Input(None, "deploy.txt", untimed)) is None
    assert "profile_tasks" in printed(untimed)


LOGGED = b"""
2026-11-22 14:03:20,100 p=7 u=ada n=ansible | PLAY [edge] ***************************************
2026-11-22 14:03:21,000 p=7 u=ada n=ansible INFO| TASK [waf : write rules] **********************
2026-11-22 14:03:25,000 p=7 u=ada n=ansible | changed: [edge1]
2026-11-22 14:03:59,500 p=7 u=ada n=ansible | changed: [edge2]
2026-11-22 14:04:02,000 p=7 u=ada n=ansible | RUNNING HANDLER [waf : reload] ********************
2026-11-22 14:04:03,000 p=7 u=ada n=ansible | changed: [edge2]
2026-11-22 14:04:04,000 p=7 u=ada n=ansible | PLAY RECAP ****************************************
2026-11-22 14:04:00,000 p=7 u=ada n=ansible | edge1  : ok=2    changed=1    unreachable=0    failed=0
"""


def test_its_own_log_has_the_time_of_each_line() -> None:
    """The change lasts from the first host to the handler on the last."""
    found = outcome(LOGGED, "ansible.log")
    (one,) = found.rows["lg_changes"]

    assert ("config", "edge", "waf : write rules") == (one["Kind"], one["Service"], one["Title"])
    assert "2026-11-22T14:03:25" == f"{one['Timestamp']:%Y-%m-%dT%H:%M:%S}"
    assert "14:04:03" == f"{one['EndTimestamp']:%H:%M:%S}"
    assert "edge1, edge2" == dict(one["Attributes"])["host.name"]
    assert found.balanced


def test_the_file_of_log_path_has_a_time_on_every_line() -> None:
    """Older and newer prefixes; each host's result has its own time."""
    for prefix in ("p=7 u=ann n=ansible | ", "p=7 u=ann | ", "p=7 u=ann n=ansible INFO| "):
        lines = [
            f"2026-11-22 14:03:20,100 {prefix}PLAY [web] ****",
            f"2026-11-22 14:03:21,200 {prefix}TASK [install till] ****",
            f"2026-11-22 14:03:25,300 {prefix}changed: [web1]",
            f'2026-11-22 14:03:26,400 {prefix}fatal: [web2]: FAILED! => {{"msg": "no"}}',
            f"2026-11-22 14:03:27,500 {prefix}PLAY RECAP ****",
            f"2026-11-22 14:03:27,500 {prefix}web1 : ok=1 changed=1",
        ]
        found = outcome(("\n".join(lines) + "\n").encode(), "ansible.log")
        (row,) = found.rows["lg_changes"]
        assert row["Title"] == "install till"
        assert f"{row['Timestamp']:%H:%M:%S}" == "14:03:25"
        assert [
            (line["SeverityText"], f"{line['Timestamp']:%H:%M:%S}") for line in found.rows["otel_logs"]
        ] == [
            ("INFO", "14:03:25"),
            ("ERROR", "14:03:26"),
        ]
        assert found.balanced


def test_a_play_in_prose_is_nobody_and_its_roles_are_whose_their_tasks_are() -> None:
    """The name of a play may be a sentence."""
    found = outcome(PLAY.replace(b"PLAY [web]", b"PLAY [roll the shop out]"), "deploy.txt")

    assert "deploy" == found.rows["lg_changes"][0]["Service"]
