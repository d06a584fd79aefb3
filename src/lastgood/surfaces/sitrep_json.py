"""The sitrep as JSON, as docs/reference/sitrep.schema.json has it."""

from typing import Any

from lastgood.model import figures
from lastgood.model.alert import FiringAlert
from lastgood.model.answers import Culprit, Mitigation, NoChange, Onset, PatternCount, WeighedChange
from lastgood.model.boundary import Layers, Side, UsOrThem
from lastgood.model.episode import Episode
from lastgood.model.finding import Finding
from lastgood.model.sitrep import Sitrep
from lastgood.model.window import Window
from lastgood.surfaces import weighed, wording
from lastgood.surfaces.findings import plain_values, spaced_values
from lastgood.surfaces.not_known import unknowns

SCHEMA = "lastgood.sitrep/1"


def sitrep_document(sitrep: Sitrep) -> dict[str, Any]:
    """The sitrep document: what cannot be known is None, with the reason under `unknown`."""
    document: dict[str, Any] = {
        "schema": SCHEMA,
        "asked_at": figures.stamp(sitrep.asked_at),
        "took_seconds": round(sitrep.seconds, 3),
        "comparison": _comparison(sitrep),
        "confirmed": _confirmed(sitrep),
        "onset": _onset(sitrep),
        "other_episodes": [_episode(other) for other in sitrep.onset.others] if sitrep.onset else [],
        "alerts": [_alert(alert) for alert in sitrep.alerts],
        "severity": _severity(sitrep),
        "impact": _impact(sitrep),
        "blast_radius": _blast_radius(sitrep),
        "signals": _signals(sitrep),
        "failure_class": _failure_class(sitrep),
        "path": _path(sitrep),
        "culprits": [_culprit(culprit) for culprit in sitrep.culprits.ranked] if sitrep.culprits else [],
        "changes": [_change(change) for change in weighed.ranked(sitrep.changes)] if sitrep.changes else [],
        "no_change_explains_it": _no_change(sitrep),
        "us_or_them": _us_or_them(sitrep),
        "layers": _layers(sitrep),
        "patterns": _patterns(sitrep),
        "mitigations": _mitigations(sitrep),
        "more": [_more(finding) for finding in sitrep.findings if finding.section is not None],
        "unknown": list(unknowns(sitrep)),
        "say": wording.say(sitrep),
        "defects": list(sitrep.defects),
    }
    return {name: spaced_values(value) for name, value in document.items()}


def _more(finding: Finding) -> dict[str, Any]:
    """What a question found that stands on the card as a sentence."""
    return {
        "name": finding.name,
        "verdict": finding.verdict.value,
        "because": finding.because,
        "answer": plain_values(finding.answer) if finding.answer else None,
    }


def _comparison(sitrep: Sitrep) -> dict[str, Any] | None:
    found = sitrep.comparison
    if found is None:
        return None
    return {"good": _window(found.good), "bad": _window(found.bad), "given": found.given}


def _window(window: Window) -> dict[str, str]:
    return {"from": figures.stamp(window.start), "to": figures.stamp(window.end)}


def _confirmed(sitrep: Sitrep) -> dict[str, Any]:
    found = sitrep.confirmed
    return {
        "verdict": sitrep.is_real.value,
        "confidence": found.confidence if found else None,
        "because": found.because if found else "the question was not asked",
    }


def _onset(sitrep: Sitrep) -> dict[str, Any] | None:
    onset = sitrep.onset
    if onset is None:
        return None
    return {
        **_when(onset),
        **({"low": None} if wording.before_the_data(onset) else {}),  # it is not known how long before
        "trend": onset.trend and onset.trend.value,
        "first_symptom": onset.first_symptom,
        "believed": sitrep.began is not None,
        "growth": (sitrep.changes.growth or None) if sitrep.changes else None,
    }


def _when(one: Onset | Episode) -> dict[str, Any]:
    return {
        "at": figures.stamp(one.at),
        "low": figures.stamp(one.low),
        "high": figures.stamp(one.high),
        "ongoing": one.ongoing,
        "ended": one.ended and figures.stamp(one.ended),
    }


def _episode(episode: Episode) -> dict[str, Any]:
    return {
        **_when(episode),
        "services": list(episode.services),
        "symptom": episode.symptom,
        "ask": _window(episode.asked),
    }


def _alert(alert: FiringAlert) -> dict[str, Any]:
    return {
        "name": alert.name,
        "service": alert.service or None,
        "severity": alert.severity or None,
        "since": figures.stamp(alert.since),
        "summary": alert.summary or None,
        "recovered": alert.recovered,
    }


def _severity(sitrep: Sitrep) -> dict[str, str] | None:
    found = sitrep.severity
    return {"proposed": found.proposed.value, "because": found.because} if found else None


def _failure_class(sitrep: Sitrep) -> dict[str, str] | None:
    found = sitrep.failure_class
    return {"name": found.name, "because": found.because} if found else None


def _no_change(sitrep: Sitrep) -> dict[str, Any] | None:
    found = sitrep.no_change
    if found is None:
        return None
    cause = found.answer.cause if isinstance(found.answer, NoChange) else None
    return {"verdict": found.verdict.value, "cause": cause, "because": found.because}


def _us_or_them(sitrep: Sitrep) -> dict[str, Any] | None:
    found = sitrep.us_or_them
    if found is None:
        return None
    answer = found.answer if isinstance(found.answer, UsOrThem) else UsOrThem(Side.INCONCLUSIVE, None)
    return {**plain_values(answer), "because": found.because, "confidence": found.confidence}


def _layers(sitrep: Sitrep) -> dict[str, Any] | None:
    found = sitrep.layers
    if found is None or not isinstance(found.answer, Layers):
        return None
    return {**plain_values(found.answer), "because": found.because, "confidence": found.confidence}


def _mitigations(sitrep: Sitrep) -> list[dict[str, Any]] | None:
    """The options in order; why a roll-back is not among them stands with the first."""
    found = sitrep.mitigations
    if found is None or not found.ranked:
        return None
    first, *others = found.ranked
    against = f"; {found.not_roll_back}" if found.not_roll_back else ""
    return [_mitigation(first, against), *(_mitigation(other) for other in others)]


def _mitigation(option: Mitigation, more: str = "") -> dict[str, Any]:
    return {
        "kind": option.kind,
        "target": option.target,
        "command": None,
        "minutes": option.minutes,
        "reversible": option.reversible,
        "evidence_lost": option.evidence_lost,
        "because": option.because + more,
    }


def _impact(sitrep: Sitrep) -> dict[str, Any] | None:
    impact = wording.impact_of(sitrep)
    if impact is None:
        return None
    return {
        "requests": impact.requests,
        "failed": impact.failed,
        "failure_share": impact.failure_share,
        "baseline_share": impact.baseline_share,
        "users": impact.users,
        "kind": impact.kind and impact.kind.value,
        "slower": impact.slower,
    }


def _blast_radius(sitrep: Sitrep) -> dict[str, Any] | None:
    radius = sitrep.blast_radius
    if radius is None:
        return None
    return {
        "services": list(radius.services),
        "segments": [
            {
                "where": dict(segment.where),
                "share_of_failures": segment.share_of_failures,
                "share_of_traffic": segment.share_of_traffic,
            }
            for segment in radius.segments
        ],
        "not": list(radius.exonerated),
        "cannot_be_tested": list(radius.untestable),
    }


def _signals(sitrep: Sitrep) -> dict[str, Any] | None:
    signals = sitrep.signals
    if signals is None:
        return None
    return {
        name: shape and shape.value
        for name, shape in (
            ("latency", signals.latency),
            ("traffic", signals.traffic),
            ("errors", signals.errors),
            ("saturation", signals.saturation),
        )
    }


def _path(sitrep: Sitrep) -> dict[str, Any] | None:
    path = sitrep.path
    if path is None:
        return None
    return {
        "last_good": path.last_good,
        "first_bad": path.first_bad,
        "traces": path.traces,
        "agree": path.agree,
        "how": path.how.value,
        "by_requests": path.by_requests,
        "route": list(path.route),
        "example": path.example or None,
    }


def _culprit(culprit: Culprit) -> dict[str, Any]:
    return {
        "service": culprit.service,
        "instance": culprit.instance,
        "component": culprit.component,
        "kind": culprit.kind,
        "confidence": culprit.confidence,
        "because": culprit.because,
    }


def _change(change: WeighedChange) -> dict[str, Any]:
    return {
        "id": change.change_id,
        "kind": change.kind,
        "service": change.service,
        "title": change.title,
        "at": figures.stamp(change.at),
        "verdict": change.verdict.value,
        "confidence": change.confidence,
        "for": list(change.for_it),
        "against": list(change.against_it),
        "within": change.within,
    }


def _patterns(sitrep: Sitrep) -> dict[str, Any] | None:
    patterns = sitrep.patterns
    if patterns is None:
        return None
    return {
        "new": [_pattern(pattern) for pattern in patterns.new],
        "more": [_pattern(pattern) for pattern in patterns.more],
        "gone": [_pattern(pattern) for pattern in patterns.gone],
        "churn": [_pattern(pattern) for pattern in patterns.churn],
    }


def _pattern(pattern: PatternCount) -> dict[str, Any]:
    good, bad = pattern.over_time or ((), ())
    return {
        "id": pattern.pattern_id,
        "template": pattern.template,
        "service": pattern.service,
        "level": pattern.level,
        "count": pattern.count,
        "first": figures.stamp(pattern.first),
        "sample": pattern.sample,
        "expected": round(pattern.expected, 1),
        "over_time": {"good": list(good), "bad": list(bad)},
    }
