"""Crontabs: the runs that are to be expected in the time that telemetry covers, one change each.

A run is what the table says should happen, not what did: its state is `expected`. Times are in
`CRON_TZ` where the file sets it, else in the zone that the settings give to times without one.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import PurePath
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from cronsim import CronSim, CronSimError

from lastgood.decoding.change import Row, change
from lastgood.decoding.input import REJECT_TEXT, Claim, Decoded, Input, Reject, Settings, Tally
from lastgood.decoding.rows import BAD, Rows
from lastgood.decoding.whole import lines as text_lines
from lastgood.intake._registry import Source
from lastgood.model.clock import to_nanoseconds
from lastgood.model.signal import Signal
from lastgood.model.window import Window

# A job that runs every minute is no news after a day of it; the runs nearest the end count.
MOST_RUNS = 1_500
_LOOKED_INTO = 500  # characters of a command that the name of its program is looked for in
WITHOUT_TELEMETRY = timedelta(hours=24)

_FIELD = r"(?:[\d*?L#,/\-]|(?i:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|sun|mon|tue|wed|thu|fri|sat))+"
_JOB = re.compile(rf"\s*({_FIELD}(?:\s+{_FIELD}){{4}})\s+(\S.*)")
_NAMED = re.compile(r"\s*(@(?:hourly|daily|midnight|weekly|monthly|yearly|annually|reboot))\s+(\S.*)")
_SETTING = re.compile(r"\s*([A-Za-z_]\w*)\s*=\s*[\"']?(.*?)[\"']?\s*$")
_ALIASES = {
    "@hourly": "0 * * * *", "@daily": "0 0 * * *", "@midnight": "0 0 * * *", "@weekly": "0 0 * * 0",
    "@monthly": "0 0 1 * *", "@yearly": "0 0 1 1 *", "@annually": "0 0 1 1 *",
}  # fmt: skip
_USER = re.compile(r"(root|www-data|nobody|[a-z_][a-z0-9_-]{0,31})\s+(?=[/\w.~\[(\"'])")
_FILE_NAMES = re.compile(r"cron", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Job:
    expression: str
    command: str
    user: str
    zone: tzinfo
    program: str


def recognise(given: Input) -> Claim | None:
    """Text in which every line is a job, a setting, a comment or blank, and at least one is a job."""
    lines = given.head.decode("utf-8", "replace").splitlines()
    reported = [line for line in lines if line.strip() and not line.lstrip().startswith("#")]
    jobs = [line for line in reported if _JOB.match(line) or _NAMED.match(line)]
    settings = [line for line in reported if _SETTING.match(line)]
    named = _FILE_NAMES.search(PurePath(given.name).name) is not None
    understood = len(jobs) + len(settings)
    if not jobs or understood < len(reported) * (0.5 if named else 1.0):
        return None
    return Claim("crontab", 0.9 if named else 0.8, f"{len(jobs)} of {len(reported)} lines are jobs")


def decode(given: Input, claim: Claim, settings: Settings) -> Decoded:
    """The expected runs of every job."""
    del claim
    window = settings.telemetry or Window(settings.now - WITHOUT_TELEMETRY, settings.now)
    rows, zone = Rows(), settings.zone
    lines = jobs = blanks = 0
    system = "cron.d" in given.name or PurePath(given.name).name == "crontab"
    with given.open() as stream:
        for lines, raw in enumerate(text_lines(stream), 1):
            line = raw.decode("utf-8", "replace").strip()
            setting = _SETTING.match(line)
            if not line or line.startswith("#"):
                blanks += 1
                continue
            try:
                if setting and not _JOB.match(line):
                    blanks += 1
                    zone = ZoneInfo(setting[2]) if setting[1] == "CRON_TZ" else zone
                    continue
                job = _job(line, zone, system=system)
                for run in _runs(job, window):
                    rows.add(*_row(job, run, f"{given.name}:{lines}"))
                jobs += 1
            except (*BAD, CronSimError, ZoneInfoNotFoundError) as problem:
                blanks -= setting is not None
                yield Reject(lines, f"no job: {problem}", line[:REJECT_TEXT])
            yield from rows.full()
    yield from rows.rest()
    yield Tally(lines=lines, events=jobs, blanks=blanks)


def _job(line: str, zone: tzinfo, *, system: bool) -> _Job:
    found = _JOB.match(line) or _NAMED.match(line)
    if found is None:
        raise ValueError("it has no five fields and a command")
    expression, command = found[1], found[2]
    user = _USER.match(command) if system else None
    named = command[user.end() :] if user else command
    return _Job(
        _ALIASES.get(expression, expression),
        named,
        user[1] if user else "",
        zone,
        _program(named[:_LOOKED_INTO]),
    )


def _runs(job: _Job, window: Window) -> Iterator[datetime]:
    """The newest MOST_RUNS runs inside the window, the last first."""
    if job.expression == "@reboot":
        return
    before = CronSim(job.expression, window.end.astimezone(job.zone), reverse=True)
    for number, run in enumerate(before):
        if number >= MOST_RUNS or run.astimezone(UTC) < window.start:
            return
        yield run.astimezone(UTC)


def _row(job: _Job, run: datetime, place: str) -> Row:
    time = to_nanoseconds(run)
    return change(
        "cron", time, id=f"{place}/{time}", title=job.command, service=job.program, actor=job.user,
        state="expected", source="crontab", attributes={"cron.schedule": job.expression, "cron.zone": str(job.zone)},
    )  # fmt: skip


_WRAPPERS = frozenset(
    [
        "flock",
        "nice",
        "ionice",
        "timeout",
        "sudo",
        "env",
        "bash",
        "sh",
        "python",
        "python3",
        "cd",
        "test",
        "[",
        "php",
        "node",
        "ruby",
        "java",
    ]
)


def _program(command: str) -> str:
    """The name of what runs: /usr/bin/flock -n /x /opt/ledger-export.sh → ledger-export."""
    words = re.split(r"&&|;", command)[-1].split()
    paths = [word for word in words if "=" not in word and not word.startswith(("-", ">", "2>", "<"))]
    for word in paths:
        name = PurePath(word).name
        if (
            name
            and name not in _WRAPPERS
            and not name.endswith(".lock")
            and not name.isdigit()
            and name[0].isalnum()
        ):
            return re.sub(r"\.(?:sh|py|rb|pl|js|php)$", "", name)
    return ""


SOURCE = Source("crontab", frozenset({Signal.CHANGES}), recognise, decode, late=True)
