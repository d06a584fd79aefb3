"""Exercise score: what a written answer is worth. An answer in, points out.

Points are found by words, so an answer that says the same in other words may lose some: the model answer stands beside it.
Wording is judged by the checks of updates (vague, blaming, promising), follow-ups by whether they change a system, and plans
by the kinds of action that fit the class of failure, each measured before the next.
"""

import re
from collections.abc import Iterator, Mapping, Sequence

from lastgood.algorithms.messages.check import sentences_of, style_flaws
from lastgood.algorithms.vigilance import asked_of_people
from lastgood.model import figures
from lastgood.model.drill import Criterion
from lastgood.model.exercise import Exercise, ExerciseKind, Point
from lastgood.model.message import Flaw, FlawKind

OF_FIT, OF_ORDER, OF_WORDING, OF_FLAWS, OF_SYSTEMS = 25.0, 10.0, 10.0, 40.0, 25.0
FLAW_COSTS, WRONG_COSTS = 15.0, 10.0
MISPLACED = 0.5  # of the points, for what comes after what it should precede
DONE_WORDS: Mapping[str, str] = {
    "flag_off": r"(turn|switch)(ed|ing)? off|flag off|kill.?switch|hide\b.*(flag|option)|disable",
    "config_revert": r"revert.*(config|limit)|(config|limit).*revert|restore the config",
    "rollback": r"roll(s|ed|ing)?[ -]?back|roll \w+ back|redeploy",
    "restart": r"re-?start|reboot",
    "failover": r"fail(s|ed|ing)?[ -]?over|switch(ed)? to the (second|other)",
    "scale": r"\bscal(e|ing)|larger volume|resiz|more instances",
    "circuit_break": r"circuit|fail fast",
    "escalate_upstream": r"(ask|call|write to|report to|escalate to|contact) (the )?(provider|\w+\.example)",
    "free_disk": r"free (the |up )?(disk|space)|(move|delete|remove|compress).*(file|log|tmp|segment)",
    "stop_job": r"stop (the|that|this|a) (job|run|cron|process|writer)",
    "shed_load": r"shed|reject.*request",
    "rate_limit": r"rate[ -]?limit|throttl",
}
_MEASURED = re.compile(r"\b(measure|verif|check|compar|watch|confirm|look again|expect)", re.IGNORECASE)
_NOT_DONE = re.compile(r"\b(no|not|never|don't|instead of|without)\b", re.IGNORECASE)
_ONLY_IF = re.compile(r"\b(if|otherwise|unless|only when)\b", re.IGNORECASE)
_ITEM = re.compile(r"^\s*(?:[-*•]|\d+[.)])\s*")


def exercise_score(
    exercise: Exercise, answer: str, fitting: Sequence[str] = (), flaws: Sequence[Flaw] = ()
) -> tuple[Criterion, ...]:
    """The points of an answer.

    `fitting` are the kinds of action that fit a plan; `flaws` what the check of messages finds in an update.
    """
    copied = {line.strip() for line in exercise.situation.splitlines()}  # earns nothing
    lines = [line for line in answer.splitlines() if line.strip() and line.strip() not in copied]
    answer = "\n".join(lines)
    found = [_point(exercise, one, answer) for one in exercise.points]
    if exercise.fit:
        found += [_fit(lines, fitting, exercise.fit.harmful), _in_turn(lines)]
    if exercise.kind is ExerciseKind.UPDATE:
        found.append(_flaws(lines, flaws))
    elif exercise.kind is ExerciseKind.FOLLOW_UPS:
        found.append(_systems(lines))
    if exercise.kind is not ExerciseKind.UPDATE:
        found.append(_wording(answer))
    return tuple(found)


def actions_in(lines: Sequence[str]) -> list[tuple[int, str]]:
    """Line and kind of each action that a plan names as done, in order; not those that it rules out, or does only if."""
    return [
        (number, kind)
        for number, line in enumerate(lines)
        for part in re.split(r"(?<=[.;:])\s", line)
        if not _NOT_DONE.search(part) and not _ONLY_IF.search(part)
        for kind, words in DONE_WORDS.items()
        if re.search(words, part, re.IGNORECASE)
    ]


def _first(point: Point, answer: str) -> int | None:
    places = [match.start() for one in point.words if (match := re.search(one, answer, re.IGNORECASE))]
    return min(places, default=None)


def _point(exercise: Exercise, point: Point, answer: str) -> Criterion:
    place = _first(point, answer)
    if place is None:
        return Criterion(point.name, 0, point.of, "not there", point.good)
    later = next((one for one in exercise.points if one.name == point.before), None)
    other = _first(later, answer) if later else None
    if later and other is not None and other < place:
        good = f"{point.good}; before: {later.name}"
        return Criterion(point.name, MISPLACED * point.of, point.of, f"after: {later.name}", good)
    return Criterion(
        point.name, point.of, point.of, f"line {answer.count(chr(10), 0, place) + 1}", point.good
    )


def _fit(lines: Sequence[str], fitting: Sequence[str], harmful: Sequence[str]) -> Criterion:
    good = f"one of: {', '.join(_plain(one) for one in fitting)}"
    kinds = [kind for _, kind in actions_in(lines)]
    right = next((place for place, kind in enumerate(kinds) if kind in fitting), None)
    if right is None:
        return Criterion("mitigation", 0, OF_FIT, ", ".join(map(_plain, kinds)) or "no action", good)
    wrong = sum(kind not in fitting for kind in kinds[:right]) + sum(
        kind in harmful for kind in kinds[right:]
    )
    points = max(0.0, OF_FIT - WRONG_COSTS * wrong)
    return Criterion("mitigation", points, OF_FIT, ", ".join(map(_plain, dict.fromkeys(kinds))), good)


def _in_turn(lines: Sequence[str]) -> Criterion:
    """Between two lines that change something is one that looks what the first did."""
    good = "the effect of each action is measured before the next"
    places = sorted(
        {number for number, kind in actions_in(lines) if kind != "escalate_upstream"}
    )  # which changes nothing
    if not places:
        return Criterion("one change at a time", 0, OF_ORDER, "no action", good)
    ends = [*places[1:], len(lines)]
    seen = [
        any(_MEASURED.search(line) for line in lines[start:end])
        for start, end in zip(places, ends, strict=True)
    ]
    return Criterion(
        "one change at a time", OF_ORDER * sum(seen) / len(seen), OF_ORDER,
        f"{sum(seen)} of {figures.counted(len(seen), 'action')} measured", good,
    )  # fmt: skip


def _flaws(lines: Sequence[str], flaws: Sequence[Flaw]) -> Criterion:
    good = "nothing that `lastgood update` refuses"
    points = max(0.0, OF_FLAWS - FLAW_COSTS * len(flaws)) if lines else 0.0
    shown = "; ".join(
        dict.fromkeys(f"{one.problem} (“{one.sentence}”)" if one.sentence else one.problem for one in flaws)
    )
    return Criterion("clear message", points, OF_FLAWS, shown or ("accepted" if lines else "empty"), good)


def _systems(lines: Sequence[str]) -> Criterion:
    good = "each changes a system and asks no one for care"
    items = [_ITEM.sub("", line) for line in lines if _ITEM.match(line)]
    changing = sum(asked_of_people(one) is None for one in items)
    points = OF_SYSTEMS * changing / max(3, len(items))
    seen = f"{changing} of {figures.counted(len(items), 'follow-up')}"
    return Criterion("systems, not people", points, OF_SYSTEMS, seen, good)


def _wording(answer: str) -> Criterion:
    wrong = {FlawKind.BLAME, FlawKind.PROMISE}
    found = list(_graver(answer, wrong))
    shown = "; ".join(found) or ("none" if answer.strip() else "empty")
    points = OF_WORDING if answer.strip() and not found else 0.0
    return Criterion("no blame, no promise", points, OF_WORDING, shown, "systems and facts")


def _graver(answer: str, wrong: set[FlawKind]) -> Iterator[str]:
    for sentence in sentences_of(answer):
        yield from (flaw.sentence for flaw in style_flaws(sentence) if flaw.kind in wrong)


def _plain(kind: str) -> str:
    return kind.replace("_", " ")
