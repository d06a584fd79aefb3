"""Checks of certificates: `check_http -C`, `openssl x509 -noout -dates`, `openssl x509 -text` and `openssl s_client`.

A certificate whose expiry is another one in the next check was renewed between the two. One that has expired did so at the
time that the check states. `notBefore` is when it was issued. Of a chain only the server's own certificate counts.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any

from lastgood.algorithms.timestamps import Reference
from lastgood.decoding.change import Row, change, logged
from lastgood.decoding.input import REJECT_TEXT, Claim, Decoded, Input, Reject, Settings, Tally
from lastgood.decoding.rows import Rows
from lastgood.decoding.tables.entries import moment_of
from lastgood.decoding.terminal.clock import Clock
from lastgood.decoding.text.whose import reference_for
from lastgood.decoding.whole import read_whole
from lastgood.intake._registry import Source
from lastgood.model.attributes import SERVER_ADDRESS
from lastgood.model.clock import to_nanoseconds
from lastgood.model.signal import Signal
from lastgood.telemetry.tables import StoreTable

_LOOKED_AT = 64 * 1024  # bytes
_CHECKED = 0.5  # of the lines with anything on them are checks, where no program is known by its output
# monitoring-plugins, sslutils.c; a time has no bracket and no final stop in it.
_PLUGIN = re.compile(
    r"(?:SSL )?(?:(?P<state>OK|WARNING|CRITICAL|UNKNOWN)\b ?[-:] ?)?[Cc]ertificate '(?P<name>[^']{1,200})' "
    r"(?:will expire on |(?:just )?expired (?:on |\()|expires in [\w ]{1,20}(?:\(s\))? ?\()(?P<after>[^().]{8,50})"
)
_OPENSSL = re.compile(
    r"(?:notAfter=|NotAfter: |Not After ?: ?)(?P<after>[A-Z][a-z]{2} [\d ]\d [\d:]{8} \d{4}(?: GMT)?)"
)
_BEGINS = re.compile(
    r"(?:notBefore=|NotBefore: |Not Before ?: ?)(?P<before>[A-Z][a-z]{2} [\d ]\d [\d:]{8} \d{4}(?: GMT)?)"
)
_SUBJECT = re.compile(r"^\s*(?:subject ?[=:]|Subject:|0 s:|depth=0 ).*?\bCN ?= ?(?P<name>[^,/\n]+)")
_CONNECT = re.compile(r"-(?:servername|connect)[ =](?P<name>[\w.-]+)")
_DEPTH = re.compile(r"^(?: ?(?=\d s:)|depth=)(?P<depth>\d)")
_TWO_ZONES = re.compile(r" [A-Z]{3,4}(?= [+-]\d{4}$)|(?<=[+-]\d{4})/[A-Z]{3,4}$")
_LEVELS = {"WARNING": "WARN", "CRITICAL": "ERROR"}
_ANY_TIME = Reference(UTC, 4_102_444_800_000_000_000)


@dataclass(frozen=True, slots=True)
class _Check:
    """What a check says of a certificate, in nanoseconds; `time` is 0 where nothing says when it was made."""

    line: int
    name: str
    time: int
    after: int
    before: int = 0
    text: str = ""
    level: str = "INFO"


def recognise(given: Input) -> Claim | None:
    """The dates of a certificate as openssl prints them, or lines of which most are checks of a plugin."""
    text = given.head[:_LOOKED_AT].decode("utf-8-sig", "replace")
    if text.lstrip()[:1] in {"{", "[", "<"} or not (_OPENSSL.search(text) or _PLUGIN.search(text)):
        return None
    lines = [line for line in text.splitlines() if line.strip()]
    checks = sum(
        bool(_PLUGIN.search(line) or _OPENSSL.search(line) or _BEGINS.search(line)) for line in lines
    )
    printed = any(
        line.startswith(("CONNECTED(", "Certificate chain", "Certificate:", "notAfter=", "notBefore="))
        for line in lines
    )
    if not printed and checks < _CHECKED * len(lines):
        return None
    return Claim("checks of certificates", 0.95, "it says when certificates expire")


def decode(given: Input, claim: Claim, settings: Settings) -> Decoded:
    """A line for each check with a time; a change for each renewal, issue and expiry."""
    del claim
    with given.open() as stream:
        content, problem = read_whole(stream)
    lines, table = content.decode("utf-8-sig", "replace").splitlines(), Rows()
    reading = _Reading(Clock(reference_for(given, settings)))
    checks = list(reading.checks(lines))
    for where, row, number in _rows(checks, settings.now):
        table.add(where, row, number)
    read = {check.line for check in checks}
    for number, line in enumerate(lines, 1):
        if number in reading.unread:
            yield Reject(number, "its date is not understood", line[:REJECT_TEXT])
            yield Tally(1)
            continue
        blank = not line.strip()
        yield Tally(1, int(number in read), int(number not in read and not blank), int(blank))
    yield from table.rest()
    if problem is not None:
        raise problem


class _Reading:
    """The checks of a text, and the lines whose dates could not be read."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.unread: set[int] = set()

    def checks(self, lines: Sequence[str]) -> Iterator[_Check]:
        """Each check with the time above it or in front of it."""
        name, depth, begun = "", 0, 0
        for number, line in enumerate(lines, 1):
            if named := _SUBJECT.search(line) or _CONNECT.search(line):
                name = named["name"].strip()
            if level := _DEPTH.match(line):
                depth = int(level["depth"])
            if found := _BEGINS.search(line):
                begun = 0 if depth else _moment(found["before"], _ANY_TIME)
            checked = _PLUGIN.search(line) or _OPENSSL.search(line)
            if checked is None:
                self._clock.line(line)
            elif not depth:
                check = self._check(number, line, checked)
                if check:
                    yield check if check.name else replace(check, name=name, before=begun)
                begun = 0

    def _check(self, number: int, line: str, found: re.Match[str]) -> _Check | None:
        after = _moment(found["after"], self._clock.reference)
        if not after:
            self.unread.add(number)
            return None
        own, _ = self._clock.parted(line[: found.start()])
        time = own or self._clock.now or 0
        said = found.groupdict()
        level = _LEVELS.get(said.get("state") or "", "INFO")
        return _Check(
            number, said.get("name") or "", time, after, text=line[found.start() :].strip(), level=level
        )


def _moment(text: str, reference: Reference) -> int:
    return moment_of(_TWO_ZONES.sub("", text.strip()), reference)


def _rows(checks: Sequence[_Check], now: datetime) -> Iterator[tuple[StoreTable, dict[str, Any], int]]:
    """The rows of all checks, each with the line that it is from."""
    of: dict[str, list[_Check]] = defaultdict(list)
    for check in checks:
        of[check.name].append(check)
        if check.time:
            made = logged(check.text, check.time, check.level, service=check.name, source="certificate")
            yield *made, check.line
    for mine in of.values():
        mine.sort(key=lambda check: check.time)
        for check in {one.before: one for one in mine if one.before}.values():
            yield *_change(check, check.before, check.before, "was issued", "issued"), check.line
        for old, new in pairwise(mine):
            if old.after != new.after and old.time and new.time:
                yield *_change(new, old.time, new.time, _renewed(old, new), "renewed"), new.line
        yield from _expired(mine, to_nanoseconds(now))


def _renewed(old: _Check, new: _Check) -> str:
    if old.after < old.time:
        return "was renewed between two checks, after it had expired"
    ends = "; the old one ends between them" if old.after < new.time else ""
    return f"was renewed between two checks{ends}"


def _expired(mine: Sequence[_Check], now: int) -> Iterator[tuple[StoreTable, dict[str, Any], int]]:
    """What checks of one name saw expired, and what the last of them says will have expired by now."""
    for check in {one.after: one for one in mine if one is mine[-1] or one.after < one.time}.values():
        if check.after <= now:
            seen = not check.time or check.after < check.time
            words = "expired" if seen else "expires, unless it was renewed after the last check"
            yield *_change(check, check.after, check.after, words, "expired"), check.line


def _change(check: _Check, at: int, until: int, words: str, state: str) -> Row:
    expires = f"{datetime.fromtimestamp(check.after // 1_000_000_000, UTC):%Y-%m-%d %H:%M:%SZ}"
    attributes: Mapping[str, str] = {"certificate.expires": expires, SERVER_ADDRESS: check.name}
    return change(
        "certificate", at, until=until, id=f"certificate/{check.name}/{state}/{check.after}", state=state, service=check.name,
        title=f"the certificate of {check.name or 'a server'} {words}", source="certificate checks", attributes=attributes,
    )  # fmt: skip


SOURCE = Source("certificate_checks", frozenset({Signal.CHANGES, Signal.LOGS}), recognise, decode)
