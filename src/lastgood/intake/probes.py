"""Probes of the network by hand: `ping` with times, `dig` and `curl -v`, whose answers bear theirs.

A probe is two points under the names of Prometheus' blackbox exporter, `probe_success` and how long it took, of the host that was asked. A probe
that failed is a log line as well, with what was said.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC

import pyarrow as pa

from lastgood.algorithms.timestamps import NAT, Reference, parse_times
from lastgood.decoding.change import logged
from lastgood.decoding.input import REJECT_TEXT, Claim, Decoded, Input, Reject, Settings, Tally
from lastgood.decoding.points import Reported, point
from lastgood.decoding.rows import Row, Rows
from lastgood.decoding.terminal.clock import Clock
from lastgood.decoding.text.lines import clean
from lastgood.decoding.text.whose import reference_for
from lastgood.decoding.whole import read_whole
from lastgood.intake._registry import Source
from lastgood.model.signal import Signal
from lastgood.telemetry.tables import StoreTable

_HEAD = re.compile(r"(?:PING|ping:?) (?P<host>\S+) \(?(?P<address>[\da-fA-F.:]+)\)?")
_ANSWER = re.compile(
    r"\d+ bytes from (?:(?P<host>\S+) \((?P<address>[^)]+)\)|(?P<bare>\S+)): icmp_seq[= ]\d+ .*?time[=<](?P<ms>[\d.]+) ms"
)
_LOST = re.compile(
    r"no answer yet for icmp_seq[= ]\d+|Request timeout for icmp_seq \d+|(?:From \S+:? )?icmp_seq=\d+ \S.*|From \S+ .*(?:[Uu]nreachable|exceeded).*|ping: sendmsg: .*"
)
_END = re.compile(
    r"--- \S+ ping statistics ---|\d+ packets transmitted|(?:rtt|round-trip) min/avg/max|\^C|\S*PING |ping: "
)
_DIG = re.compile(r"; <<>> DiG|;; ->>HEADER<<-")
_DIG_ANSWER = re.compile(r"status: (?P<status>[A-Z]+),")
_DIG_NAME = re.compile(r"^;(?P<name>[\w.-]+?)\.?\s+(?:IN|CH)\s+(?P<type>[A-Z]+)\s*$")
_DIG_TOOK = re.compile(r";; Query time: (?P<time>\d+) (?P<unit>[mu])sec")
_DIG_SERVER = re.compile(r";; SERVER: (?P<server>[^#\s]+)")
_DIG_WHEN = re.compile(r";; WHEN: (?P<when>.+)")
_CURL_REQUEST = re.compile(r"> (?P<method>[A-Z]+) (?P<path>\S+) HTTP/[\d.]+")
_CURL_HOST = re.compile(r"> host: (?P<host>\S+)", re.IGNORECASE)
_CURL_STATUS = re.compile(r"< HTTP/[\d.]+ (?P<status>\d{3})\b.*")
_CURL_DATE = re.compile(r"< date: (?P<date>.+)", re.IGNORECASE)
SAMPLE = 16 * 1024


@dataclass(frozen=True, slots=True)
class Probe:
    """One answer or failure."""

    time: int
    target: str
    went_well: bool
    seconds: float | None = None
    metric: str = "probe_duration_seconds"
    said: str = ""
    address: str = ""
    status: str = ""

    def rows(self) -> Iterator[tuple[StoreTable, Row]]:
        """Its points, and of a failure its log line."""
        went_well = float(self.went_well)
        yield point("probe_success", {}, self.time, went_well, reported=Reported("1"), otherwise=self.target)
        if self.seconds is not None:
            yield point(
                self.metric, {}, self.time, self.seconds, reported=Reported("s"), otherwise=self.target
            )
        if not self.went_well:
            attributes = {"server.address": self.address, "http.response.status_code": self.status}
            yield logged(self.said, self.time, "ERROR", service=self.target, attributes=attributes)


Found = Iterator[tuple[int, Probe | str]]  # the line, and a probe or why it is none


def recognise(given: Input) -> Claim | None:
    """The first lines of one of these programs, with a time."""
    if given.is_folder:
        return None
    lines = _texts(given.head[:SAMPLE])
    form = _form(lines)
    if form is None:
        return None
    found = [probe for _, probe in form[1](lines, Clock(_ANY_TIME)) if isinstance(probe, Probe)]
    return Claim(form[0], 0.95, f"{len(found)} of its first probes have a time") if found else None


_ANY_TIME = Reference(UTC, 4_102_444_800_000_000_000)


def decode(given: Input, claim: Claim, settings: Settings) -> Decoded:
    """Points and log lines; a line that is no probe is a continuation."""
    del claim
    with given.open() as stream:
        content, problem = read_whole(stream)
    lines = _texts(content)
    form, rows = _form(lines), Rows()
    found = form[1](lines, Clock(reference_for(given, settings))) if form else ()
    seen = dict(found)
    for number, line in enumerate(lines, 1):
        probe = seen.get(number)
        if isinstance(probe, str):
            yield Reject(number, probe, line[:REJECT_TEXT])
            yield Tally(lines=1)
            continue
        blank = not line.strip()
        yield Tally(1, probe is not None, probe is None and not blank, blank and probe is None)
        for row in probe.rows() if probe else ():
            rows.add(*row, number)
        yield from rows.full()
    yield from rows.rest()
    if problem is not None:
        raise problem


def _texts(content: bytes) -> list[str]:
    return clean(content).decode("utf-8-sig", "replace").splitlines()


def _form(lines: Sequence[str]) -> tuple[str, Callable[[Sequence[str], Clock], Found]] | None:
    start = [line for line in lines if line.strip()][:40]
    if any(_DIG.search(line) for line in start):
        return "dig", _dig
    if any(_CURL_STATUS.fullmatch(line) for line in start) and any(
        _CURL_REQUEST.fullmatch(line) for line in start
    ):
        return "curl -v", _curl
    probes = sum(bool(_ANSWER.search(line) or _LOST.search(line)) for line in start)
    return (
        ("ping", _ping)
        if probes
        and 2 * probes >= len(start) - 6
        and any(_ANSWER.search(line) or _HEAD.search(line) for line in start)
        else None
    )


def _ping(lines: Sequence[str], clock: Clock) -> Found:
    target, address = "", ""
    last: int | None = None
    for number, line in enumerate(lines, 1):
        time, rest = clock.parted(line)
        rest = rest.strip()
        if head := _HEAD.match(rest):
            target, address = head["host"], head["address"]
        answer = _ANSWER.match(rest)
        lost = (
            None
            if answer or (_END.match(rest) and not rest.startswith("ping: sendmsg"))
            else _LOST.fullmatch(rest)
        )
        if answer is None and lost is None:
            continue
        if answer:
            target, address = (
                target or answer["host"] or answer["bare"],
                address or answer["address"] or answer["bare"],
            )
        last = time = time if time is not None or answer else last  # some say of lost ones only that they are
        if time is None:
            yield number, "there is no time in it: ping -D gives one"
        elif answer:
            yield (
                number,
                Probe(
                    time,
                    target,
                    went_well=True,
                    seconds=float(answer["ms"]) / 1000,
                    metric="probe_icmp_duration_seconds",
                    address=address,
                ),
            )
        else:
            yield number, Probe(time, target, went_well=False, said=rest, address=address)


def _dig(lines: Sequence[str], clock: Clock) -> Found:
    name = status = server = ""
    took: float | None = None
    for number, line in enumerate(lines, 1):
        if found := _DIG_ANSWER.search(line):
            status = found["status"]
        elif found := _DIG_NAME.match(line):
            name = found["name"]
        elif found := _DIG_TOOK.match(line):
            took = int(found["time"]) / (1e3 if found["unit"] == "m" else 1e6)
        elif found := _DIG_SERVER.match(line):
            server = found["server"]
        elif found := _DIG_WHEN.match(line):
            time = clock.time(found["when"])
            said = f"the name server {server} answered {status} for {name}"
            yield (
                number,
                "its time is not understood"
                if time is None
                else Probe(
                    time,
                    server or "dns",
                    status == "NOERROR",
                    took,
                    "probe_dns_lookup_time_seconds",
                    said,
                    server,
                ),
            )


def _curl(lines: Sequence[str], clock: Clock) -> Found:
    request = host = status = line_of_status = ""
    for number, line in enumerate(lines, 1):
        bare = line.rstrip()
        if found := _CURL_REQUEST.fullmatch(bare):
            request = f"{found['method']} {found['path']}"
        elif found := _CURL_HOST.fullmatch(bare):
            host = found["host"]
        elif found := _CURL_STATUS.fullmatch(bare):
            status, line_of_status = found["status"], bare[2:]
        elif (found := _CURL_DATE.fullmatch(bare)) and status:
            time = int(parse_times(pa.array([found["date"]], pa.string()), clock.reference)[0])
            said = f"{request} {line_of_status}"
            yield (
                number,
                "its time is not understood"
                if time == NAT
                else Probe(time, host, status < "500", None, "", said, host, status),
            )


SOURCE = Source("probes", frozenset({Signal.METRICS, Signal.LOGS}), recognise, decode)
