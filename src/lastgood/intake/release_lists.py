"""Lists of what was released, a line each: Capistrano's `revisions.log`, `heroku releases`, and what people write into a file of changes.

A line with a version or a revision is a deploy; others are what their words say. Capistrano does not record when it rolled back.
Where the service and its version stand first (`pay 2.3.1 2026-11-22 14:41 4fa0183 (hotfix)`), nothing but a revision, an outcome
and a note may follow the time.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from datetime import UTC
from functools import partial
from pathlib import PurePath

from lastgood.algorithms.time_words import ZONE
from lastgood.algorithms.timestamps import Reference
from lastgood.decoding.change import Row, change
from lastgood.decoding.input import REJECT_TEXT, UNREADABLE, Claim, Decoded, Input, Reject, Settings, Tally
from lastgood.decoding.moments import moment
from lastgood.decoding.rows import Rows
from lastgood.decoding.tables.dated import names_zone, not_after_now
from lastgood.decoding.tables.entries import kind_of_title, moment_of, version_in
from lastgood.decoding.text.whose import reference_for
from lastgood.decoding.whole import lines
from lastgood.intake._registry import Source
from lastgood.model.change import NOT_IN_FORCE
from lastgood.model.signal import Signal

# capistrano/tasks/deploy.rake and its locale: `revision_log_message`, `rollback_log_message`.
_CAPISTRANO = re.compile(
    r"Branch (?P<branch>\S+) \(at (?P<sha>[0-9a-f]{7,64})\) deployed as release (?P<release>\d{14}) by (?P<who>.+)"
    r"|\S+ rolled back to release (?P<back>\d{14})"
)
# devcenter.heroku.com/articles/releases: the heading names the application.
_HEROKU = re.compile(
    r"(?P<release>v\d+) +(?P<what>\S.*?) {2,}(?P<who>\S+) {2,}(?P<time>\d{4}/\d\d/\d\d \d\d:\d\d:\d\d [+-]\d{4})(?: .*)?"
)
_OF_HEROKU = re.compile(r"=== (?P<app>[a-z][\w-]*) Releases\b")
_LISTED = re.compile(
    rf"(?P<time>\d{{4}}-\d\d-\d\d[ T]\d\d:\d\d(?::\d\d)?{ZONE})[ \t]+"
    r"(?:(?P<by>[a-z][\w.@-]*)(?: {2,}|\t+)(?!(?:prod|live|stag|test|dev|qa|deploy|release|roll|restart|config)\w*[ \t])(?=[A-Za-z][\w.-]*(?: {2,}|\t+)))?(?P<system>[A-Za-z][\w.-]*):?[ \t]+(?P<what>.*?)(?: \((?P<who>[^()]+)\))?"
)  # of a line without blanks at its end: as part of it they are looked at from each of its places
_TIME = r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d(?::\d\d)?(?: ?(?:Z|[+-]\d\d:?\d\d)| [A-Z]{2,5}\b)?"
_WHEN = re.compile(_TIME)
_OUTCOME = "ok|done|success|succeeded|failed|aborted"
_SHIPPED = re.compile(
    rf"(?P<system>[A-Za-z][\w./-]*?)(?:[ \t]+|[@:=])(?P<version>v?\d[\w.+-]*)[ \t]+(?P<time>{_TIME})(?:[ \t]+(?P<sha>[0-9a-f]{{7,64}})(?:[ \t]+(?!(?:by|{_OUTCOME})\b)(?P<author>[^\W\d_][\w.@-]*)(?=\s|$))?)?"
    rf"(?:[ \t]+(?P<state>{_OUTCOME}))?(?:[ \t]+(?:by (?P<by>\S+)|\((?P<note>[^()]*)\)|[#-]+ (?P<words>.*)))?"
)
_WHO = re.compile(r"(?:by )?(?P<who>[^\W\d_][\w.@-]*)")
_NOTES = re.compile(
    r"hot-?fix|roll-?back|revert|emergency|retry|redeploy|again|manual\w*|failed|ok", re.IGNORECASE
)
_CALLED = re.compile(r"chang|deploy|releas|roll-?out", re.IGNORECASE)
_LEVEL = re.compile(r"\b(?:TRACE|DEBUG|INFO|WARN(?:ING)?|ERROR|FATAL|CRITICAL)\b", re.IGNORECASE)
# What is done, where it stands before what it is done to; who did it, and that it did not come to pass.
_DONE = re.compile(
    r"(?:re)?deploy(?:ed|ing|ment)?|released?|roll-?(?:ed-?)?(?:out|back)|install(?:ed)?|upgraded?|promoted?|shipped",
    re.IGNORECASE,
)
_WHAT = re.compile(r"(?P<system>[A-Za-z][\w.-]*):?(?:[ \t]+|$)")
_BY = re.compile(r"\bby[= ]([\w.@-]+)")
_ENDED = re.compile(r"[ \t=(](skipped|aborted|failed|cancell?ed|rejected)(?=$|[):;,])", re.IGNORECASE)
_SHA = re.compile(r"\b(?=[a-f]*\d)(?=\d*[a-f])[0-9a-f]{7,64}\b")
_APART = 600 * 1_000_000_000  # nanoseconds on average between entries that people make: a log has more
_ANY_TIME = Reference(UTC, 4_102_444_800_000_000_000)


def recognise(given: Input) -> Claim | None:
    """Every line is one of Capistrano's; or the file is called a list of changes, and its lines are rare and of no program's log."""
    text = given.head.decode("utf-8", "replace").lstrip("\ufeff")
    found = [line for line in text.splitlines() if line.strip()]
    if len(given.head) < len(text.encode()) and len(found) > 1:
        found.pop()  # it may be cut
    if found and _OF_HEROKU.match(found[0]) and all(map(_HEROKU.fullmatch, found[1:])):
        return Claim("heroku releases", 0.97, "it is the list of releases of an application of Heroku")
    if found and all(map(_CAPISTRANO.fullmatch, found)):
        return Claim("Capistrano revisions", 0.97, "every line is a release of Capistrano")
    shipped = [_SHIPPED.fullmatch(line.strip()) for line in found if not line.startswith("#")]
    if shipped and all(shipped) and (_CALLED.search(PurePath(given.name).stem) or _rare(shipped)):
        return Claim("list of releases", 0.93, f"{len(shipped)} lines of a service, its version and a time")
    if found and _CALLED.search(PurePath(given.name).stem) and _by_hand(found):
        return Claim("list of changes", 0.9, f"{len(found)} entries of when, of what, and what was done")
    return None


def decode(given: Input, claim: Claim, settings: Settings) -> Decoded:
    """A change for each line; what is none is a reject."""
    reference, about = not_after_now(reference_for(given, settings), _times(given), settings.now)
    table = Rows()
    forms: dict[str, Callable[[str, Reference], Row]] = {
        "Capistrano revisions": _of_capistrano,
        "list of releases": _of_releases,
        "heroku releases": partial(_of_heroku, app=_app(given)),
    }
    made = forms.get(claim.format, _of_people)
    with given.open() as stream:
        for number, raw in enumerate(lines(stream), 1):
            line = raw.decode("utf-8", "replace").strip("\ufeff\r\n")
            if not line.strip() or line.startswith(("#", "===")):
                yield Tally(1, blanks=int(not line.strip()), continuations=int(bool(line.strip())))
                continue
            try:
                where, row = made(line, reference)
                if (found := _WHEN.search(line)) and not names_zone(found[0]):
                    row["Attributes"].update(about)
                table.add(where, row, number)
            except ValueError as wrong:
                yield Reject(number, f"not understood: {wrong}", line[:REJECT_TEXT])
                yield Tally(lines=1)
                continue
            yield Tally(1, 1)
            yield from table.full()
    yield from table.rest()


def _times(given: Input) -> Iterator[str]:
    """The time of each line, before what cannot be read."""
    with suppress(*UNREADABLE), given.open() as stream:
        for raw in lines(stream):
            if found := _WHEN.search(raw.decode("utf-8", "replace")):
                yield _time(found[0])


def _by_hand(found: Sequence[str]) -> bool:
    """Whether lines are of a list that people keep: each names a system, none has a level, and they are rare."""
    entries = [_LISTED.fullmatch(line.rstrip()) for line in found]
    if not all(entries) or any(map(_LEVEL.search, found)):
        return False
    return len(entries) < 2 or _rare(entries)


def _rare(found: Sequence[re.Match[str] | None]) -> bool:
    """Whether several entries are as far apart as people make them."""
    times = [moment_of(_time(one["time"]), _ANY_TIME) for one in found if one]
    return len(times) > 1 and max(times) - min(times) >= _APART * len(times)


def _time(text: str) -> str:
    """With seconds, which people leave out."""
    return re.sub(r"(?<=[ T]\d\d:\d\d)(?!:)", ":00", text)


def _of_capistrano(line: str, reference: Reference) -> Row:
    found = _CAPISTRANO.fullmatch(line)
    if found is None:
        raise ValueError("it is not a line of Capistrano")
    if found["back"]:
        raise ValueError("the time of its rollback is not recorded")
    release = found["release"]  # in UTC
    clock = f"{release[:4]}-{release[4:6]}-{release[6:8]} {release[8:10]}:{release[10:12]}:{release[12:]}Z"
    return change(
        "deploy", moment(clock, reference), id=f"release {release}", title=f"release {release}", actor=found["who"],
        version=found["sha"], source="capistrano", attributes={"vcs.ref.head.revision": found["sha"]},
    )  # fmt: skip


def _app(given: Input) -> str:
    """The application whose releases Heroku lists; empty where no heading names it."""
    found = _OF_HEROKU.search(given.head.decode("utf-8", "replace"))
    return found["app"] if found else ""


def _of_heroku(line: str, reference: Reference, app: str) -> Row:
    found = _HEROKU.fullmatch(line.rstrip())
    if found is None:
        raise ValueError("it is not a release of Heroku")
    what, sha = found["what"], _SHA.search(found["what"])
    kind = "deploy" if sha or _DONE.match(what) else kind_of_title(what) or "config"
    return change(
        kind, moment(found["time"].replace("/", "-"), reference), id=f"heroku/{app}/{found['release']}", title=f"{found['release']}: {what}",
        service=app, version=(sha[0] if sha else "") if kind == "deploy" else "", actor=found["who"], source="heroku",
        attributes={"vcs.ref.head.revision": sha[0] if sha else ""},
    )  # fmt: skip


def _of_releases(line: str, reference: Reference) -> Row:
    found = _SHIPPED.fullmatch(line.strip())
    time = moment_of(_time(found["time"]), reference) if found else 0
    if found is None or not time:
        raise ValueError("it is no service, version and time")
    who, note = _person(found["note"] or "")
    said = found["words"] or note
    return change(
        "deploy", time, title=f"{found['system']} {found['version']}{said and f' ({said})'}", service=found["system"],
        version=found["version"], actor=found["by"] or who or found["author"], source="list of releases",
        state=found["state"] if found["state"] in NOT_IN_FORCE else "", attributes={"vcs.ref.head.revision": found["sha"]},
    )  # fmt: skip


def _person(text: str) -> tuple[str, str]:
    """Who, and the note, of what stands in brackets: one word that is none of an outcome is a person."""
    named = _WHO.fullmatch(text.strip())
    return (named["who"], "") if named and not _NOTES.fullmatch(named["who"]) else ("", text.strip())


def _of_people(line: str, reference: Reference) -> Row:
    found = _LISTED.fullmatch(line.rstrip())
    time = moment_of(_time(found["time"]), reference) if found else 0
    if found is None or not time:
        raise ValueError("it has no time and no system")
    system, what, done = found["system"], found["what"], _DONE.fullmatch(found["system"])
    if done and (of := _WHAT.match(what)):  # deploy checkout v2.31.0 hosts=web-1 by=anna ok
        system, what = of["system"], what[of.end() :] or what
    sha, by = _SHA.search(what), _BY.search(what)
    ended = _ENDED.search(what) if done else None  # a title may be about what failed
    version = version_in(what) or (sha[0] if sha else "")
    who, note = _person(found["who"] or found["by"] or "")
    kind = "deploy" if version else kind_of_title(f"{done[0]} {what}" if done else what) or "config"
    return change(
        kind, time, title=f"{what} ({note})" if note else what, service=system, actor=who or (by[1] if by else ""), version=version,
        state=ended[1].lower() if ended else "", source="list of changes",
        attributes={"vcs.ref.head.revision": sha[0] if sha else ""},
    )  # fmt: skip


SOURCE = Source("release_lists", frozenset({Signal.CHANGES}), recognise, decode)
