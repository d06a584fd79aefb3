"""Runbooks in words: numbered checks, commands that can be pasted, and in short only what says yes."""

from lastgood.model.evidence import Absence, Provenance
from lastgood.model.finding import Finding, Verdict
from lastgood.model.trouble import CheckVerdict, Runbook, Trouble, TroubleCheck
from lastgood.surfaces.findings import exit_status, finding_text
from lastgood.surfaces.invocation import Invocation
from lastgood.surfaces.troubles import check_lines, pasted, runbook_command, troubles_text

NOTHING = Absence("nothing", Provenance("", {}, None, 0, 0.0))
HOW = Invocation(paths=("my data",))
ASK = ("lastgood", "ask", "trouble", "--class", "disk", "--database", "env:DATABASE_URL")


def check(verdict: CheckVerdict, *command: str) -> TroubleCheck:
    """A check that says so."""
    return TroubleCheck(3, "disk-full", "Is a file system full?", verdict, "disk of db: 97 %", True, command)


def finding(verdict: Verdict, trouble: Trouble, *checks: TroubleCheck) -> Finding:
    """A runbook."""
    return Finding(
        verdict,
        f"{trouble}: 1 check",
        None,
        Runbook(trouble, checks),
        (NOTHING,),
        name="trouble",
        question="Which?",
    )


def test_a_check_has_number_verdict_question_reason_and_command() -> None:
    """The command has what this run was given; a command of others is quoted for a shell."""
    found = list(check_lines(Runbook(Trouble.DISK, (check(CheckVerdict.ASK, *ASK),)), HOW, 80))

    assert "  3 ask         Is a file system full?" == found[0]
    assert [
        "disk of db: 97 %",
        "lastgood ask trouble --class disk --database env:DATABASE_URL 'my data'",
    ] == [line.strip() for line in found[1:]]
    assert "ss '-s; reboot'" == pasted(check(CheckVerdict.ASK, "ss", "-s; reboot"), HOW)


def test_in_short_what_says_yes_is_first_and_whole() -> None:
    """The others have a line, and the command that shows their checks."""
    text = troubles_text(
        [
            finding(Verdict.NO, Trouble.CPU, check(CheckVerdict.NO)),
            finding(Verdict.YES, Trouble.DISK, check(CheckVerdict.YES)),
        ],
        HOW,
    )
    lines = text.splitlines()

    assert "YES      disk         disk: 1 check" == lines[0]
    assert 1 == text.count("Is a file system full?")
    assert "The checks of one: lastgood ask trouble --class NAME 'my data'" == lines[-1]


def test_a_runbook_that_says_yes_is_a_problem() -> None:
    """Exit status 1; alone it is shown with its checks and evidence."""
    found = finding(Verdict.YES, Trouble.DISK, check(CheckVerdict.YES))

    assert [1, 0] == [exit_status([found]), exit_status([finding(Verdict.NO, Trouble.DISK)])]
    assert "  3 yes         Is a file system full?" in finding_text(found)
    assert "lastgood ask trouble --class dns" == str(runbook_command("dns"))
