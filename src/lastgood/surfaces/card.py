"""The card: the sitrep as labelled rows of text, from which text, Markdown and HTML are drawn."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from lastgood.model import figures
from lastgood.model.answers import ChangeVerdict, ImpactKind, Mitigation, PatternCount, WeighedChange
from lastgood.model.finding import Section as Place
from lastgood.model.finding import Verdict
from lastgood.model.naming import service_named
from lastgood.model.sitrep import Sitrep
from lastgood.surfaces import weighed, wording
from lastgood.surfaces.boundary import layer_line, whose_lines
from lastgood.surfaces.glossary import Glossary
from lastgood.surfaces.invocation import Command, Invocation, command
from lastgood.surfaces.not_known import beside_the_rest, checks
from lastgood.surfaces.steps import (
    NONE_READY,
    Ready,
    failing_trace,
    first_bad_version,
    log_lines,
    opening,
    runbook,
)
from lastgood.surfaces.wording import TIMES

MOST_CHANGES = 5
LONGEST_TEXT = 240  # characters of what a line or a suspect says
MOST_CULPRITS = 3
MOST_CHECKS = 2
MOST_PATTERNS = 4
MOST_OPTIONS = 4
MOST_UNKNOWN = 5
MOST_EPISODES = 4
MOST_ALERTS = 4


class Tone(StrEnum):
    """How a row is meant: colours follow it, words never depend on it."""

    PLAIN = "plain"
    BAD = "bad"
    WARN = "warn"
    GOOD = "good"
    QUIET = "quiet"


@dataclass(frozen=True, slots=True)
class Row:
    """Cells side by side; the last one wraps. A command, where there is one, follows it and can be pasted."""

    cells: tuple[str, ...]
    tone: Tone = Tone.PLAIN
    command: Command | None = None

    @property
    def sentence(self) -> str:
        """The last cell and the command, in one line."""
        return ": ".join(part for part in (self.cells[-1], str(self.command or "")) if part)

    def called(self, how: Invocation) -> "Row":
        """The row with its command completed by how the tool was called."""
        return replace(self, command=how.completed(self.command)) if self.command else self


@dataclass(frozen=True, slots=True)
class Section:
    """Rows under a label."""

    label: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Card:
    """The answer on one screen."""

    headline: str
    state: str
    tone: Tone
    sections: tuple[Section, ...]

    def commands(self) -> Iterator[Command]:
        """Every command on it."""
        return (row.command for section in self.sections for row in section.rows if row.command)

    def called(self, how: Invocation) -> "Card":
        """The card with every command completed by how the tool was called."""
        rows = ((section, tuple(row.called(how) for row in section.rows)) for section in self.sections)
        return replace(self, sections=tuple(replace(section, rows=called) for section, called in rows))


def card_of(sitrep: Sitrep, ready: Ready = NONE_READY) -> Card:
    """The card of a sitrep, what to do third; a section without anything to say has its reason under NOT KNOWN.

    `ready` is what the team can do by a command of its own.
    """
    parts: dict[Place, Callable[[Sitrep], Iterator[Row]]] = {
        Place.IMPACT: _impact,
        Place.ALERTS: _alerts,
        Place.MOVED: _moved,
        Place.WHO: _who,
        Place.DO_NOW: lambda sitrep: _do_now(sitrep, ready),
        Place.SAY: _say,
        Place.WHERE: _where,
        Place.SUSPECTS: _suspects,
        Place.CHANGED: _changed,
        Place.CLASS: _class,
        Place.LOGS: _logs,
        Place.ALSO: _also,
        Place.COMPARED: _compared,
        Place.NOT_KNOWN: _unknown,
        Place.NEXT: lambda sitrep: _next(sitrep, ready),
    }
    terms = Glossary()
    sections = [_section(place, (*parts[place](sitrep), *_placed(sitrep, place)), terms) for place in Place]
    tone = {Verdict.YES: Tone.BAD, Verdict.NO: Tone.GOOD, Verdict.UNKNOWN: Tone.WARN}[sitrep.is_real]
    return Card(
        headline=wording.headline(sitrep),
        state=wording.STATES[sitrep.is_real],
        tone=tone,
        sections=tuple(section for section in sections if section.rows),
    )


def _section(place: Place, rows: tuple[Row, ...], terms: Glossary) -> Section:
    """A section with its terms explained; what is to be sent stays as it is."""
    explain = terms.explained if place is not Place.SAY else str
    return Section(
        place, tuple(replace(row, cells=(*row.cells[:-1], explain(row.cells[-1]))) for row in rows)
    )


def _placed(sitrep: Sitrep, place: Place) -> Iterator[Row]:
    """What questions found whose sentence stands there as it is; what they could not is under NOT KNOWN."""
    for finding in sitrep.findings:
        if finding.section is place and finding.verdict is not Verdict.UNKNOWN:
            yield Row((finding.because,))


def _compared(sitrep: Sitrep) -> Iterator[Row]:
    if sitrep.comparison is None:
        if sitrep.window:
            yield Row(
                (f"nothing: looked at {wording.between(sitrep.window, sitrep.asked_at)} UTC",), Tone.QUIET
            )
        return
    good, bad = sitrep.comparison.good, sitrep.comparison.bad
    chosen = "as you asked" if sitrep.comparison.given else "both windows chosen by Lastgood"
    near = sitrep.began.at if sitrep.began else sitrep.asked_at
    bad_text, good_text = wording.between(bad, near), wording.between(good, bad.start)
    yield Row((f"bad {bad_text} with good {good_text} UTC, {chosen}",), Tone.QUIET)


def _impact(sitrep: Sitrep) -> Iterator[Row]:
    impact = wording.impact_of(sitrep)
    tone = Tone.BAD if sitrep.is_real is Verdict.YES else Tone.PLAIN
    seconds = sitrep.comparison.bad.seconds if sitrep.comparison else None
    over = sitrep.began is not None and sitrep.began.ended is not None
    if impact and (line := wording.impact_line(impact, seconds, over=over)):
        yield Row((line,), tone)
    plain_errors = impact is not None and impact.kind is ImpactKind.ERRORS and impact.requests is not None
    without_past = wording.before_the_data(sitrep.onset)
    whole = plain_errors or bool(impact and impact.slower)  # the line above has all numbers
    if sitrep.confirmed and sitrep.is_real is not Verdict.UNKNOWN and (without_past or not whole):
        yield Row((sitrep.confirmed.because,))
    if sitrep.severity:
        yield Row((f"{sitrep.severity.proposed}: {sitrep.severity.because}",))
    symptom = sitrep.began.first_symptom if sitrep.began else ""
    said = plain_errors and impact and impact.of and impact.of.split(" (")[0] in symptom
    if symptom and not without_past and not said:
        yield Row((f"first symptom: {symptom}",))
    if sitrep.changes and sitrep.changes.growth:
        yield Row((f"before that: {sitrep.changes.growth}",))


def _alerts(sitrep: Sitrep) -> Iterator[Row]:
    """What rings, whatever is confirmed: whoever was paged looks for it."""
    for alert in sitrep.alerts[:MOST_ALERTS]:
        yield Row((wording.alert_line(alert, sitrep.asked_at),), Tone.QUIET if alert.recovered else Tone.WARN)
    if len(sitrep.alerts) > MOST_ALERTS:
        more = figures.counted(len(sitrep.alerts) - MOST_ALERTS, "more alert")
        yield Row((f"{more}: -o json lists all",), Tone.QUIET)


def _moved(sitrep: Sitrep) -> Iterator[Row]:
    """What departs though nothing is wrong, which is no onset."""
    if sitrep.onset and not sitrep.began:
        yield Row((wording.moved(sitrep.onset, sitrep.asked_at),))
        yield Row(("not treated as an incident: no effect on users was confirmed",), Tone.QUIET)


def _also(sitrep: Sitrep) -> Iterator[Row]:
    """Other episodes of the window, the last ones, each with how to ask about it."""
    others = sitrep.onset.others if sitrep.onset else ()
    if len(others) > MOST_EPISODES:
        more = figures.counted(len(others) - MOST_EPISODES, "earlier episode")
        yield Row((f"{more}: -o json lists all",), Tone.QUIET)
    for other in others[-MOST_EPISODES:]:
        yield Row((wording.episode_line(other, sitrep.asked_at),))
        yield Row(("by itself",), Tone.QUIET, Command(("triage",), window=other.asked))


def _who(sitrep: Sitrep) -> Iterator[Row]:
    radius = sitrep.blast_radius
    if radius is None:
        return
    for segment in radius.segments[:3]:
        yield Row((wording.segment_line(segment, wording.harm_of(wording.impact_of(sitrep))),))
    if radius.everyone:
        yield Row((wording.everyone_line(wording.impact_of(sitrep)),))
    if radius.exonerated:
        yield Row((f"not: {wording.listed(radius.exonerated, 8)} (each tested)",), Tone.QUIET)
    if radius.untestable:
        names = wording.listed(radius.untestable, 8)
        yield Row((f"cannot be tested: hardly any failing request carries {names}",), Tone.QUIET)
    if radius.services:
        yield Row((f"services with symptoms: {wording.listed(map(service_named, radius.services), 6)}",))


def _where(sitrep: Sitrep) -> Iterator[Row]:
    path = sitrep.path
    if path is not None:
        good = f"last good hop {path.last_good} → " if path.last_good else ""
        outside = " (external)" if path.external else ""
        agree = wording.agreed(path, kind=True)
        yield Row((f"{good}first bad hop {path.first_bad}{outside} · {agree}",))
    yield from (Row((line,), Tone.WARN) for line in (layer_line(sitrep),) if line)
    first = sitrep.first_occurrence
    if first is not None:
        text = figures.shortened(first.text, LONGEST_TEXT)
        yield Row((f"first seen in {service_named(first.service)} {_time(sitrep, first.at)}: {text}",))
        later = [
            f"{service_named(service)} {figures.clock(at, first.at)}" for service, at in first.spread[1:]
        ]
        if later:
            yield Row((f"then seen in {wording.listed(later, 6)}",), Tone.QUIET)


def _suspects(sitrep: Sitrep) -> Iterator[Row]:
    ranked = sitrep.culprits.ranked if sitrep.culprits else ()
    for place, culprit in enumerate(ranked[:MOST_CULPRITS], 1):
        tone = Tone.WARN if place == 1 else Tone.PLAIN
        why = figures.shortened(culprit.because, LONGEST_TEXT)
        yield Row((str(place), f"{weighed.culprit_name(culprit)}: {why}"), tone)
    yield from (Row((line,)) for line in whose_lines(sitrep))


def _class(sitrep: Sitrep) -> Iterator[Row]:
    if sitrep.failure_class is not None:
        yield Row((wording.class_line(sitrep.failure_class),))
    if sitrep.signals is not None:
        yield Row((wording.signals_line(sitrep.signals),))


def _changed(sitrep: Sitrep) -> Iterator[Row]:
    if sitrep.changes is None:
        return
    ranked = weighed.ranked(sitrep.changes)
    if cause := weighed.outside_cause(sitrep):
        yield Row((cause,))
        if why := weighed.why_outside(sitrep):
            yield Row((why,), Tone.QUIET)
    if not ranked:
        yield Row(("no change is recorded in this period",))
    for place, change in enumerate(ranked[:MOST_CHANGES], 1):
        yield _change(sitrep, place, change)
    if len(ranked) > MOST_CHANGES:
        rest = figures.counted(len(ranked) - MOST_CHANGES, "more change")
        yield Row((f"{rest}, less suspect",), Tone.QUIET, command("changes"))


def _change(sitrep: Sitrep, place: int, change: WeighedChange) -> Row:
    tones = {ChangeVerdict.LIKELY: Tone.WARN, ChangeVerdict.RULED_OUT: Tone.QUIET}
    verdict, kind = change.verdict.value.replace("_", " "), change.kind.replace("_", " ")
    reasons = weighed.reasons_of(change, sitrep.began)
    text = f"{weighed.title_of(change)} · {_time(sitrep, change.at)} · {'; '.join(reasons)}"
    return Row((str(place), verdict, kind, text), tones.get(change.verdict, Tone.PLAIN))


def _logs(sitrep: Sitrep) -> Iterator[Row]:
    if sitrep.patterns is None:
        return
    for label, patterns, tone in (
        ("new", sitrep.patterns.new, Tone.WARN),
        ("more", sitrep.patterns.more, Tone.PLAIN),
        ("gone", sitrep.patterns.gone, Tone.PLAIN),
    ):
        for pattern in patterns[:MOST_PATTERNS]:
            yield Row((label, _times(label, pattern), _pattern(sitrep, label, pattern)), tone)
        if len(patterns) > MOST_PATTERNS:
            yield Row((label, f"and {len(patterns) - MOST_PATTERNS} other patterns"), Tone.QUIET)
    if sitrep.patterns.churn:
        lines = sum(pattern.count for pattern in sitrep.patterns.churn)
        usual = figures.counted(len(sitrep.patterns.churn), "pattern")
        yield Row(("usual", f"{TIMES}{figures.count(lines)}", f"{usual} at the usual rate"), Tone.QUIET)
    if not (sitrep.patterns.new or sitrep.patterns.more or sitrep.patterns.gone):
        yield Row(("no pattern is new, more frequent or gone",))


def _times(label: str, pattern: PatternCount) -> str:
    if label == "gone":
        return f"{TIMES}{figures.count(pattern.count)}"
    usual = f" (usual {figures.count(pattern.expected)})" if label == "more" else ""
    return f"{TIMES}{figures.count(pattern.count)}{usual}"


def _pattern(sitrep: Sitrep, label: str, pattern: PatternCount) -> str:
    where = f"{pattern.service}: " if pattern.service else ""
    when = f", expected {figures.count(pattern.expected)}" if label == "gone" else ""
    first = f" · first {_time(sitrep, pattern.first)}" if label == "new" else ""
    return f"{where}{figures.shortened(pattern.template, 160)}{first}{when}"


def _do_now(sitrep: Sitrep, ready: Ready) -> Iterator[Row]:
    """What stops the harm, best first, and why a roll-back is not among it; or which check decides whether there is any."""
    if sitrep.is_real is Verdict.UNKNOWN:
        yield from (Row((f"check first: {check}",), Tone.WARN) for check in checks(sitrep)[:MOST_CHECKS])
    elif sitrep.is_real is Verdict.YES and sitrep.mitigations is not None:
        found = sitrep.mitigations
        if sitrep.onset and sitrep.onset.ended:
            yield from _ended(sitrep, sitrep.onset.ended)
            return
        yield from option_rows(found.ranked[:MOST_OPTIONS], ready, None if ready.ongoing else opening(sitrep))
        yield from advice_rows(found.not_roll_back, found.workaround)


def _ended(sitrep: Sitrep, ended: datetime) -> Iterator[Row]:
    """Of what has ended: that nothing is to be mitigated, what to check, and the best option should it return."""
    yield Row((f"nothing to mitigate: the impact ended at {_time(sitrep, ended)}",), Tone.GOOD)
    yield Row(("check that it stays within its baseline",), Tone.QUIET, Command(("triage",)))
    for option in sitrep.mitigations.ranked[:1] if sitrep.mitigations else ():
        yield Row((f"if it returns: {wording.option_line(option)}",), Tone.QUIET)


def option_rows(options: Sequence[Mitigation], ready: Ready, first: Command | None = None) -> Iterator[Row]:
    """Each option with the command that carries it out, `first` before the first of these; else what is lacking."""
    lacking: dict[str, list[int]] = {}
    for place, option in enumerate(options, 1):
        yield Row((str(place), wording.option_line(option)), Tone.WARN if place == 1 else Tone.PLAIN)
        if (act := ready.act(option)) is None:
            lacking.setdefault(ready.lacks(option), []).append(place)
            continue
        if first is not None:
            yield Row(("", ""), Tone.QUIET, first)
            first = None
        yield Row(("", ""), Tone.QUIET, act)
    for why, places in lacking.items():
        which = (
            f"{wording.listed(map(str, places))}: " if len(options) > len(places) or len(lacking) > 1 else ""
        )
        yield Row((f"{which}{why}",), Tone.QUIET)


def advice_rows(not_roll_back: str | None, workaround: str | None) -> Iterator[Row]:
    """What not to do, and what users can do."""
    if not_roll_back:
        yield Row((not_roll_back,))
    if workaround:
        yield Row((f"for users: {workaround}",))


def _next(sitrep: Sitrep, ready: Ready) -> Iterator[Row]:
    """Where to look next: commands made of what was found, nothing that was not."""
    if sitrep.is_real is Verdict.NO:
        return
    options = sitrep.mitigations.ranked[:MOST_OPTIONS] if sitrep.mitigations else ()
    opened = bool(ready.ongoing or any(map(ready.act, options)))  # else it stands under DO NOW already
    steps = {
        "run the checks of this failure class": runbook(sitrep),
        "find the first bad version": first_bad_version(sitrep),
        "read the log lines behind it": log_lines(sitrep),
        "see one failing request": failing_trace(sitrep),
        "put it on the record": None if opened or sitrep.is_real is Verdict.UNKNOWN else opening(sitrep),
    }
    for what, step in steps.items():
        if step is not None:
            yield Row((what,), command=step)


def _unknown(sitrep: Sitrep) -> Iterator[Row]:
    reasons = beside_the_rest(sitrep)
    for reason in reasons[:MOST_UNKNOWN]:
        yield Row((reason,))
    rest = len(reasons) - MOST_UNKNOWN
    if rest > 0:
        yield Row((f"and {figures.counted(rest, 'more limit')}: -o json lists all",), Tone.QUIET)


def _say(sitrep: Sitrep) -> Iterator[Row]:
    if text := wording.say(sitrep):
        yield Row((f"“{text}”",))


def _time(sitrep: Sitrep, time: datetime) -> str:
    """With a date only where it is not the day of the onset, which the headline has."""
    return figures.clock(time, sitrep.onset.at if sitrep.onset else sitrep.asked_at)
