"""Rolling a service back: its last deploy, the version before and how it fared, and what stands in the way of going back."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from statistics import median
from typing import Any

from lastgood.algorithms.change_lineage import TAGGED, one_deploy, version_number
from lastgood.algorithms.diffs.effects import effects
from lastgood.algorithms.diffs.kinds import EffectKind
from lastgood.algorithms.diffs.unified import Role, role_of
from lastgood.model.attributes import DB_OPERATION, FLAG_KEY, HTTP_METHODS
from lastgood.model.change import Change, ChangeKind
from lastgood.model.evidence import Evidence, Table
from lastgood.model.figures import count, duration, percent
from lastgood.model.judgement import Amount, Count, Time
from lastgood.model.rollback import Check, RollBack
from lastgood.model.scope import Scope
from lastgood.model.signal import Signal
from lastgood.model.window import Window
from lastgood.readings.case import Case
from lastgood.readings.feed import read_changes, read_diffs
from lastgood.readings.unversioned import UNVERSIONED_SHARE, Unversioned, unversioned_failures
from lastgood.telemetry.derived import first_of
from lastgood.telemetry.reader import Rows

# fmt: off
VERSION_SPANS = Count(20, "spans of a version, to say how it fared", "judgement: of fewer a share is not known")
VERSION_WELL = Amount(1 / 3, "of the failures of the new version, for the old one to have fared well", "judgement: surely fewer")
VERSION_QUICKER = Amount(0.8, "of its latency, likewise", "judgement: a fifth is noticed")
VERSIONS_PAST = Time(1, "d before, in which the version before is looked for", "judgement: an older one meets another world")
ROLL_BACK_REPORTED = Count(3, "changes that are reported as in the way", "judgement: so that a line stays readable")
# fmt: on
AHEAD = Time(
    1,
    "h before a deploy, in which its migration may run",
    "judgement: a migration goes before the deploy that needs it",
)
DESTROYS = frozenset({EffectKind.COLUMN_DROPPED, EffectKind.FIELD_REMOVED, EffectKind.FIELD_RENAMED})
PREVIOUS, MIGRATIONS, SETTINGS = "the version before", "migrations", "flags and settings"

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
FROM lg_spans WHERE service = {{service:String}} AND NOT failed AND ({{version:String}} = '' OR version = {{version:String}})"""
SWITCHES = f"""
SELECT attributes['{FLAG_KEY}'] AS flag, count() AS n FROM lg_spans
WHERE phase = 'bad' AND service = {{service:String}} AND flag != '' GROUP BY flag ORDER BY n DESC, flag LIMIT 5"""

CALLS = "SELECT DISTINCT service, peer FROM lg_spans WHERE peer != '' ORDER BY service, peer LIMIT 10000"

Version = dict[str, Any]


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


def read_roll_back(case: Case, service: str) -> RollBackRead | None:
    """The state of a roll-back; None where no deploy of the service is on record."""
    changes, feed, deploys = _deploys_of(case, service)
    if not deploys:
        return None
    whole = Window(case.window.start - VERSIONS_PAST, case.window.end)
    versions = VERSIONS if case.has(Signal.SPANS) else VERSIONS_OF_LINES
    seen = case.query(versions, window=whole, service=service)
    names = {row["version"] for row in seen.dicts()}
    deploys = [replace(c, version=c.version or _named(c, names)) for c in deploys]
    last = _last(deploys, names)
    deploys = deploys[deploys.index(last) :]
    before = last.previous or _before(last, deploys)
    checks = (
        _previous(last, before, seen.dicts(), _unseen(case, service)),
        _migrations(case, last, before, changes),
        _settings(last, before, changes),
    )
    answer = RollBack(
        service=service,
        deploy=last.change_id,
        version=last.version or last.title,
        previous=before or None,
        deployed_at=last.at,
        possible=_together(checks),
        checks=checks,
        written=_written(case, last),
        minutes=_minutes(deploys, before, seen.dicts()),
        switches=_switches(case, service, changes),
    )
    evidence = (
        _table("Versions of the service", seen),
        Table("Recorded changes", ("changes",), ((len(changes),),), feed.provenance),
    )
    return RollBackRead(answer, evidence)


def _last(deploys: Sequence[Change], versions: Collection[str]) -> Change:
    """What was deployed last, newest first: a tag only where its version served, or where tags are all there is."""
    served = set(map(version_number, versions))
    came = (one for one in deploys if one.state != TAGGED or version_number(one.version) in served)
    return next(came, deploys[0])


def _before(last: Change, deploys: Sequence[Change]) -> str:
    """The version of the deploy before, newest first; a tag was one only where that of the last version is later.

    What is tagged need not be deployed, and the newest tag may be what was deployed now.
    """
    tagged = [one.at for one in deploys if one.state == TAGGED and _alike(one.version, last.version)]
    return next(
        (
            one.version
            for one in deploys[1:]
            if one.version
            and not _alike(one.version, last.version)
            and (one.state != TAGGED or (last.version and tagged and one.at < max(tagged)))
        ),
        "",
    )


def _deploys_of(case: Case, service: str) -> tuple[list[Change], Rows, list[Change]]:
    """The changes, from before the last deploy of a service on, and its deploys, newest first."""
    changes, feed = read_changes(case)
    deploys = [c for c in changes if _deploys(c, service, case.now)]
    if deploys and deploys[0].at < case.window.start:
        changes, feed = read_changes(replace(case, window=Window(deploys[0].at - AHEAD, case.window.end)))
        deploys = [c for c in changes if _deploys(c, service, case.now)]
    return changes, feed, deploys


def _deploys(change: Change, service: str, now: datetime) -> bool:
    mine = change.kind is ChangeKind.DEPLOY and change.service == service
    return mine and change.at <= now and change.took_effect


def _named(change: Change, versions: Collection[str]) -> str:
    """The version that a deploy's title names, where its feed does not give one."""
    return next((word for word in change.title.split() if word in versions), "")


def _together(checks: Iterable[Check]) -> bool | None:
    said = {check.holds for check in checks}
    return next(holds for holds in (False, None, True) if holds in said)


def _alike(one: str, other: str) -> bool:
    """Whether two spellings are of one version: `v1.2` as a tag, `1.2` as a service reports it."""
    return version_number(one) == version_number(other)


def _unseen(case: Case, service: str) -> Unversioned | None:
    """Failures of the bad window that only a proxy in front wrote down: they are of no known version."""
    if case.comparison is None or case.has(Signal.SPANS) or not case.has(Signal.LOGS):
        return None
    bad = case.comparison.bad
    return unversioned_failures(
        lambda sql, bound: case.ask(sql, bound, bad, None, Scope()), (service,), UNVERSIONED_SHARE
    )


def _previous(last: Change, before: str, versions: list[Version], unseen: Unversioned | None) -> Check:
    """How the version before fared, beside the new one where both served while it was bad."""
    named = {version_number(row["version"]): row for row in versions}
    if not before:
        return Check(PREVIOUS, "the previous version is not recorded")
    if not named:
        return Check(PREVIOUS, f"no telemetry of {before}: no version of {last.service} is reported")
    if unseen:
        return Check(PREVIOUS, unseen.said)
    was, now = named.get(version_number(before)), named.get(version_number(last.version))
    if was is None or max(was["good"], was["bad"]) < VERSION_SPANS:
        return Check(PREVIOUS, f"too few requests on {before} to judge it")
    if now is None or now["bad"] < VERSION_SPANS:
        return Check(
            PREVIOUS,
            f"too few requests on {last.version or 'the new version'} in the bad window to compare {before} with",
        )
    phase = "bad" if was["bad"] >= VERSION_SPANS else "good"
    return _fared(before, was, now, phase)


def _fared(before: str, was: Version, now: Version, phase: str) -> Check:
    share, fails = was[f"{phase}_failed"] / was[phase], now["bad_failed"] / now["bad"]
    old_ms, new_ms = was[f"{phase}_ms"], now["bad_ms"]
    when = "at the same time" if phase == "bad" else "at baseline"
    reported = f"{before} {when} failed {percent(share)} of {count(was[phase])} calls (p95 {duration(old_ms / 1e3)}), {now['version']} fails {percent(fails)} of {count(now['bad'])} (p95 {duration(new_ms / 1e3)})"
    if fails > 0 and share <= VERSION_WELL * fails:
        return Check(PREVIOUS, reported, holds=True)
    if old_ms <= VERSION_QUICKER * new_ms and share <= fails:
        return Check(PREVIOUS, reported, holds=True)
    return Check(PREVIOUS, f"{reported}: no better", holds=False)


def _migrations(case: Case, last: Change, before: str, changes: list[Change]) -> Check:
    """Migrations that came with the deploy or since, and what they do to what the version before may read."""
    records = _records_of(last, changes)
    commits = [c for c in changes if c.kind == "commit" and c.within in records]
    touching = [c for c in commits if any(role_of(path) is Role.SQL for path in c.files)]
    apart = _apart(case, last.service)
    since = [
        c for c in changes if c.kind == "migration" and c.at >= last.at - AHEAD and c.service not in apart
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
                    f"{_reported(change)} {done[0].kind.value}, which {before or 'the version before'} may need",
                    holds=False,
                )
        reported = ", ".join(map(_reported, found[:ROLL_BACK_REPORTED]))
        return Check(MIGRATIONS, f"unknown whether {before or 'the version before'} works with {reported}")
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


def _settings(last: Change, before: str, changes: list[Change]) -> Check:
    """Flags and settings of the service that were changed since."""
    since = [
        c
        for c in changes
        if c.kind in {"flag", "config"} and c.at >= last.at and c.service in {"", last.service}
    ]
    if since:
        reported = ", ".join(map(_reported, since[:ROLL_BACK_REPORTED]))
        return Check(SETTINGS, f"unknown whether {before or 'the version before'} knows {reported}")
    ever = any(c.kind in {"flag", "config"} for c in changes)
    never = "" if ever else "; no such change was ever recorded"
    return Check(SETTINGS, f"no flag or setting of it was changed since{never}", holds=True)


def _reported(change: Change) -> str:
    return f"the {change.kind} {change.name} ({change.at:%H:%M} UTC)"


def _written(case: Case, last: Change) -> int | None:
    """Requests and statements that wrote, served since the deploy; None where no span tells."""
    if not case.has(Signal.SPANS) or last.at >= case.window.end:
        return None
    since = Window(max(last.at, case.window.start - VERSIONS_PAST), case.window.end)
    (row,) = case.query(WRITES, window=since, service=last.service, version=last.version).dicts()
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
