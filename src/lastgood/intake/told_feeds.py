"""Feeds of deployments, runs and events as JSON or YAML with unknown names: what a field is, the words of its name say.

A document holds a list of objects, however deep, or each line is one. An object is a change where it has a time, and a release of something,
or what was done and by whom; the document, its name or the object must speak of deployments, changes or runs. What has a level, a
logger, a trace or a request is a log event, and alarms are none.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import PurePath
from typing import Any

import orjson

from lastgood.decoding.change import Row, at, change, kind_of, logged, names
from lastgood.decoding.input import REJECT_TEXT, Claim, Decoded, Input, Reject, Settings, Tally
from lastgood.decoding.rows import BAD, Rows
from lastgood.decoding.tables.entries import deploys, kind_of_title, only_builds, version_in
from lastgood.decoding.tables.written_times import words
from lastgood.decoding.whole import read_whole
from lastgood.decoding.yaml_text import documents
from lastgood.intake._registry import Source
from lastgood.model.change import NOT_IN_FORCE
from lastgood.model.signal import Signal

LARGEST = 256 * 1024  # bytes that are looked at: of a larger document its end is not known
DEEPEST = 5
_HINTS = re.compile(r"deploy|releas|roll-?out|execution|pipeline|workflow|\bbuilds?\b|\bjobs?\b|chang|event|audit|\bruns?\b|histor|revision|appl(?:y|ied)", re.IGNORECASE)  # fmt: skip
_ALARMS = re.compile(r"alarm|alert|incident|metric|dashboard|monitor", re.IGNORECASE)
_LOGGED = frozenset(names("level severity logger loglevel trace span thread http url uri method latency duration bytes exception stacktrace"))  # fmt: skip
_OF_PAGES = frozenset(names("web html api build job run pipeline"))
_BEGINS = names(
    "published released started start begin queue queued occurred applied created time timestamp at date updated"
)
_ENDS = frozenset(names("completed complete finished finish end ended stopped"))
_VERSIONS = names("version release tag image artifact build")
_SERVICES = names("service application app component")
_RUNS = names("pipeline job workflow type name")  # what a run is called, which may say what it deploys
_HOMES = names("project repository repo workspace pipeline job")
_NUMBERS = names("number build name")
_ACTORS = names("by user username author actor deployer trigger triggered creator principal email")
_DONE = names("what message title summary comment comments description subject name")
_STATES = names("status state result outcome")
_HEX = re.compile(r"(?=.*\d)[0-9a-f]{7,64}")
_TAGGED = re.compile(r"(?:[\w.-]+/)*(?P<name>[A-Za-z][\w.-]*)[: @](?P<version>v?\d[\w.+-]*)")
_OF = re.compile(
    r"\b(?:of|for|deploy(?:ed|ing)?) (?P<name>[A-Za-z][\w.-]*) (?:release|version) (?P<version>v?\d[\w.+-]*)",
    re.IGNORECASE,
)
_WORKS = re.compile(r"restart|upgrad|scale", re.IGNORECASE)
_ONLY_PUSHED = frozenset({"push", "pull_request", "vcs", "schedule"})
# Words of what runs are called that say what it does or where, not to what.
_WORK_AND_PLACE = frozenset(names("deploy deploys deployment deployer deployments release releases releasing rollout rollback roll out back publish promote ship restart upgrade scale run to in on prod production live stage staging test and the of app apps job pipeline workflow manual"))  # fmt: skip
_GIVEN = re.compile(r"(?:^|[\s\"'{,_-])(?:version|tag|release)[\"']?(?:\s*[:=]\s*|\s+)[\"']?(?P<version>v?\d[\w.+-]*)", re.IGNORECASE)  # fmt: skip
_ANY_VERSION = re.compile(r"(?=\S*\d)[\w.+-]{1,40}")
_NOT_YET = re.compile(r"awaiting.*|scheduled|planned|draft|pending.*|open|new|requested|queued|waiting.*|blocked|not.?started", re.IGNORECASE)  # fmt: skip
_COMPACT = re.compile(r"(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)")
_OPAQUE = re.compile(r"[a-z]{1,5}[-_]?[A-Za-z0-9]{10,}|[0-9a-f-]{16,}|\d+")  # an id of a machine

Fields = Mapping[tuple[str, ...], Any]


def recognise(given: Input) -> Claim | None:
    """A whole document with a list of objects that tell changes, which speaks of them."""
    listed = _listed(given.head) if len(given.head) < LARGEST else None
    if not listed:
        return None
    found = [_flat(one) for one in listed[:20]]
    hinted = _HINTS.search(PurePath(given.name).stem) or any(
        _HINTS.search(" ".join(path)) for path in found[0]
    )
    hinted = hinted or all(_deploys(one) for one in found)
    alarming = _ALARMS.search(PurePath(given.name).stem) or any(_ALARMS.search(path[-1]) for path in found[0])
    if not hinted or alarming or any(_logged(words(path[-1])) for path in found[0]):
        return None
    telling = sum(_tells(one) for one in found)
    if telling < len(found):
        return None
    sure = given.head.lstrip()[:1] not in (b"{", b"[") or all(map(_is_run, found))
    return Claim(
        "feed of changes",
        0.62 if sure else 0.6,
        f"{len(listed)} objects, each with a time and what was released or done",
    )


def decode(given: Input, claim: Claim, settings: Settings) -> Decoded:
    """A change for each object; a log line for a run that deploys nothing."""
    del claim, settings
    with given.open() as stream:
        content, problem = read_whole(stream)
    rows, rejects = Rows(), 0
    listed = _listed(content) or []
    for number, one in enumerate(listed, 1):
        try:
            rows.add(*_row(_flat(one)), number)
        except BAD as wrong:
            rejects += 1
            yield Reject(number, f"not understood: {wrong}", str(one)[:REJECT_TEXT])
    yield from rows.rest()
    yield Tally(lines=len(listed), events=len(listed) - rejects)
    if problem is not None:
        raise problem


@lru_cache(maxsize=2)
def _listed(content: bytes) -> list[dict[str, Any]] | None:
    """The longest list of objects in a document; None where it is none, or has no list."""
    if content.lstrip()[:1] not in (b"{", b"["):
        return _of_yaml(content)
    try:
        document = orjson.loads(content)
    except orjson.JSONDecodeError:
        return _by_lines(content)
    return max(_lists(document, 0), key=len, default=None)


def _logged(named: Sequence[str]) -> bool:
    """Whether a field is one of a log event; the address of a page is none."""
    return bool(_LOGGED & set(named)) and not _OF_PAGES & set(named)


def _of_yaml(content: bytes) -> list[dict[str, Any]] | None:
    """The longest list of objects in a text in YAML; None where it is none."""
    if not _YAML.match(content):
        return None
    try:
        return max((found for one in documents(content) for found in _lists(one, 0)), key=len, default=None)
    except ValueError:
        return None


def _by_lines(content: bytes) -> list[dict[str, Any]] | None:
    """The objects of a text with one on each line; None where it is none."""
    try:
        rows = [orjson.loads(line) for line in content.splitlines() if line.strip()]
    except orjson.JSONDecodeError:
        return None
    return rows if all(isinstance(row, dict) for row in rows) else None


def _lists(document: Any, deep: int) -> Iterator[list[dict[str, Any]]]:
    """The outermost lists of objects."""
    if isinstance(document, list) and document and all(isinstance(one, dict) for one in document):
        yield document
    elif isinstance(document, dict) and deep < DEEPEST:
        for value in document.values():
            yield from _lists(value, deep + 1)


def _flat(one: Any, path: tuple[str, ...] = ()) -> dict[tuple[str, ...], Any]:
    """The values of an object by the names that lead to them; of lists the first."""
    found: dict[tuple[str, ...], Any] = {}
    while isinstance(one, list) and one:
        one = one[0]
    if isinstance(one, Mapping) and len(path) < DEEPEST:
        for name, value in one.items():
            found |= _flat(value, (*path, str(name)))
    elif isinstance(one, str | int | float) and not isinstance(one, bool) and path and one != "":
        found[path] = one
    return found


def _row(fields: Fields) -> Row:
    times = _times(fields)
    if not times:
        raise ValueError("it has no time")
    ends = [time for path, time in times.items() if _ENDS & set(words(path[-1]))]
    begun = _best(times, _BEGINS) or min(times.values())
    service, version = _released(fields)
    said = _said(fields, _DONE, service)
    if not service and (reported := _OF.search(said)):
        service, version = reported["name"], version or reported["version"]
    state, actor = _said(fields, _STATES), _said(fields, _ACTORS)
    shipped = _deploys(fields)
    if _NOT_YET.fullmatch(state) or (not shipped and not version and _only_builds(fields)):
        level = "ERROR" if state.lower() in NOT_IN_FORCE else "INFO"
        return logged(f"{said or service}: {state}", begun, level, service=service, source="json feed", attributes={"user.name": actor})  # fmt: skip
    revision = _revision(fields)
    if shipped and not version and not revision:
        version = next((text for text in _texts(fields, _NUMBERS, numbers=True) if _ANY_VERSION.fullmatch(text)), "")  # fmt: skip
    title = said or " ".join(filter(None, (service, version)))
    kind = kind_of_title(title) or kind_of(title)
    if (shipped or version or (service and revision)) and kind not in _OWN_KINDS:
        kind = "deploy"
    return change(
        kind or "config", begun, until=max(ends, default=0) or None, title=title, service=service, version=version or revision[:12],
        actor=actor, state=state, source="json feed",
        id=str(next((v for path, v in fields.items() if path[-1].lower() in {"id", "number", "uuid"}), "")),
        attributes={"vcs.ref.head.revision": revision},
    )  # fmt: skip


def _revision(fields: Fields) -> str:
    texts = (v for v in fields.values() if isinstance(v, str) and len(v) in (12, 40, 64))
    return next((text for text in texts if _HEX.fullmatch(text)), "")


def _deploys(fields: Fields) -> bool:
    """Whether an object says that it deploys: by the name of what ran, or by a field for it that is filled."""
    named = any(map(deploys, _texts(fields, _RUNS)))
    return named or any(deploys(path[-1]) and not _URL.match(str(v)) for path, v in fields.items())


def _only_builds(fields: Fields) -> bool:
    """Whether a run only builds or tests, by its name or because a push started it."""
    return any(map(only_builds, _texts(fields, _RUNS))) or bool(
        _ONLY_PUSHED & {text.lower() for text in _texts(fields, ("event",))}
    )


def _tells(fields: Fields) -> bool:
    """Whether an object tells a change: when, and a release, or what was done by whom."""
    service, version = _released(fields)
    return bool(_times(fields)) and (
        bool(service and version)
        or bool(_said(fields, _DONE) and (_said(fields, _ACTORS) or _said(fields, _STATES)))
    )


def _is_run(fields: Fields) -> bool:
    """Whether an object has a state, a beginning and an end, as no event of a log has."""
    return bool(_said(fields, _STATES)) and len(_times(fields)) > 1


def _times(fields: Fields) -> dict[tuple[str, ...], int]:
    """The values that are times, by their names."""
    found = {}
    for path, value in fields.items():
        text = _COMPACT.sub(r"\1-\2-\3T\4:\5:\6", str(value))
        if len(text) >= 10 and (
            isinstance(value, int | float) or re.match(r"\d{4}-\d\d-\d\d[T ]\d\d:", text)
        ):
            try:
                found[path] = at(text)
            except ValueError:
                continue
    return found


def _best(times: Mapping[tuple[str, ...], int], wanted: Sequence[str]) -> int:
    """The time whose name has the first of these words; 0 where none has."""
    named = (
        (wanted.index(word), time)
        for path, time in times.items()
        for word in words(path[-1])
        if word in wanted
    )
    return min(named, default=(0, 0))[1]


def _released(fields: Fields) -> tuple[str, str]:
    """The service and the version of a release; empty where it is none."""
    texts = [text for text in _texts(fields, _VERSIONS) if not _HEX.fullmatch(text)]
    tagged = next((found for text in texts if (found := _TAGGED.fullmatch(text))), None)
    version = tagged["version"] if tagged else next((v for text in texts if (v := version_in(text))), "")
    version = version or next(
        (text for text in _texts(fields, ("version",)) if _ANY_VERSION.fullmatch(text)), ""
    )
    version = version or next(
        (found["version"] for v in fields.values() if (found := _GIVEN.search(str(v)))), ""
    )
    return (tagged["name"] if tagged else _service(fields)), version


def _service(fields: Fields) -> str:
    """Who is meant: a service by its name, what a run's name says beside the work and the place, else whose project it is."""
    own = _named(_texts(fields, _SERVICES))
    runs = [
        "-".join(word for word in words(text) if word not in _WORK_AND_PLACE)
        for text in _texts(fields, _RUNS)
        if deploys(text) or _WORKS.search(text)
    ]
    return own or _named(runs) or _named(_texts(fields, _HOMES))


def _named(texts: Sequence[str]) -> str:
    """The first that is a name and no id."""
    return next((text.rpartition("/")[2] for text in texts if re.fullmatch(r"[\w./-]+", text) and not _OPAQUE.fullmatch(text)), "")  # fmt: skip


def _said(fields: Fields, wanted: Sequence[str], beside: str = "") -> str:
    """The first text under one of these words, that is not that; prose before names."""
    return next((text for text in _texts(fields, wanted) if text != beside), "")


def _texts(fields: Fields, wanted: Sequence[str], *, numbers: bool = False) -> list[str]:
    """The texts under names with one of these words, in the order of the words and ids last; a name behind a word counts as it."""
    found = []
    for word in wanted:
        for path, value in fields.items():
            last = set(words(path[-1]))
            around = set(words(path[-2])) if len(path) > 1 and last <= _PLAIN else set()
            if wanted is _DONE and _of_state(path):
                continue
            text = str(value) if numbers else value
            if isinstance(text, str) and word in last | around and not re.match(r"\d{4}-\d\d-\d\dT", text):
                found.append((bool(last & _IDS), text.strip().partition("\n")[0]))
    return [text for _, text in sorted(found, key=lambda one: one[0])]


def _of_state(path: tuple[str, ...]) -> bool:
    """Whether a name stands within a state, or is of a reason or a branch, which is no title."""
    return (len(path) > 1 and bool(set(words(path[-2])) & set(_STATES))) or bool(_NO_TITLE & set(words(path[-1])))  # fmt: skip


_YAML = re.compile(
    rb"(?:#.*\n|---\s*\n|\s*\n)*(?:[a-z_]+:\s*\n\s*)?- [\w\"']+:(?:\s|$)"
)  # a list of mappings, or one under a name
_NO_TITLE = frozenset({"reason", "branch", "ref", "team"})
_IDS = frozenset({"id", "identifier", "uuid", "slug", "href"})
_URL = re.compile(r"https?://|/")
_OWN_KINDS = frozenset({"migration", "certificate", "dns", "infrastructure"})
_PLAIN = frozenset(names("name login slug key title display label"))
SOURCE = Source("told_feeds", frozenset({Signal.CHANGES, Signal.LOGS}), recognise, decode)
