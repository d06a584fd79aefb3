"""The scenario language: an incident as readable text, parsed into statements.

One statement a line; `#` starts a comment; quotes hold words together. Times are of the scenario's day, UTC.

    scenario  checkout breaks after a deploy
    seed      7
    time      2026-11-20 10:00 .. 10:45
    good      10:00 .. 10:30                     # both or neither: the comparison is given
    bad       10:30 .. 10:45
    service   checkout  instances=c-1,c-2 version=v41 then version=v42 at 10:29:40
    spans     web "POST /checkout"  rate=4/s latency=20ms plan=free:80%,pro:20%
    call      web "POST /checkout" -> checkout PlaceOrder  latency=30ms then errors=30% at 10:30
    call      checkout PlaceOrder -> api.stripe.com "POST /v1/charges"  external latency=200ms
    logs      checkout error "Order {hex12} failed: no stock"  each=failure:checkout
    logs      checkout info "Cache refreshed in {int} ms"  rate=6/min
    logs      nginx info "GET {url.path}"  each=line:checkout url.path={url.path}   # of lines above, with their attributes
    metric    checkout process.cpu.utilization  level=0.3 noise=5% every=10s then level=0.9 at 10:30
    metric    node node_cpu_seconds_total  counter level=0.2 mode=idle   # a running total that grows by 0.2 a second
    change    deploy checkout v41 -> v42  id=d1 at 10:29:40
    change    cron ledger  every=15m at 10:00
    change    commit checkout "one price at a time"  id=c1 within=d1 at 09:40
    diff      checkout/prices.py                 # of the change above; its lines follow, each behind a bar
    | for item in items:
    |+    item.price = prices.get(item.sku)
    repository checkout                          # commits of it are made with git, and read back from there
    alert     HighErrorRate checkout at 10:33
    known     web -> checkout                    # an edge that a person declared
    ask       onset
    expect    at 10:30 within 60s

`then SETTINGS [where KEY=VALUE …] [at TIME] [until TIME]` overrides settings; the last that applies wins.
With `over=5m` among them they are reached by a straight line of that length.
"""

import re
import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType

from lastgood.model.window import Comparison, Window

# How many words say what a statement is about; a change may go on with `v1 -> v2` or a title.
SUBJECTS = {
    "service": 1,
    "spans": 2,
    "call": 5,
    "logs": 3,
    "metric": 2,
    "change": 2,
    "alert": 2,
    "known": 3,
    "repository": 1,
}
UNITS = {"ms": 0.001, "s": 1.0, "m": 60.0, "min": 60.0, "h": 3600.0}
PLAYED_UNTIL = re.compile(r" until FIXED\b")
_AMOUNT = re.compile(r"([0-9.]+)([a-z%/]*)")
NOTHING: Mapping[str, str] = MappingProxyType({})


class ScenarioError(Exception):
    """A scenario that says something that the language does not have; names the line."""


@dataclass(frozen=True, slots=True)
class Step:
    """Settings that hold from a time on, until another, for requests that carry some values."""

    settings: Mapping[str, str]
    where: Mapping[str, str]
    start: datetime | None
    until: datetime | None

    def applies(self, time: datetime, carried: Mapping[str, str]) -> bool:
        """Whether it holds at a time, for something that carries these values."""
        return (
            (self.start is None or time >= self.start)
            and (self.until is None or time < self.until)
            and all(carried.get(key) == value for key, value in self.where.items())
        )

    def reached(self, time: datetime, before: Mapping[str, str]) -> Mapping[str, str]:
        """Its settings, as far as they are reached at a time, `before` being what it departs from."""
        if self.start is None or "over" not in self.settings:
            return self.settings
        done = (time - self.start).total_seconds() / seconds(self.settings["over"])
        if done >= 1:
            return self.settings
        return {key: between(before.get(key, value), value, done) for key, value in self.settings.items()}


@dataclass(frozen=True, slots=True)
class Statement:
    """One line: its keyword, the words it is about, and its settings over time."""

    line: int
    keyword: str
    subject: tuple[str, ...]
    settings: Mapping[str, str]
    steps: tuple[Step, ...]
    at: datetime | None
    until: datetime | None = None
    diffs: dict[str, list[str]] = field(default_factory=dict)  # of a change: lines by path

    def settings_at(self, time: datetime, carried: Mapping[str, str] = NOTHING) -> Mapping[str, str]:
        """The settings in force."""
        found = [step for step in self.steps if step.applies(time, carried)] if self.steps else []
        if not found:
            return self.settings
        merged = dict(self.settings)
        for step in found:
            merged.update(step.reached(time, merged))
        return merged


@dataclass(frozen=True, slots=True)
class Expectation:
    """What one question must answer."""

    line: int
    question: str
    words: tuple[str, ...]


@dataclass(slots=True)
class Scenario:
    """A whole file: the world, and what must be said about it."""

    path: Path
    title: str = ""
    seed: int = 1
    window: Window | None = None
    good: Window | None = None
    bad: Window | None = None
    statements: list[Statement] = field(default_factory=list)
    expectations: list[Expectation] = field(default_factory=list)

    @property
    def whole(self) -> Window:
        """The stretch of time that is made."""
        if self.window is None:
            raise ScenarioError(f"{self.path.name} does not say its `time`")
        return self.window

    @property
    def comparison(self) -> Comparison | None:
        """The comparison, when the scenario gives one."""
        return Comparison(self.good, self.bad, given=True) if self.good and self.bad else None

    @property
    def healthy(self) -> bool:
        """Whether nothing is wrong in it: it expects no confirmation."""
        return any(e.question == "confirm" and e.words[0] == "no" for e in self.expectations)

    def about(self, keyword: str) -> Iterator[Statement]:
        """The statements of one keyword, in the order of the file."""
        return (s for s in self.statements if s.keyword == keyword)


def parse(path: Path) -> Scenario:
    """The scenario in a file.

    Raises:
        ScenarioError: a line is not of the language.
    """
    return parse_text(path.read_text("utf-8"), path)


def before_play(text: str, path: Path) -> Scenario:
    """The scenario of a text that is still to be played: it runs to the end of its day, and no fault is mended.

    `END` in the text is the time up to which it is played, ` until FIXED` stands where a fault ends once it is mended.

    Raises:
        ScenarioError: a line is not of the language.
    """
    return parse_text(PLAYED_UNTIL.sub("", text).replace("END", "23:59", 1), path)


def parse_text(text: str, path: Path) -> Scenario:
    """The scenario of a text; the path names it in errors.

    Raises:
        ScenarioError: a line is not of the language.
    """
    scenario = Scenario(path)
    question, diff = "", list[str]()
    for number, line in enumerate(text.splitlines(), 1):
        try:
            if line.startswith("|"):
                diff.append(line[1:])
                continue
            title = line.startswith("scenario ")  # prose: an apostrophe is no quote
            words = line.split() if title else shlex.split(line, comments=True)
            if words and words[0] == "ask":
                question = words[1]
            elif words and words[0] == "diff":
                diff = scenario.statements[-1].diffs.setdefault(words[1], [])
            elif words and words[0] == "expect":
                scenario.expectations.append(Expectation(number, question, tuple(words[1:])))
            elif words:
                _state(scenario, number, words)
        except (ValueError, IndexError, KeyError) as problem:
            raise ScenarioError(f"{path.name}:{number}: {line.strip()!r}: {problem}") from problem
    return scenario


def _state(scenario: Scenario, number: int, words: list[str]) -> None:
    keyword, rest = words[0], words[1:]
    match keyword:
        case "scenario":
            scenario.title = " ".join(rest)
        case "seed":
            scenario.seed = int(rest[0])
        case "time":
            start = datetime.fromisoformat(f"{rest[0]}T{rest[1]}").replace(tzinfo=UTC)
            scenario.window = Window(start, time_of(rest[3], start))
        case "good":
            scenario.good = _window(scenario, rest)
        case "bad":
            scenario.bad = _window(scenario, rest)
        case _:
            scenario.statements.append(_statement(scenario, number, keyword, rest))


def _window(scenario: Scenario, words: list[str]) -> Window:
    return Window(time_of(words[0], scenario.whole.start), time_of(words[2], scenario.whole.start))


def _statement(scenario: Scenario, number: int, keyword: str, words: list[str]) -> Statement:
    count = SUBJECTS[keyword]
    subject, rest = words[:count], words[count:]
    while keyword == "change" and rest and "=" not in rest[0] and rest[0] != "at":
        subject.append(rest.pop(0))
    if len(subject) < count:
        raise ValueError(f"`{keyword}` is about {count} words")
    day = scenario.whole.start
    first, *later = _split(rest)
    base = _step(first, day)
    if keyword in {"spans", "logs"} and not {"rate", "each"} & set(base.settings):
        raise ValueError("it does not say its rate")
    return Statement(
        number,
        keyword,
        tuple(subject),
        base.settings,
        tuple(_step(part, day) for part in later),
        base.start,
        base.until,
    )


def _split(words: list[str]) -> list[list[str]]:
    parts: list[list[str]] = [[]]
    for word in words:
        if word == "then":
            parts.append([])
        else:
            parts[-1].append(word)
    return parts


def effect_of(text: str, day: datetime) -> tuple[str, Step]:
    """The service and the settings of `payments errors=40% latency=2s where region=eu`.

    Raises:
        ScenarioError: it is not of the language.
    """
    try:
        service, *words = shlex.split(text)
        step = _step(words, day)
        for read, name in ((share, "errors"), (seconds, "latency")):
            if name in step.settings:
                read(step.settings[name])
    except (ValueError, StopIteration, KeyError) as problem:
        raise ScenarioError(f"{text!r}: {problem}") from problem
    return service, step


def _step(words: list[str], day: datetime) -> Step:
    settings: dict[str, str] = {}
    where: dict[str, str] = {}
    times: dict[str, datetime] = {}
    into = settings
    waiting = iter(words)
    for word in waiting:
        if word in {"at", "until"}:
            times[word] = time_of(next(waiting), day)
        elif word == "where":
            into = where
        elif word in {"external", "tolerated", "counter"}:
            settings[word] = "yes"
        else:
            key, equals, value = word.partition("=")
            if not equals:
                raise ValueError(f"{word!r} is not KEY=VALUE")
            into[key] = value
    return Step(settings, where, times.get("at"), times.get("until"))


def time_of(text: str, day: datetime) -> datetime:
    """The time that a text says: of the day of another time, or `2026-11-20T10:00` in full; UTC."""
    if "T" in text:
        return datetime.fromisoformat(text).replace(tzinfo=UTC)
    hours, minutes, seconds = (*text.split(":"), "0")[:3]
    midnight = day.replace(hour=0, minute=0, second=0)
    return midnight + timedelta(hours=int(hours), minutes=int(minutes), seconds=float(seconds))


@lru_cache(4096)
def seconds(text: str) -> float:
    """The seconds of `80ms`, `15s`, `5m`."""
    number = text.rstrip("abcdefghijklmnopqrstuvwxyz")
    return float(number) * UNITS[text[len(number) :]]


def between(before: str, after: str, done: float) -> str:
    """The amount on the way from one to another of the same unit; what is no amount changes at once."""
    amounts = _AMOUNT.fullmatch(before), _AMOUNT.fullmatch(after)
    if not amounts[0] or not amounts[1] or amounts[0][2] != amounts[1][2]:
        return after
    low, high = float(amounts[0][1]), float(amounts[1][1])
    return format(low * (1 - done) + high * done, ".9f") + amounts[1][2]


@lru_cache(4096)
def per_second(text: str) -> float:
    """The rate of `4/s`, `30/min`, `2/h`, in events a second."""
    number, unit = text.split("/")
    return float(number) / UNITS[unit]


@lru_cache(4096)
def share(text: str) -> float:
    """The share of `0.2%` or `0.002`."""
    return float(text[:-1]) / 100 if text.endswith("%") else float(text)
