"""What `ansible-playbook` prints with the times of its callback profile_tasks, or writes to its `log_path`: a change for each task that changed something.

Each host's result is a log line, an error where it failed. Output without times is no record of when: it is not read, and the report
names the callbacks that give it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from lastgood.algorithms.timestamps import Reference
from lastgood.decoding.change import Row, change, logged
from lastgood.decoding.input import REJECT_TEXT, Claim, Decoded, Input, Reject, Settings, Tally
from lastgood.decoding.moments import moment
from lastgood.decoding.rows import Rows
from lastgood.decoding.text.whose import reference_for
from lastgood.decoding.whole import lines as text_lines
from lastgood.intake._registry import Source
from lastgood.model.signal import Signal

_HEADING = re.compile(r"(?P<what>PLAY|TASK|RUNNING HANDLER|PLAY RECAP)(?: \[(?P<name>.*)\])? \*+$")
_TIME = re.compile(
    r"(?:\w+ )?(?P<day>\d{1,2}) (?P<month>\w+) (?P<year>\d{4})\s+(?P<clock>\d\d:\d\d:\d\d) (?P<zone>[+-]\d{4}) \("
)
# What is before each line in the file of `log_path`: its time, and who ran it.
_LOGGED = re.compile(
    r"(?P<time>\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3}) (?:p=\d+ u=\S+ (?:n=\S+ )?(?:[A-Z]+ ?)?\|\s{0,2}|\[?[A-Z]*\]? ?(?=PLAY|TASK))"
)
_RESULT = re.compile(
    r"(?P<how>ok|changed|skipping|failed|fatal|unreachable|rescued|ignored)(?:: \[(?P<host>[^\]]+)\])(?P<rest>.*)"
)
_BAD = frozenset(["failed", "fatal", "unreachable"])


def recognise(given: Input) -> Claim | None:
    """Headings of a play and its tasks, with times."""
    head = given.head[:65536].decode("utf-8", "replace").replace("\r\n", "\n")
    lines = [(_LOGGED.match(line), _LOGGED.sub("", line, count=1)) for line in head.splitlines()]
    headed = any(_HEADING.match(line) for _, line in lines[:50])
    timed = headed and any(logged_at or _TIME.match(line) for logged_at, line in lines)
    return Claim("ansible-playbook", 0.97, "it has the headings of plays, and times") if timed else None


@dataclass(slots=True)
class _Task:
    """A task that runs: its name, when it began, and on which hosts it changed something."""

    play: str = ""
    name: str = ""
    time: int = 0
    place: int = 0
    changed: list[str] = field(default_factory=list)

    def rows(self) -> Iterator[Row]:
        """The change, if it made one."""
        if self.changed:
            yield change(
                "config", self.time, id=f"ansible/{self.name}/{self.time}", title=self.name, service=self.play, source="ansible",
                attributes={"host.name": ", ".join(self.changed), "ansible.task": self.name},
            )  # fmt: skip


def decode(given: Input, claim: Claim, settings: Settings) -> Decoded:
    """Changes, and a line for what each host reported; the recap's lines continue what is before them."""
    del claim
    reference, table, task, now = reference_for(given, settings), Rows(), _Task(), 0
    with given.open() as stream:
        for number, raw in enumerate(text_lines(stream), 1):
            line = raw.decode("utf-8", "replace").rstrip()
            if before := _LOGGED.match(line):
                line, now = line[before.end() :], moment(before["time"], reference)
            if heading := _HEADING.match(line):
                for row in task.rows():
                    table.add(*row, task.place)
                play = (heading["name"] or "") if heading["what"] == "PLAY" else task.play
                task = _Task(play, heading["name"] or "", now or task.time, number)
                yield Tally(1, 0, 1)
            elif timed := _TIME.match(line):
                task.time = _moment(timed, reference)
                yield Tally(1, 0, 1)
            elif result := _RESULT.match(line):
                yield from _result(result, task, table, number, now)
            else:
                yield Tally(1, 0, 1 if line else 0, 0 if line else 1)
            yield from table.full()
    for row in task.rows():
        table.add(*row, task.place)
    yield from table.rest()


def _result(result: re.Match[str], task: _Task, table: Rows, number: int, now: int) -> Decoded:
    if not task.time:
        yield Reject(number, "no time before it", result[0][:REJECT_TEXT])
        yield Tally(lines=1)
        return
    host = result["host"].partition(" -> ")[0]
    if result["how"] == "changed" and host not in task.changed:
        task.changed.append(host)
    level = "ERROR" if result["how"] in _BAD else "INFO"
    body = f"{task.name}: {result['how']}{result['rest']}"
    table.add(
        *logged(
            body, now or task.time, level, service="ansible", source="ansible", resource={"host.name": host}
        ),
        number,
    )
    yield Tally(1, 1)


def _moment(found: re.Match[str], reference: Reference) -> int:
    """The time of a line; 0 where it cannot be read, so that results after it are rejects."""
    text = f"{found['day']} {found['month'][:3]} {found['year']} {found['clock']} {found['zone']}"
    try:
        return moment(text, reference)
    except ValueError:
        return 0


SOURCE = Source("ansible", frozenset({Signal.CHANGES, Signal.LOGS}), recognise, decode)
