"""Other episodes: what departs in the window beside the trouble that is reported, and where to look to see it alone."""

from dataclasses import dataclass
from itertools import compress
from operator import not_

from lastgood.inspections.onset.deviations import Candidate, reported, sampled, to_the_bucket
from lastgood.inspections.onset.episodes import Beginning, beginning, over_at, strength, stretch_of
from lastgood.inspections.onset.weights import ALARM_CHANCE, HARM_SLOW
from lastgood.model.episode import Episode
from lastgood.model.window import Window
from lastgood.readings.series import Symptom, Trust

# What one request counts.
SYMPTOM_IMPACT = {Symptom.ERRORS: 1.0, Symptom.REFUSED: 1.0, Symptom.TRAFFIC: 1.0, Symptom.LATENCY: HARM_SLOW}


@dataclass(frozen=True, slots=True)
class Trouble:
    """Deviations that began together, the surest first."""

    members: tuple[Candidate, ...]

    @property
    def head(self) -> Candidate:
        """What shows it: the surest, by an operation where as direct a one names it."""
        first = self.members[0]
        alike = [one for one in self.members if one.series.trust is first.series.trust]
        return next((one for one in alike if one.series.operation), first)

    @property
    def window(self) -> Window:
        """From its begin to its end."""
        return stretch_of(self.members[0])

    @property
    def affected(self) -> float:
        """How many requests fail or are missing beyond the usual, a slow one counted half; 0 where none are counted."""
        user_visible = (one for one in self.members if one.series.trust is Trust.REQUESTS)
        return max((_harm(one) for one in user_visible), default=0.0)

    def touches(self, one: Candidate) -> bool:
        """Whether it departs where something else departs too."""
        return any(_same_place(one, mine) for mine in self.members)


def troubles_of(symptom: Candidate, first: Candidate, found: list[Candidate]) -> list[Trouble]:
    """That of the symptom and of what led into it, then those of other beginnings, the surest first.

    What departs later or earlier where a surer trouble departs too, while that lasts, is a part of it: it got worse there.
    So is what begins while users feel it, and is seen only inside.
    """
    rest = [beginning(one) for one in sorted(found, key=strength) if one.log_chance <= ALARM_CHANCE]
    mine, rest = _parted(rest, [beginning(symptom), beginning(first)])
    troubles = [Trouble((symptom, first, *mine))]
    while rest:
        began, rest = _parted(rest, rest[:1])
        new = Trouble(tuple(began))
        place = next((n for n, old in enumerate(troubles) if _worse(old, new)), None)
        if place is None:
            troubles.append(new)
        else:
            troubles[place] = Trouble((*troubles[place].members, *began))
    return troubles


def _harm(one: Candidate) -> float:
    return SYMPTOM_IMPACT.get(one.series.symptom, 0.0) * abs(one.deviation.events - one.deviation.expected)


def _parted(found: list[Beginning], leading: list[Beginning]) -> tuple[list[Candidate], list[Beginning]]:
    """Those that began together with any of the leading ones, and the others."""
    with_them = [any(one.together(leader) for leader in leading) for one in found]
    began = [one.of for one, together in zip(found, with_them, strict=True) if together]
    return began, list(compress(found, map(not_, with_them)))


def _worse(old: Trouble, new: Trouble) -> bool:
    """Whether the new one is the old one at another stage, or began while it lasts and is seen less directly."""
    if not any(stretch_of(one).overlaps(new.window) for one in old.members):
        return False
    follows = old.window.start < new.window.start < old.window.end
    return old.touches(new.head) or (follows and new.head.series.trust > old.head.series.trust)


def _same_place(one: Candidate, other: Candidate) -> bool:
    """Whether both are of one operation, or of a service of which one tells no more."""
    if one.series.service != other.series.service:
        return False
    coarse = any(each.series.trust >= Trust.LINES for each in (one, other))
    return coarse or one.series.operation == other.series.operation


def episodes(troubles: list[Trouble], main: Window, window: Window) -> tuple[Episode, ...]:
    """What is reported of each, in order of time; `main` is the stretch of the trouble that is reported first."""
    return tuple(sorted((_episode(one, main, window) for one in troubles), key=lambda one: one.at))


def _episode(trouble: Trouble, main: Window, window: Window) -> Episode:
    head = trouble.head
    at, low, high = sampled(head) if head.series.symptom is Symptom.LEVEL else to_the_bucket(head)
    ended = over_at(head)
    services = tuple(dict.fromkeys(one.series.service for one in trouble.members if one.series.service))
    asked = _alone(Window(at, ended or window.end), main, window)
    return Episode(at, low, high, ended, services, reported(head), asked)


def _alone(own: Window, main: Window, window: Window) -> Window:
    """Up to its end, without the other's begin: what departs all the time is usual then."""
    if window.start < main.start and own.start <= main.start:
        return Window(window.start, min(own.end, main.start))
    return Window(main.end if main.end <= own.start else main.start, own.end)
