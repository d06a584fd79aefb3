"""Runbooks in words: the numbered checks with verdict and numbers, and the command that tells more."""

from collections.abc import Iterator, Sequence
from shlex import join
from textwrap import wrap

from lastgood.model.finding import Finding, Verdict
from lastgood.model.trouble import CheckVerdict, Runbook, TroubleCheck
from lastgood.surfaces.invocation import PROGRAM, Command, Invocation, command
from lastgood.surfaces.wording import PLAIN

VERDICTS = {
    CheckVerdict.YES: "yes", CheckVerdict.NO: "no", CheckVerdict.CANNOT_TELL: "cannot tell", CheckVerdict.ASK: "ask",
}  # fmt: skip
_ORDER = {Verdict.YES: 0, Verdict.UNKNOWN: 1, Verdict.NO: 2}
_INDENT = " " * 16


def runbook_command(trouble: str) -> Command:
    """The command that runs the checks of one kind of trouble."""
    return command("ask", "trouble", "--class", trouble)


def check_lines(runbook: Runbook, how: Invocation, width: int) -> Iterator[str]:
    """Each check: its number, verdict, question, reason and command."""
    for check in runbook.checks:
        yield f"{check.number:3} {VERDICTS[check.verdict]:11} {check.question}"
        yield from wrap(check.because, width, initial_indent=_INDENT, subsequent_indent=_INDENT)
        if check.command:
            yield f"{_INDENT}{pasted(check, how)}"


def pasted(check: TroubleCheck, how: Invocation) -> str:
    """The command of a check as a shell reads it."""
    if check.command[0] == PROGRAM:
        return str(how.completed(Command(check.command[1:])))
    return join(check.command)


def troubles_text(findings: Sequence[Finding], how: Invocation, width: int = 100) -> str:
    """Every runbook: those that say yes with their checks, the others in a line; and the command that shows one."""
    lines: list[str] = []
    for finding in sorted(findings, key=lambda one: _ORDER[one.verdict]):
        if isinstance(runbook := finding.answer, Runbook):
            lines.append(f"{finding.verdict.value.upper():8} {runbook.trouble:12} {finding.because}")
            lines += [*check_lines(runbook, how, width), ""] if finding.verdict is Verdict.YES else []
    lines += ["", f"The checks of one: {how.completed(runbook_command('NAME'))}"]
    limits = dict.fromkeys(limit for finding in findings for limit in finding.limits)
    lines += ["", *(f"not known: {limit}" for limit in limits)] if limits else []
    return "\n".join(lines).translate(PLAIN) + "\n"
