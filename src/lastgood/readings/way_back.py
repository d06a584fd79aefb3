"""Where a service can go back to: the version before its last deploy, or before the likely one, and how it fared."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from lastgood.algorithms.change_lineage import TAGGED, version_number
from lastgood.model.change import Change
from lastgood.model.figures import count, duration, percent
from lastgood.model.judgement import Amount, Count
from lastgood.model.rollback import Check, RollBackOf
from lastgood.readings.unversioned import Unversioned

# fmt: off
VERSION_SPANS = Count(20, "spans of a version, to say how it fared", "judgement: of fewer a share is not known")
VERSION_WELL = Amount(1 / 3, "of the failures of the new version, for the old one to have fared well", "judgement: surely fewer")
VERSION_QUICKER = Amount(0.8, "of its latency, likewise", "judgement: a fifth is noticed")
# fmt: on
PREVIOUS = "the version before"

Version = dict[str, Any]  # a row of lastgood.readings.rollback.VERSIONS


@dataclass(frozen=True, slots=True)
class Way:
    """Where a roll-back goes: the version, how it fared, and the deploys that it takes back, newest first."""

    to: str
    fared: Check
    undone: tuple[Change, ...]

    @property
    def first(self) -> Change:
        """The oldest deploy that it takes back: what came since then has to work with the version it goes to."""
        return self.undone[-1]

    @property
    def one_back(self) -> str:
        """Where taking back the last deploy alone ends, if that is another version; empty else."""
        last, *others = (one.version for one in self.undone)
        return next((one for one in others if one and not alike(one, last)), "")


def way_back(
    deploys: Sequence[Change], asked: RollBackOf, versions: list[Version], unseen: Unversioned | None
) -> Way:
    """Where to go back to, of deploys newest first; `versions` are rows of lastgood.readings.rollback.VERSIONS.

    Without a likely deploy among them it is the version before the last one. Else it is the newest version before the likely
    one that was good; where none is known to be, the newest, with what is known of it.
    """
    last, likely = deploys[0], _likely(deploys, asked)
    since = deploys[: deploys.index(likely) + 1] if likely else deploys[:1]
    before = list(_before(since[-1], deploys[len(since) - 1 :]))
    if likely is None:
        to = next(iter(before), "")
        return Way(to, _previous(last, to, versions, unseen), (last,))
    if before and alike(before[0], last.version):
        again = f"{before[0]} is deployed again since {last.at:%H:%M} UTC"
        return Way("", Check(PREVIOUS, again, holds=False), (last,))
    tried = [(one, _previous(last, one, versions, unseen)) for one in before or [""]]
    to, fared = next((one for one in tried if one[1].holds), tried[0])
    its = next((n for n, one in enumerate(deploys) if n >= len(since) and to and alike(one.version, to)), 0)
    taken = deploys[:its] if its else since
    return Way(to, fared, tuple(one for one in taken if one.state != TAGGED or one in (last, likely)))


def _likely(deploys: Sequence[Change], asked: RollBackOf) -> Change | None:
    """The deploy that is likely, or that carried what is: the first since it was made, as an id may come again."""
    named = (one for one in reversed(deploys) if one.change_id in asked.likely)
    return next((one for one in named if asked.since is None or one.at >= asked.since), None)


def deployed_last(deploys: Sequence[Change], versions: Collection[str]) -> Change:
    """What was deployed last, newest first: a tag only where its version served, or where tags are all there is."""
    served = set(map(version_number, versions))
    came = (one for one in deploys if one.state != TAGGED or version_number(one.version) in served)
    return next(came, deploys[0])


def _before(last: Change, deploys: Sequence[Change]) -> Iterator[str]:
    """The versions before a deploy: what it states, then those of the deploys before it, newest first.

    What is tagged need not be deployed, and the newest tag may be what was deployed now: a tag was one only where that
    of this version is later.
    """
    tagged = [one.at for one in deploys if one.state == TAGGED and alike(one.version, last.version)]
    deployed = (
        one.version
        for one in deploys[1:]
        if one.state != TAGGED or (last.version and tagged and one.at < max(tagged))
    )
    named = {version_number(last.version)}
    for version in filter(None, (last.previous, *deployed)):
        if version_number(version) not in named:
            named.add(version_number(version))
            yield version


def alike(one: str, other: str) -> bool:
    """Whether two spellings are of one version: `v1.2` as a tag, `1.2` as a service reports it."""
    return version_number(one) == version_number(other)


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
