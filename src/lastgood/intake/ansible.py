"""What `ansible-playbook` prints, with the times of its callback profile_tasks or of its own log: a change for each task that changed something.

Each host's result is a log line, an error where it failed. Output without times is no record of when: it is not read, and the report
names the callbacks that give it.
"""

import re
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
# In front of each line of its own log (log_path).
_LOGGED = re.compile(
    r"(?P<time>\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3}) p=\d+ u=\S+(?: n=\S+)?(?: [A-Z]+)? ?\| ?"
)
_RESULT = re.compile(
    r"(?P<how>ok|changed|skipping|failed|fatal|unreachable|rescued|ignored)(?:: \[(?P<host>[^\]]+)\])(?P<rest>.*)"
)
_ROLE = re.compile(r"(?P<role>[\w.-]+) : ")  # in front of the name of a task
_BAD = frozenset(["failed", "fatal", "unreachable"])


def recognise(given: Input) -> Claim | None:
    """Headings of a play and its tasks, with times."""
    head = given.head[:65536].decode("utf-8", "replace").replace("\r\n", "\n")
    headed = any(_HEADING.match(_LOGGED.sub("", line)) for line in head.splitlines()[:50])
    timed = headed and any(_TIME.match(line) or _LOGGED.match(line) for line in head.splitlines())
    return Claim("ansible-playbook", 0.97, "it has the headings of plays, and times") if timed else None


@dataclass(slots=True)
class _Task:
    """A task that runs: its name, when it began, and on which hosts it changed something."""

    play: str = ""
    name: str = ""
    time: int = 0
    place: int = 0
    first: int = 0  # when it changed something, and when it last did
    last: int = 0
    changed: list[str] = field(default_factory=list)
    handler: bool = False

    def row(self, last: int) -> Row:
        """The change that it made, in force on all hosts at `last`; of the play where that is a name, else of the task's role."""
        role = _ROLE.match(self.name)
        service = self.play if " " not in self.play else role["role"] if role else ""
        return change(
            "config", self.first, until=last, id=f"ansible/{self.name}/{self.first}", title=self.name, service=service, source="ansible",
            attributes={"host.name": ", ".join(self.changed), "ansible.task": self.name},
        )  # fmt: skip


def _add_changes(table: Rows, tasks: list[_Task]) -> None:
    """What the tasks of a play changed; what a handler does puts that in force, and is no change of its own beside it."""
    changing = [task for task in tasks if task.changed]
    made = [task for task in changing if not task.handler] or changing
    for task in made:
        table.add(*task.row(max(one.last for one in changing if one is task or one.handler)), task.place)


def decode(given: Input, claim: Claim, settings: Settings) -> Decoded:
    """Changes, and a line for what each host reported; the recap's lines continue what is before them."""
    del claim
    reference, table = reference_for(given, settings), Rows()
    task = _Task()
    tasks: list[_Task] = []
    with given.open() as stream:
        for number, raw in enumerate(text_lines(stream), 1):
            line = raw.decode("utf-8", "replace").rstrip()
            if logged := _LOGGED.match(line):
                line = line[logged.end() :]
                task.time = _moment(logged["time"], reference)
            if heading := _HEADING.match(line):
                play = task.play
                if heading["what"] == "PLAY":
                    _add_changes(table, tasks)
                    play, tasks = heading["name"] or "", []
                handler = heading["what"] == "RUNNING HANDLER"
                task = _Task(play, heading["name"] or "", task.time, number, handler=handler)
                tasks.append(task)
                yield Tally(1, 0, 1)
            elif timed := _TIME.match(line):
                task.time = _moment(
                    f"{timed['day']} {timed['month'][:3]} {timed['year']} {timed['clock']} {timed['zone']}",
                    reference,
                )
                yield Tally(1, 0, 1)
            elif result := _RESULT.match(line):
                yield from _result(result, task, table, number)
            else:
                yield Tally(1, 0, 1 if line else 0, 0 if line else 1)
            yield from table.full()
    _add_changes(table, tasks)
    yield from table.rest()


def _result(result: re.Match[str], task: _Task, table: Rows, number: int) -> Decoded:
    if not task.time:
        yield Reject(number, "no time before it", result[0][:REJECT_TEXT])
        yield Tally(lines=1)
        return
    host = result["host"].partition(" -> ")[0]
    if result["how"] == "changed":
        task.first, task.last = task.first or task.time, task.time
        task.changed += [host] if host not in task.changed else []
    level = "ERROR" if result["how"] in _BAD else "INFO"
    body = f"{task.name}: {result['how']}{result['rest']}"
    table.add(
        *logged(body, task.time, level, service="ansible", source="ansible", resource={"host.name": host}),
        number,
    )
    yield Tally(1, 1)


def _moment(text: str, reference: Reference) -> int:
    """The time of a line; 0 where it cannot be read, so that results after it are rejects."""
    try:
        return moment(text, reference)
    except ValueError:
        return 0


SOURCE = Source("ansible", frozenset({Signal.CHANGES, Signal.LOGS}), recognise, decode)
