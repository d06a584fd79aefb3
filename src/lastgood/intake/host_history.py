"""What was done to a machine, as it keeps it: packages by dpkg, apt, yum and dnf, and when it was started.

`dpkg.log`, apt's `history.log`, `yum.log`, `dnf.rpm.log`, `dnf history list` and `last reboot`. A package that was installed, upgraded or
removed is a change with both versions; a start of the machine is a change of the infrastructure. Other lines of dpkg's log are
log lines.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from lastgood.algorithms.timestamps import Reference
from lastgood.decoding.change import Row, change, logged
from lastgood.decoding.input import REJECT_TEXT, Claim, Decoded, Input, Reject, Settings, Tally
from lastgood.decoding.moments import moment
from lastgood.decoding.rows import Rows
from lastgood.decoding.text.whose import machine, reference_for
from lastgood.decoding.whole import lines as text_lines
from lastgood.intake._registry import Source
from lastgood.model.attributes import HOST_NAME
from lastgood.model.signal import Signal

Block = tuple[int, list[str]]  # the number of its first line, and its lines
_TIME = r"(?P<time>\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d(?:[+-]\d{4}|Z)?)"
_DPKG = re.compile(rf"{_TIME} (?P<what>[a-z][a-z-]+) (?P<rest>.+)")
_PACKAGE = re.compile(r"(?P<name>[\w.+-]+)(?::\w+)? (?P<old>\S+) (?P<new>\S+)")
_RPM = re.compile(
    rf"(?:{_TIME}|(?P<day>[A-Z][a-z]{{2}} [ \d]\d \d\d:\d\d:\d\d)) (?:[A-Z]+ )?"
    r"(?P<what>Install(?:ed)?|Upgraded?|Updated?|Erased?|Removed?|Downgraded?|Reinstalled): (?P<package>\S+)"
)
_NEVRA = re.compile(r"(?:\d+:)?(?P<name>.+?)-(?P<version>(?:\d+:)?\d[\w.~^+]*-[\w.~^+]+)")
_FIELD = re.compile(r"(?P<name>[A-Z][A-Za-z-]+): (?P<value>.*)")
# A name begins after a blank or a comma, and nothing goes back: the time grows with the length only.
_ITEM = re.compile(r"(?<![^\s,])(?P<name>[^\s,:(]++)(?::\w++)? \((?P<old>[^,()]*+)(?:, (?P<new>[^()]*+))?\)")
_BOOT = re.compile(
    r"(?P<who>reboot|shutdown) +system (?:boot|down) +(?P<kernel>\S+) +(?P<time>[A-Z][a-z]{2} [A-Z][a-z]{2} +\d+ \d\d:\d\d(?::\d\d)?(?: \d{4})?)"
    r"(?P<rest>.*)"
)
_CHANGES = frozenset(["install", "upgrade", "remove", "purge"])


@dataclass(frozen=True, slots=True)
class _Form:
    """One program's record: how its first line is known, how its lines belong together, and what they become."""

    name: str
    begins: re.Pattern[str]
    blocks: Callable[[Iterable[str]], Iterator[Block]]
    rows: Callable[[list[str], Reference], Iterator[Row]]


def recognise(given: Input) -> Claim | None:
    """A first line that one of these programs writes."""
    form = _form_of(given)
    return Claim(form.name, 0.96, f"its first line is one of {form.name}") if form else None


def decode(given: Input, claim: Claim, settings: Settings) -> Decoded:
    """The changes; a line that is none of the program's is a reject."""
    del claim
    form = _form_of(given)
    reference, table, host = reference_for(given, settings), Rows(), machine(given.telling)
    if form is None:
        return
    with given.open() as stream:
        texts = (line.decode("utf-8", "replace").rstrip("\r\n") for line in text_lines(stream))
        for number, block in form.blocks(texts):
            if not any(line.strip() for line in block):
                yield Tally(len(block), 0, 0, len(block))
                continue
            try:
                made = list(form.rows(block, reference))
            except ValueError as wrong:
                for place, line in enumerate(block, number):
                    yield Reject(place, f"not understood: {wrong}", line[:REJECT_TEXT])
                yield Tally(lines=len(block))
                continue
            for where, row in made:
                if host and "Attributes" in row:
                    row["Attributes"] = {HOST_NAME: host, **row["Attributes"]}
                table.add(where, row, number)
            yield Tally(len(block), 1 if made else 0, len(block) - (1 if made else 0))
            yield from table.full()
    yield from table.rest()


def _form_of(given: Input) -> _Form | None:
    text = given.head[:4096].decode("utf-8", "replace").lstrip("\ufeff\r\n ")
    return next((form for form in _FORMS if form.begins.match(text)), None)


def _each(lines: Iterable[str]) -> Iterator[Block]:
    yield from ((number, [line]) for number, line in enumerate(lines, 1))


def _paragraphs(lines: Iterable[str]) -> Iterator[Block]:
    """Lines up to an empty one, which is a block of its own."""
    block: list[str] = []
    number = 0
    for number, line in enumerate(lines, 1):
        if line.strip():
            block.append(line)
            continue
        if block:
            yield number - len(block), block
            block = []
        yield number, [line]
    if block:
        yield number - len(block) + 1, block


def _dpkg(block: list[str], reference: Reference) -> Iterator[Row]:
    found = _DPKG.fullmatch(block[0])
    if found is None:
        raise ValueError("it is not a line of dpkg")
    time = moment(found["time"], reference)
    package = _PACKAGE.fullmatch(found["rest"])
    if found["what"] in _CHANGES and package:
        old, new = ("" if version == "<none>" else version for version in (package["old"], package["new"]))
        yield _package(found["what"], time, package["name"], old, new, "dpkg")
    else:
        yield logged(f"{found['what']} {found['rest']}", time, service="dpkg", source="dpkg")


def _rpm(block: list[str], reference: Reference) -> Iterator[Row]:
    found = _RPM.fullmatch(block[0].strip())
    if found is None:
        timed = re.match(rf"{_TIME} (?P<level>[A-Z]+) (?P<rest>.*)", block[0])
        if timed is None:
            raise ValueError("it is not a line of yum or dnf")
        yield logged(timed["rest"], moment(timed["time"], reference), service="dnf", source="dnf")
        return
    package = _NEVRA.fullmatch(found["package"])
    name, version = (package["name"], package["version"]) if package else (found["package"], "")
    gone = found["what"].startswith(("Erase", "Remove"))
    yield _package(
        found["what"].lower(), moment(found["time"] or found["day"], reference), name,
        version if gone else "", "" if gone else version, "rpm",
    )  # fmt: skip


def _package(what: str, time: int, name: str, old: str, new: str, source: str) -> Row:
    return change(
        "config", time, id=f"{source}/{time}/{what}/{name}", title=f"{what} {name} {new or old}".strip(), version=new,
        previous_version=old, source=source, attributes={"package.name": name},
    )  # fmt: skip


def _apt(block: list[str], reference: Reference) -> Iterator[Row]:
    said = {found["name"]: found["value"] for line in block if (found := _FIELD.match(line))}
    start = moment(" ".join(said.get("Start-Date", "").split()), reference)
    end = moment(" ".join(said["End-Date"].split()), reference) if "End-Date" in said else None
    common: dict[str, Any] = {
        "until": end, "actor": said.get("Requested-By", "").partition(" ")[0], "source": "apt",
        "state": "failed" if "Error" in said else "",
    }  # fmt: skip
    for what in ("Install", "Reinstall", "Upgrade", "Downgrade", "Remove", "Purge"):
        for item in _ITEM.finditer(said.get(what, "")):
            old, new = (
                (item["old"], item["new"] or "")
                if what in {"Upgrade", "Downgrade", "Remove", "Purge"}
                else ("", item["old"])
            )
            yield change(
                "config", start, id=f"apt/{start}/{what}/{item['name']}", title=f"{what.lower()} {item['name']} {new or old}",
                version="" if new == "automatic" else new, previous_version=old,
                attributes={"package.name": item["name"], "process.command_line": said.get("Commandline")}, **common,
            )  # fmt: skip


def _history(block: list[str], reference: Reference) -> Iterator[Row]:
    cells = [cell.strip() for cell in block[0].split("|")]
    if len(cells) < 5 or not cells[0].isdigit():
        if cells[0] in {"ID", ""} or set(block[0].strip()) <= set("-+="):
            return
        raise ValueError("it is not a row of the table")
    number, command, when, actions, altered, *_ = cells
    time = moment(f"{when}:00" if when.count(":") == 1 else when, reference)
    yield change(
        "config", time, id=f"dnf/{number}/{time}", title=f"{actions}: {command}", source="dnf",
        attributes={"package.altered": altered.split()[0] if altered else "", "process.command_line": command},
    )  # fmt: skip


def _boots(block: list[str], reference: Reference) -> Iterator[Row]:
    found = _BOOT.match(block[0])
    if found is None:
        if re.match(r"\S+ begins |\S+ +(?:pts|tty|:\d|~|runlevel|\(to lvl)", block[0]):
            return  # who was logged in
        raise ValueError("it is not a start of the machine")
    text = found["time"]
    time = moment(text if re.search(r":\d\d:", text) else re.sub(r"(\d\d:\d\d)", r"\1:00", text), reference)
    what = "started" if found["who"] == "reboot" else "shut down"
    yield change(
        "infrastructure", time, id=f"boot/{time}/{found['who']}", title=f"the machine was {what}, kernel {found['kernel']}",
        version=found["kernel"], source="last", attributes={"last.until": found["rest"].strip(" -")},
    )  # fmt: skip


_FORMS = (
    _Form("dpkg.log", re.compile(rf"{_TIME} (?:startup|status|install|upgrade|remove|purge|configure|trigproc|conffile) "), _each, _dpkg),
    _Form("apt history", re.compile(r"Start-Date: \d{4}-"), _paragraphs, _apt),
    _Form("yum or dnf log", re.compile(rf"(?:{_RPM.pattern})|\d\S+ (?:SUB)?(?:DEBUG|INFO) --- logging initialized"), _each, _rpm),
    _Form("dnf history", re.compile(r"ID +\| (?:Command line|Login user) +\| Date and time"), _each, _history),
    _Form("last", re.compile(r"(?:reboot|shutdown) +system (?:boot|down) "), _each, _boots),
)  # fmt: skip

SOURCE = Source("host_history", frozenset({Signal.CHANGES, Signal.LOGS}), recognise, decode)
