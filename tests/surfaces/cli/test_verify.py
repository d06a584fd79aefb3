"""`lastgood verify` from outside, over files: the act, its effect, and the exit status. The judgements: workbench/test_verify."""

import json
from datetime import timedelta
from pathlib import Path

import pytest

from commands import lastgood
from lastgood.model.answers import Impact, ImpactKind
from lastgood.model.entry import Triaged
from lastgood.model.finding import Verdict
from lastgood.model.window import Comparison, Window
from records import START
from rooms import room_in

BAD, ACT, END = START + timedelta(minutes=30), START + timedelta(minutes=40), START + timedelta(minutes=60)


def access_log(folder: Path) -> Path:
    """Two requests a second; a third of them fail between BAD and ACT, none before and after."""
    lines = []
    for second in range(3600):
        now = START + timedelta(seconds=second)
        for number in range(2):
            status = 500 if BAD <= now < ACT and (2 * second + number) % 3 == 0 else 200
            stamp = f"{now:%d/%b/%Y:%H:%M:%S +0000}"
            lines.append(
                f'10.0.0.{number} - - [{stamp}] "GET /orders HTTP/1.1" {status} 512 "-" "curl/8" 0.031'
            )
    file = folder / "access.log"
    file.write_text("\n".join(lines) + "\n")
    return file


@pytest.mark.slow
def test_an_act_is_measured_from_files(tmp_path: Path) -> None:
    """Recorded by hand, too early at first, recovered then; the room says what comes next."""
    home = tmp_path / "lastgood-incidents"
    home.mkdir()
    now = ("--now", END.isoformat())
    with room_in(home, "Orders failing", access_log(tmp_path), now=BAD) as room:
        comparison = Comparison(Window(START, BAD), Window(BAD, ACT))
        impact = Impact(1200, 400, 0.33, 0.0, None, ImpactKind.ERRORS)
        room.append(
            Triaged("", Verdict.YES, "a third fails", comparison=comparison, since=BAD, impact=impact)
        )

    moment = ACT.isoformat()
    assert 0 == lastgood(tmp_path, "act", "rollback", "orders", "--manual", "--at", moment, *now).returncode
    early = lastgood(tmp_path, "verify", "--now", (ACT + timedelta(minutes=1)).isoformat())
    late = lastgood(tmp_path, "verify", *now)
    document = json.loads(lastgood(tmp_path, "verify", "-o", "json", *now).stdout)
    shown = lastgood(tmp_path, "incident", "show", *now)

    assert (3, "TOO EARLY: action 3, rollback orders") == (
        early.returncode,
        early.stdout.splitlines()[0],
    )
    assert "look again at" in early.stdout
    assert (0, "RECOVERED: action 3, rollback orders") == (late.returncode, late.stdout.splitlines()[0]), (
        late.stderr
    )
    assert "0 of 2 160, 0 %" in late.stdout
    assert ("recovered", 400) == (document["effect"], document["before"]["events"])
    assert "users are no longer affected" in shown.stdout
    assert "lastgood incident mitigated 'rollback orders'" in " ".join(shown.stdout.split())
