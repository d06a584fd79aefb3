"""Rolling a service back: its last deploy, the version to go back to and how it fared, and what stands in the way."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from statistics import median

from lastgood.algorithms.change_lineage import one_deploy, version_number
from lastgood.algorithms.diffs.effects import effects
from lastgood.algorithms.diffs.kinds import EffectKind
from lastgood.algorithms.diffs.unified import Role, role_of
from lastgood.model.answers import WeighedChange
from lastgood.model.attributes import DB_OPERATION, FLAG_KEY, HTTP_METHODS
from lastgood.model.change import Change, ChangeKind
from lastgood.model.evidence import Evidence, Table
from lastgood.model.judgement import Count, Time
from lastgood.model.rollback import Check, RollBack, RollBackOf
from lastgood.model.scope import Scope
from lastgood.model.signal import Signal
from lastgood.model.window import Window
from lastgood.readings.case import Case
from lastgood.readings.feed import read_changes, read_diffs
from lastgood.readings.unversioned import UNVERSIONED_SHARE, Unversioned, unversioned_failures
from lastgood.readings.way_back import Version, Way, deployed_last, way_back
from lastgood.telemetry.derived import first_of
from lastgood.telemetry.reader import Rows

# fmt: off
VERSIONS_PAST = Time(1, "d before, in which the version before is looked for", "judgement: an older one meets another world")
ROLL_BACK_REPORTED = Count(3, "changes that are reported as in the way", "judgement: so that a line stays readable")
# fmt: on
AHEAD = Time(
    1,
    "h before a deploy, in which its migration may run",
    "judgement: a migration goes before the deploy that needs it",
)
DESTROYS = frozenset({EffectKind.COLUMN_DROPPED, EffectKind.FIELD_REMOVED, EffectKind.FIELD_RENAMED})
MIGRATIONS, SETTINGS = "migrations", "flags and settings"

_VERSIONS = """
SELECT version, countIf(phase = 'good') AS good, countIf(phase = 'good' AND failed) AS good_failed,
       countIf(phase = 'bad') AS bad, countIf(phase = 'bad' AND failed) AS bad_failed,
       quantileIf(0.95)(duration_ns, phase = 'good') / 1e6 AS good_ms, quantileIf(0.95)(duration_ns, phase = 'bad') / 1e6 AS bad_ms,
       count() AS spans, countIf(failed) AS failed_ever, min(ts) AS first, max(ts) AS last
FROM {relation} WHERE service = {{service:String}} AND version != ''{more} GROUP BY version ORDER BY version"""
VERSIONS = _VERSIONS.format(relation="lg_spans", more=" AND kind != 'Client'")
VERSIONS_OF_LINES = _VERSIONS.format(relation="lg_served", more="")
WRITES = f"""
SELECT count() AS served, countIf(match(upper(name), '^(POST|PUT|PATCH|DELETE|INSERT|UPDATE)\\\\b')
       OR upper({first_of(["attributes"], HTTP_METHODS)}) IN ('POST', 'PUT', 'PATCH', 'DELETE')
       OR upper(attributes['{DB_OPERATION}']) IN ('INSERT', 'UPDATE', 'DELETE')) AS writes
FROM lg_spans WHERE service = {{service:String}} AND NOT failed
      AND (empty({{versions:Array(String)}}) OR has({{versions:Array(String)}}, version))"""
SWITCHES = f"""
SELECT attributes['{FLAG_KEY}'] AS flag, count() AS n FROM lg_spans
WHERE phase = 'bad' AND service = {{service:String}} AND flag != '' GROUP BY flag ORDER BY n DESC, flag LIMIT 5"""

CALLS = "SELECT DISTINCT service, peer FROM lg_spans WHERE peer != '' ORDER BY service, peer LIMIT 10000"


@dataclass(frozen=True, slots=True)
class RollBackRead:
    """Whether a service can go back to the version before its last deploy, and the rows that say so."""

    answer: RollBack
    evidence: tuple[Evidence, ...]

    @property
    def because(self) -> str:
        """The checks that decide it."""
        return "; ".join(c.because for c in self.answer.checks if c.holds is self.answer.possible)

    @property
    def previous(self) -> Check:
        """How the version before fared."""
        return self.answer.checks[0]


def asked_of(service: str, likely: WeighedChange | None) -> RollBackOf:
    """The question about a service, with the change that is likely: itself, or the deploy that carried it."""
    if likely is None:
        return RollBackOf(service)
    return RollBackOf(service, tuple(filter(None, (likely.change_id, likely.within))), likely.at)


def read_roll_back(case: Case, asked: RollBackOf) -> RollBackRead | None:
    """The state of a roll-back; None where no deploy of the service is on record.

    It goes to the version before the last deploy. Where the likely change is one of its deploys, it goes to the newest
    version before that one that was good: what came after it, such as a failed roll-forward, is taken back with it.
    """
    service = asked.service
    changes, feed, deploys = _deploys_of(case, service)
    if not deploys:
        return None
    whole = Window(case.window.start - VERSIONS_PAST, case.window.end)
    versions = VERSIONS if case.has(Signal.SPANS) else VERSIONS_OF_LINES
    seen = case.query(versions, window=whole, service=service)
    names = {row["version"] for row in seen.dicts()}
    deploys = [replace(c, version=c.version or _named(c, names)) for c in deploys]
    last = deployed_last(deploys, names)
    deploys = deploys[deploys.index(last) :]
    way = way_back(deploys, asked, seen.dicts(), _unseen(case, service))
    if way.first.at < min(last.at, case.window.start):
        changes, feed = _changes_from(case, way.first.at)
    checks = (way.fared, _migrations(case, way, changes), _settings(way, changes))
    answer = RollBack(
        service=service,
        deploy=last.change_id,
        version=last.version or last.title,
        previous=way.to or None,
        deployed_at=last.at,
        possible=_together(checks),
        checks=checks,
        written=_written(case, way),
        minutes=_minutes(deploys, way.to, seen.dicts()),
        switches=_switches(case, service, changes),
        one_back=_one_back(way, last, changes),
    )
    evidence = (
        _table("Versions of the service", seen),
        Table("Recorded changes", ("changes",), ((len(changes),),), feed.provenance),
    )
    return RollBackRead(answer, evidence)


def _one_back(way: Way, last: Change, changes: list[Change]) -> str:
    """Where taking back the newest deploy alone ends, if not at that version: one that was broken off counts too."""
    later = (one for one in changes if one.kind is ChangeKind.DEPLOY and one.service == last.service)
    broken_off = any(one.at > last.at and one.broken_off for one in later)
    return last.version if broken_off and way.to else way.one_back


def _deploys_of(case: Case, service: str) -> tuple[list[Change], Rows, list[Change]]:
    """The changes, from before the last deploy of a service on, and its deploys, newest first."""
    changes, feed = read_changes(case)
    deploys = [c for c in changes if _deploys(c, service, case.now)]
    if deploys and deploys[0].at < case.window.start:
        changes, feed = _changes_from(case, deploys[0].at)
        deploys = [c for c in changes if _deploys(c, service, case.now)]
    return changes, feed, deploys


def _changes_from(case: Case, deployed: datetime) -> tuple[list[Change], Rows]:
    """The changes since before a deploy."""
    return read_changes(replace(case, window=Window(deployed - AHEAD, case.window.end)))


def _deploys(change: Change, service: str, now: datetime) -> bool:
    mine = change.kind is ChangeKind.DEPLOY and change.service == service
    return mine and change.at <= now and change.took_effect


def _named(change: Change, versions: Collection[str]) -> str:
    """The version that a deploy's title names, where its feed does not give one."""
    return next((word for word in change.title.split() if word in versions), "")


def _together(checks: Iterable[Check]) -> bool | None:
    said = {check.holds for check in checks}
    return next(holds for holds in (False, None, True) if holds in said)


def _unseen(case: Case, service: str) -> Unversioned | None:
    """Failures of the bad window that only a proxy in front wrote down: they are of no known version."""
    if case.comparison is None or case.has(Signal.SPANS) or not case.has(Signal.LOGS):
        return None
    bad = case.comparison.bad
    return unversioned_failures(
        lambda sql, bound: case.ask(sql, bound, bad, None, Scope()), (service,), UNVERSIONED_SHARE
    )


def _migrations(case: Case, way: Way, changes: list[Change]) -> Check:
    """Migrations that came with what is taken back or since, and what they do to what the version before may read."""
    before, first = way.to or "the version before", way.first
    records = frozenset[str]().union(*(_records_of(one, changes) for one in way.undone))
    commits = [c for c in changes if c.kind == "commit" and c.within in records]
    touching = [c for c in commits if any(role_of(path) is Role.SQL for path in c.files)]
    apart = _apart(case, first.service)
    since = [
        c for c in changes if c.kind == "migration" and c.at >= first.at - AHEAD and c.service not in apart
    ]
    found = [*since, *touching]
    if found:
        diffs = read_diffs(case, [c.change_id for c in found])
        for change in found:
            text = diffs.get((change.change_id, change.at)) or "\n".join(
                f"+{line}" for line in (change.title, *change.attributes.values())
            )
            done = [e for e in effects(text, change.files or ("migration.sql",)) if e.kind in DESTROYS]
            if done:
                return Check(
                    MIGRATIONS,
                    f"{_reported(change)} {done[0].kind.value}, which {before} may need",
                    holds=False,
                )
        reported = ", ".join(map(_reported, found[:ROLL_BACK_REPORTED]))
        return Check(MIGRATIONS, f"unknown whether {before} works with {reported}")
    if any(c.kind == "migration" for c in changes):
        return Check(MIGRATIONS, "no migration of it is recorded since", holds=True)
    if any(c.files for c in commits):
        return Check(
            MIGRATIONS, f"none of its {len(commits)} recorded commits touches a migration", holds=True
        )
    return Check(
        MIGRATIONS,
        "unknown whether a migration came with it: neither migrations nor commits of this deploy are recorded",
    )


def _records_of(deploy: Change, changes: list[Change]) -> frozenset[str]:
    """The ids of all records of a deploy: a tag tells of it too, and names its commits."""
    stands = one_deploy(changes)
    mine = {stands.get(p, p) for p, c in enumerate(changes) if c.change_id == deploy.change_id}
    return frozenset(
        {deploy.change_id, *(changes[p].change_id for p, other in stands.items() if other in mine)}
    )


def _apart(case: Case, service: str) -> frozenset[str]:
    """Services and databases that a service is known not to call: what they store is not its own."""
    if not case.has(Signal.SPANS):
        return frozenset()
    calls = [(row["service"], row["peer"]) for row in case.query(CALLS).dicts()]
    near = {service, *(callee for caller, callee in calls if caller == service)}
    return frozenset({*case.holdings.telemetry_services, *(callee for _, callee in calls)} - near)


def _settings(way: Way, changes: list[Change]) -> Check:
    """Flags and settings of the service that were changed since the first deploy that is taken back."""
    first = way.first
    since = [
        c
        for c in changes
        if c.kind in {"flag", "config"} and c.at >= first.at and c.service in {"", first.service}
    ]
    if since:
        reported = ", ".join(map(_reported, since[:ROLL_BACK_REPORTED]))
        return Check(SETTINGS, f"unknown whether {way.to or 'the version before'} knows {reported}")
    ever = any(c.kind in {"flag", "config"} for c in changes)
    never = "" if ever else "; no such change was ever recorded"
    return Check(SETTINGS, f"no flag or setting of it was changed since{never}", holds=True)


def _reported(change: Change) -> str:
    return f"the {change.kind} {change.name} ({change.at:%H:%M} UTC)"


def _written(case: Case, way: Way) -> int | None:
    """Requests and statements that wrote, served by what is taken back; None where no span tells."""
    first = way.first
    if not case.has(Signal.SPANS) or first.at >= case.window.end:
        return None
    since = Window(max(first.at, case.window.start - VERSIONS_PAST), case.window.end)
    versions = [one.version for one in way.undone]
    (row,) = case.query(
        WRITES, window=since, service=first.service, versions=versions if all(versions) else []
    ).dicts()
    return int(row["writes"]) if row["served"] else None


def _minutes(deploys: list[Change], before: str, versions: list[Version]) -> float | None:
    """How long a deploy took: by the feed, else by how long both versions served."""
    took = [(d.until - d.at).total_seconds() / 60 for d in deploys if d.until > d.at]
    if took:
        return median(took)
    named = {version_number(row["version"]): row for row in versions}
    was, now = named.get(version_number(before)), named.get(version_number(deploys[0].version))
    if was is None or now is None or was["first"] >= now["first"]:
        return None
    both = (was["last"] - now["first"]).total_seconds() / 60
    return both if 0 < both <= AHEAD.total_seconds() / 60 else None


def _switches(case: Case, service: str, changes: list[Change]) -> tuple[str, ...]:
    """Flags on the failing path: evaluated in its spans, or on record for it."""
    evaluated = (
        [row["flag"] for row in case.query(SWITCHES, service=service).dicts()]
        if case.has(Signal.SPANS)
        else []
    )
    reported = [c.title or c.change_id for c in changes if c.kind == "flag" and c.service == service]
    return tuple(dict.fromkeys([*evaluated, *reported]))


def _table(title: str, rows: Rows) -> Table:
    columns = ("version", "good", "good_failed", "bad", "bad_failed", "good_ms", "bad_ms")
    return Table(
        title, columns, tuple(tuple(row[name] for name in columns) for row in rows.dicts()), rows.provenance
    )
