"""What a scenario expects of the answers, checked: every line that does not hold, with its place.

ask onset            expect at 10:31 within 60s · ongoing · ended · other 10:16 within 60s ongoing|ended SERVICE · alone
ask confirm          expect kind errors · users 1 .. 3
ask golden_signals   expect errors up · latency flat · traffic down · saturation up
ask blast_radius     expect segment KEY=VALUE … · keys KEY … (segments name no other) · not KEY · services NAME … · everyone
ask compare_requests expect trait KEY=VALUE
ask path             expect last_good NAME · first_bad NAME · external
ask culprit          expect first NAME [or NAME] · among N NAME · none · kind NAME · component NAME · instance NAME
ask what_changed     expect change ID VERDICT[|VERDICT] · first ID [or ID] · only_likely ID … · none_likely
ask log_patterns     expect new TEXT · more TEXT · gone TEXT · quiet · not_new TEXT
ask first_occurrence expect text TEXT · service NAME
ask severity         expect proposed SEV1 or SEV2
ask failure_class    expect name NAME or NAME
ask no_change        expect cause NAME or none
ask us_or_them       expect side ours or theirs or both or inconclusive or no_calls · host NAME · check TEXT
ask layers           expect verdict LAYER or none · layer LAYER fails|fine|not_seen
ask mitigation       expect first KIND or KIND · among N KIND · never KIND
any question         expect yes · no · unknown, and `or` between two of them
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from lastgood.inspections._registry import inspections
from lastgood.model.answers import (
    Answer,
    BlastRadius,
    ChangesWeighed,
    ChangeVerdict,
    Confirmation,
    Culprits,
    GoldenSignals,
    Mitigations,
    Onset,
    PatternChanges,
    PatternCount,
)
from lastgood.model.finding import Finding, Verdict
from scenario_language.grammar import Expectation, Scenario, seconds, time_of

SURE = 0.5
Check = Callable[[Any, Sequence[str], Scenario], bool]


@dataclass(frozen=True, slots=True)
class Said:
    """What was said to one question: its finding, and the typed answer in it."""

    finding: Finding | None
    answer: Answer | None


@dataclass(frozen=True, slots=True)
class Unmet:
    """An expectation that is not met; `sure` when the answer claims to know better."""

    text: str
    sure: bool

    def __str__(self) -> str:
        """The expectation and what was said, on one line."""
        return f"{'sure  ' if self.sure else 'unsure'} {self.text}"


def failures(scenario: Scenario, findings: Sequence[Finding]) -> Iterator[Unmet]:
    """Every expectation that the findings do not meet."""
    for expected in scenario.expectations:
        said = _said(expected.question, findings)
        if not _holds(scenario, expected, said):
            wanted = f"{expected.question}: {' '.join(expected.words)}"
            text = f"{scenario.path.name}:{expected.line}: expected {wanted}; said {_shown(said)}"
            yield Unmet(text, _sure(expected, said))


@dataclass(frozen=True, slots=True)
class Judged:
    """One question's answer: how sure it was, and whether all that is expected of it holds."""

    question: str
    confidence: float
    right: bool


def judged(scenario: Scenario, findings: Sequence[Finding]) -> Iterator[Judged]:
    """Every question that a scenario asks and that is answered with a confidence, in order of name."""
    for question in sorted({one.question for one in scenario.expectations}):
        said = _said(question, findings)
        if said.finding is None or said.finding.confidence is None:
            continue
        wanted = [one for one in scenario.expectations if one.question == question]
        named = _named(wanted, said)
        if named is not None:
            right = named and all(_holds(scenario, one, said) for one in wanted)
            yield Judged(question, said.finding.confidence, right)


def _named(wanted: Sequence[Expectation], said: Said) -> bool | None:
    """Whether the change that an answer names, and is so sure of, is the cause; None where no one says which is."""
    if (
        not isinstance(said.answer, ChangesWeighed)
        or said.finding is None
        or said.finding.verdict is Verdict.NO
    ):
        return True
    causes = {word for one in wanted for word in _causes(one.words)}
    if not causes and all(one.words[0] != "none_likely" for one in wanted):
        return None
    ranked = said.answer.ranked
    named = next((c for c in ranked if c.verdict is ChangeVerdict.LIKELY), next(iter(ranked), None))
    return named is not None and named.change_id in causes


def _causes(words: Sequence[str]) -> Sequence[str]:
    """The changes that an expectation allows to be the cause."""
    if words[0] == "change":
        return words[1:2] if "likely" in words[2].split("|") else ()
    return words[1:] if words[0] in {"first", "only_likely"} else ()


def verdict(unmet: Sequence[Unmet]) -> str:
    """right, unsure or wrong: what a scenario's answers are worth."""
    if not unmet:
        return "right"
    return "wrong" if any(one.sure for one in unmet) else "unsure"


def _said(question: str, findings: Sequence[Finding]) -> Said:
    asked = next((i for i in inspections() if i.name == question), None)
    if asked is None:
        return Said(None, None)
    own = [f for f in findings if f.name == asked.name]
    main = next((f for f in own if isinstance(f.answer, asked.gives)), own[0] if own else None)
    return Said(main, main.answer if main else None)


def _shown(said: Said) -> str:
    if said.finding is None:
        return "nothing: there is no such question"
    shown = f"{said.finding.verdict} ({said.finding.confidence}), {said.finding.because}"
    if isinstance(said.answer, ChangesWeighed):
        return f"{shown}; {', '.join(f'{c.change_id} {c.verdict}' for c in said.answer.ranked)}"
    return f"{shown}; {said.answer}"


def _sure(expected: Expectation, said: Said) -> bool:
    """Whether the answer is given as knowledge: a change called likely or ruled out, a finding held for probable."""
    found = said.finding
    if found is None or found.verdict is Verdict.UNKNOWN:
        return False
    if isinstance(said.answer, ChangesWeighed):
        asked, ranked = expected.words, said.answer.ranked
        about = [c for c in ranked if c.change_id == asked[1]] if asked[0] == "change" else ranked[:1]
        return any(c.verdict in {ChangeVerdict.LIKELY, ChangeVerdict.RULED_OUT} for c in about)
    return found.confidence is None or found.confidence >= SURE


def _holds(scenario: Scenario, expected: Expectation, said: Said) -> bool:
    if said.finding is None:
        return False
    word, *rest = expected.words
    if word in set(Verdict):
        return said.finding.verdict in expected.words[::2]
    check = CHECKS[expected.question][word]
    if said.answer is None:  # an honest "unknown" names no suspect
        return word in {"none", "none_likely", "only_likely", "quiet", "not_new", "never"}
    return check(said.answer, rest, scenario)


def _at(onset: Onset, words: Sequence[str], scenario: Scenario) -> bool:
    wanted = time_of(words[0], scenario.whole.start)
    return abs((onset.at - wanted).total_seconds()) <= seconds(words[2])


def _other(onset: Onset, words: Sequence[str], scenario: Scenario) -> bool:
    wanted = time_of(words[0], scenario.whole.start)
    return any(
        abs((other.at - wanted).total_seconds()) <= seconds(words[2])
        and (other.ended is None) == (words[3] == "ongoing")
        and words[4] in other.services
        for other in onset.others
    )


def _users(confirmation: Confirmation, words: Sequence[str], _: Scenario) -> bool:
    users = confirmation.impact.users
    return users is not None and int(words[0]) <= users <= int(words[2])


def _signal(name: str) -> Check:
    def check(signals: GoldenSignals, words: Sequence[str], _: Scenario) -> bool:
        return getattr(signals, name) in words[::2]

    return check


def _segment(radius: BlastRadius, words: Sequence[str], _: Scenario) -> bool:
    wanted = dict(word.split("=", 1) for word in words)
    return bool(radius.segments) and wanted in (
        dict(radius.segments[0].where),
        *(dict(where) for where in radius.segments[0].also),
    )


def _change(weighed: ChangesWeighed, words: Sequence[str], _: Scenario) -> bool:
    verdicts = [change.verdict for change in weighed.ranked if change.change_id == words[0]]
    return bool(verdicts) and set(verdicts) <= set(words[1].split("|"))


def _likely(weighed: ChangesWeighed) -> set[str]:
    return {change.change_id for change in weighed.ranked if change.verdict is ChangeVerdict.LIKELY}


def _pattern(group: str, *, there: bool = True) -> Check:
    def check(changes: PatternChanges, words: Sequence[str], _: Scenario) -> bool:
        found: tuple[PatternCount, ...] = getattr(changes, group)
        return there == any(words[0] in pattern.template or words[0] in pattern.sample for pattern in found)

    return check


def _options(said: Mitigations, words: Sequence[str], _: Scenario) -> bool:
    return words[1] in [option.kind for option in said.ranked[: int(words[0])]]


def _among(culprits: Culprits, words: Sequence[str], _: Scenario) -> bool:
    return words[1] in [c.service for c in culprits.ranked[: int(words[0])]]


CHECKS: dict[str, dict[str, Check]] = {
    "onset": {
        "at": _at,
        "ongoing": lambda onset, _, __: onset.ongoing,
        "ended": lambda onset, _, __: not onset.ongoing,
        "other": _other,
        "alone": lambda onset, _, __: not onset.others,
    },
    "confirm": {"kind": lambda said, words, _: said.impact.kind in words[::2], "users": _users},
    "golden_signals": {name: _signal(name) for name in ("latency", "traffic", "errors", "saturation")},
    "blast_radius": {
        "segment": _segment,
        "keys": lambda radius, words, _: {key for one in radius.segments for key in one.where} <= set(words),
        "not": lambda radius, words, _: set(words) <= set(radius.exonerated),
        "services": lambda radius, words, _: set(words) <= set(radius.services),
        "everyone": lambda radius, _, __: radius.everyone,
    },
    "compare_requests": {
        "trait": lambda said, words, _: words[0] in {f"{one.key}={one.value}" for one in said.traits},
    },
    "path": {
        "last_good": lambda path, words, _: path.last_good == words[0],
        "first_bad": lambda path, words, _: path.first_bad == words[0],
        "external": lambda path, _, __: path.external,
    },
    "culprit": {
        "first": lambda said, words, _: bool(said.ranked) and said.ranked[0].service in words[::2],
        "component": lambda said, words, _: bool(said.ranked) and said.ranked[0].component == words[0],
        "instance": lambda said, words, _: bool(said.ranked) and said.ranked[0].instance == words[0],
        "kind": lambda said, words, _: bool(said.ranked) and said.ranked[0].kind in words[::2],
        "among": _among,
        "none": lambda said, _, __: not said.ranked,
    },
    "what_changed": {
        "change": _change,
        "first": lambda said, words, _: bool(said.ranked) and said.ranked[0].change_id in words[::2],
        "only_likely": lambda said, words, _: _likely(said) <= set(words),
        "none_likely": lambda said, _, __: not _likely(said),
    },
    "severity": {"proposed": lambda said, words, _: said.proposed in words[::2]},
    "failure_class": {"name": lambda said, words, _: said.name in words[::2]},
    "no_change": {"cause": lambda said, words, _: (said.cause or "none") in words[::2]},
    "us_or_them": {
        "side": lambda said, words, _: said.side in words[::2],
        "host": lambda said, words, _: said.host == words[0],
        "check": lambda said, words, _: words[0] in said.check,
    },
    "layers": {
        "verdict": lambda said, words, _: (said.verdict or "none") in words[::2],
        "layer": lambda said, words, _: [words[1]] == [s.state for s in said.seen if s.layer == words[0]],
    },
    "mitigation": {
        "first": lambda said, words, _: bool(said.ranked) and said.ranked[0].kind in words[::2],
        "among": _options,
        "never": lambda said, words, _: words[0] not in [option.kind for option in said.ranked],
    },
    "log_patterns": {
        "new": _pattern("new"),
        "more": _pattern("more"),
        "gone": _pattern("gone"),
        "not_new": _pattern("new", there=False),
        "quiet": lambda said, _, __: not (said.new or said.more or said.gone),
    },
    "first_occurrence": {
        "text": lambda said, words, _: words[0] in said.text,
        "service": lambda said, words, _: said.service == words[0],
    },
}
