"""Alarms as text: notifications of Nagios, Icinga and Zabbix as mails and chats keep them, and lists of them, a line each.

`PROBLEM - checkout-http on web-1 is CRITICAL: …` behind its time; or a block with `Notification Type:`, `Host:`, `State:` and
`Date/Time:` (Nagios' default), with `checkout-http on web-1 is CRITICAL!` and `When:` (Icinga's), or with `Problem started at`
(Zabbix').
"""

import re
from collections.abc import Iterator, Mapping

from lastgood.algorithms.timestamps import Reference
from lastgood.decoding.change import Row, alert
from lastgood.decoding.input import REJECT_TEXT, Claim, Decoded, Input, Reject, Settings, Tally
from lastgood.decoding.rows import Rows
from lastgood.decoding.tables.entries import moment_of
from lastgood.decoding.text.whose import reference_for
from lastgood.decoding.whole import read_whole
from lastgood.intake._registry import Source
from lastgood.model.signal import Signal

_LOOKED_AT = 64 * 1024  # bytes
_MOST = 0.8  # of the lines with anything on them, at least
_TIME = r"\[?(?P<time>\d{4}[-/.]\d\d[-/.]\d\d[T ]\d\d:\d\d(?::\d\d)?(?:[.,]\d{1,9})?(?: ?(?:Z|UTC|[+-]\d\d:?\d\d))?|\d{10})\]?"
_WORD = r"(?P<word>PROBLEM|RECOVERY|ACKNOWLEDGEMENT|FLAPPINGSTART|FLAPPINGSTOP|DOWNTIMESTART|DOWNTIMEEND)"
_STATE = r"(?P<state>CRITICAL|WARNING|UNKNOWN|DOWN|UNREACHABLE|OK|UP)"
_LINE = re.compile(
    rf"{_TIME}[ \t:,|-]+\W{{0,4}}{_WORD}\W{{1,4}}(?:(?:Service|Host) Alert: )?(?P<what>[\w./ -]{{1,120}}?)(?: on (?P<host>[\w.-]+))? is {_STATE}\b\W*(?P<info>.*)"
)
_FIELD = re.compile(r"^(?P<name>Notification Type|Service|Host|State|Date/Time|When|Info|Additional Info|Problem name|Severity|Problem started|Problem has been resolved|Resolved)(?::| at) *(?P<value>.*)$")  # fmt: skip
_IS = re.compile(rf"^(?:\[?{_WORD}\]? *)?(?P<what>[\w./-]{{1,120}})(?: on (?P<host>[\w.-]+))? is {_STATE}!?$")
_ZABBIX = re.compile(r"(?P<clock>\d\d:\d\d:\d\d) on (?P<day>\d{4}\.\d\d\.\d\d)")
_OVER = frozenset({"OK", "UP"})
_OF_HOSTS = frozenset({"UP", "DOWN", "UNREACHABLE"})
_BEGINS = re.compile(r"^(?:\*{3,}.*\*{3,}|Problem (?:started|has been resolved) at .*|Notification Type:.*)$")


def recognise(given: Input) -> Claim | None:
    """Nearly all lines are notifications; or a block has the fields of one."""
    text = given.head[:_LOOKED_AT].decode("utf-8-sig", "replace")
    lines = [line for line in text.splitlines() if line.strip()]
    listed = sum(bool(_LINE.match(line)) for line in lines)
    if listed and listed >= _MOST * len(lines):
        return Claim("list of notifications", 0.95, f"{listed} lines tell a problem or a recovery")
    fields = [found["name"] for line in lines[:60] if (found := _FIELD.match(line))]
    stated = any(map(_IS.match, lines[:60])) and {"When", "Host"} <= set(fields)
    if (
        stated
        or {"Notification Type", "Host", "State", "Date/Time"} <= set(fields)
        or {"Problem started", "Problem name"} <= set(fields)
    ):
        return Claim("notification", 0.95, "it has the fields of a notification")
    return None


def decode(given: Input, claim: Claim, settings: Settings) -> Decoded:
    """An alert for each notification; the lines of a block but its first continue it."""
    with given.open() as stream:
        content, problem = read_whole(stream)
    lines, table = content.decode("utf-8-sig", "replace").splitlines(), Rows()
    reference = reference_for(given, settings)
    listed = claim.format == "list of notifications"
    parts, of = (_listed(lines), _of_line) if listed else (_blocks(lines), _of_block)
    for number, part in parts:
        read = [line for line in part if line.strip()]
        try:
            made = of(read, reference)
            table.add(*made, number)
        except ValueError as wrong:
            yield Reject(number, f"not understood: {wrong}", "\n".join(read)[:REJECT_TEXT])
            yield Tally(len(part), 0, len(read) - 1, len(part) - len(read))
            continue
        yield Tally(len(part), 1, len(read) - 1, len(part) - len(read))
        yield from table.full()
    yield from table.rest()
    if problem is not None:
        raise problem


def _listed(lines: list[str]) -> Iterator[tuple[int, list[str]]]:
    """Each line with what is blank behind it."""
    yield from _parted(lines, [number for number, line in enumerate(lines) if line.strip()])


def _blocks(lines: list[str]) -> Iterator[tuple[int, list[str]]]:
    """Each notification with all its lines: a line of stars or the first field of one begins it."""
    begins: list[int] = []
    fresh = True  # whether nothing but a heading came since the last block began
    for number, line in enumerate(lines):
        if _BEGINS.match(line):
            if not (begins and fresh):
                begins.append(number)
            fresh = line.startswith("*")
        elif line.strip() and not line.startswith("*"):
            if not begins:
                begins.append(number)
            fresh = False
    yield from _parted(lines, begins)


def _parted(lines: list[str], begins: list[int]) -> Iterator[tuple[int, list[str]]]:
    if not begins:
        return
    for place, begin in enumerate(begins):
        end = begins[place + 1] if place + 1 < len(begins) else len(lines)
        yield begin + 1, lines[0 if place == 0 else begin : end]


def _of_line(lines: list[str], reference: Reference) -> Row:
    found = _LINE.match(lines[0])
    if found is None:
        raise ValueError("it is no notification")
    return _alert(found.groupdict(), found["time"], reference)


def _of_block(lines: list[str], reference: Reference) -> Row:
    fields = {
        found["name"]: found["value"].strip() for line in reversed(lines) if (found := _FIELD.match(line))
    }
    stated = next((found.groupdict() for line in lines if (found := _IS.match(line.strip()))), {})
    told = (
        fields.get("Problem has been resolved")
        or fields.get("Problem started")
        or fields.get("Date/Time")
        or fields.get("When")
        or ""
    )
    if zabbix := _ZABBIX.search(told):
        told = f"{zabbix['day'].replace('.', '-')} {zabbix['clock']}"
    info = fields.get("Info") or fields.get("Additional Info") or _after(lines, "Additional Info:")
    over = "Problem has been resolved" in fields or "Resolved" in fields
    return _alert(
        {
            "word": fields.get("Notification Type") or stated.get("word") or "", "host": fields.get("Host") or stated.get("host") or "",
            "what": fields.get("Service") or fields.get("Problem name") or stated.get("what") or "", "info": info,
            "state": "OK" if over else fields.get("State") or stated.get("state") or fields.get("Severity") or "",
        },
        told, reference,
    )  # fmt: skip


def _after(lines: list[str], heading: str) -> str:
    return next((lines[number + 1] for number, line in enumerate(lines[:-1]) if line.startswith(heading)), "")


def _alert(told: Mapping[str, str | None], time: str, reference: Reference) -> Row:
    """An alert of a service on a host, or of a host."""
    at = int(time) * 1_000_000_000 if time.isdigit() else moment_of(time, reference)
    if not at:
        raise ValueError("it has no time")
    what, host, state = (str(told.get(name) or "").strip() for name in ("what", "host", "state"))
    if "/" in what and not host:
        host, what = what.split("/", 1)
    over = state in _OVER or told.get("word") == "RECOVERY"
    host = host or (what if state in _OF_HOSTS else "")
    if what in {"", host}:
        what = f"host {host}"
    return alert(
        what, at, id=f"{host}/{what}/{state}/{at}", service=host or what, state="resolved" if over else "firing",
        severity="" if over else state.lower(), summary=str(told.get("info") or "").strip(), labels={"host": host},
    )  # fmt: skip


SOURCE = Source("alarm_texts", frozenset({Signal.ALERTS}), recognise, decode)
