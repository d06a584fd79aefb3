"""What changes hold, held against the symptom: the effects of their diffs, and the words they share with it."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from lastgood.algorithms.diffs.effects import commented, effects, explained, idle, logged
from lastgood.algorithms.diffs.identifiers import rarity, shared, words
from lastgood.algorithms.diffs.kinds import Effect, EffectKind, Trouble
from lastgood.algorithms.diffs.spoken import spoken_diff
from lastgood.algorithms.rivals import Reason
from lastgood.inspections.what_changed.symptoms import Symptoms
from lastgood.model.change import Change

TYPICAL, AT_TIMES, OTHERWISE, LOGGED, IDLE = 4.0, 1.3, 0.7, 0.3, 0.05
NOTHING = 0.4  # of a commit among those of its deploy, whose diff was read and does nothing known
ASKED_FOR = 3.0  # what fails names what the diff has taken away
TAKEN = frozenset({EffectKind.FIELD_RENAMED, EffectKind.FIELD_REMOVED, EffectKind.COLUMN_DROPPED})
_NAME = re.compile(r"[A-Za-z]+(?:[_.\-][A-Za-z]+)+|[a-z]+(?:[A-Z][a-z]+)+")
MOST_WORDS = 1.5  # what shared words add at most
BESIDE = 0.7  # of a word's weight, where only the diff has it
# Kinds of change that are a kind of trouble by themselves.
OF_KIND: Mapping[str, tuple[frozenset[Trouble], float]] = {
    "certificate": (frozenset({Trouble.CERTIFICATE}), 3.0),
    "dns": (frozenset({Trouble.DNS}), 3.0),
    "migration": (frozenset({Trouble.LOCKS, Trouble.STORE}), 1.5),
}


@dataclass(frozen=True, slots=True)
class Content:
    """What one change does and says."""

    effects: tuple[Effect, ...]
    read: bool  # whether there was a diff
    idle: bool
    logged: bool  # it changes nothing but what log lines say
    told: frozenset[str]  # words of its title and its files
    words: frozenset[str]  # of its diff too

    def explaining(self, troubles: Iterable[Trouble]) -> list[Effect]:
        """The effects that explain what is seen, the best first."""
        seen = frozenset(troubles)
        found = [(explained(effect, seen), effect) for effect in self.effects]
        return [effect for fit, effect in sorted(found, key=lambda pair: -pair[0]) if fit > 0]

    @property
    def libraries(self) -> list[str]:
        """The libraries that it takes in another version."""
        return [
            effect.subject
            for effect in self.effects
            if effect.kind is EffectKind.LIBRARY_CHANGED and effect.subject
        ]


def read_content(change: Change, diff: str) -> Content:
    """What a change does, by its diff or by what its feed tells of one."""
    text = diff or (
        spoken_diff(change.title, change.attributes)
        if change.kind in {"config", "flag", "scaling", "migration"}
        else ""
    )
    if change.kind == "flag" and "%" in text:  # how many it is for, not what it does
        text = diff
    files = change.files if diff else ("settings.yaml",)
    # SQL in a title or an attribute of a migration is its diff.
    if change.kind == "migration" and not diff:
        text, files = (
            "\n".join(f"+{line}" for line in (change.title, *change.attributes.values())),
            ("migration.sql",),
        )
    told = words(" ".join([change.title, *islice(change.files, 100), *change.attributes.values()]))
    return Content(
        effects(text, files) if text else (),
        bool(text),
        idle(diff, change.files) or (bool(diff) and commented(diff, change.files)),
        bool(diff) and logged(diff, change.files),
        frozenset(told),
        frozenset(told | words(diff)),
    )


def reasons(
    change: Change, content: Content, symptoms: Symptoms, weights: Mapping[str, float]
) -> list[Reason]:
    """What its content says for a change and against it. `weights` says how rare each word is."""
    found = _of_effects(content, symptoms)
    troubles, ratio = OF_KIND.get(change.kind, (frozenset(), 1.0))
    if troubles & symptoms.troubles:
        found.append(
            Reason(ratio, f"what fails speaks of {' and '.join(sorted(troubles & symptoms.troubles))}")
        )
    common = dict(shared(content.words, symptoms.words, weights))
    common = {word: value if word in content.told else BESIDE * value for word, value in common.items()}
    best = sorted(common, key=lambda word: (-common[word], word))[:3]
    told = sum(common[word] for word in best)
    if told >= 0.2 and not content.idle:
        found.append(Reason(1 + min(MOST_WORDS, told), f"it shares {', '.join(best)} with the symptom"))
    return found


def asked_for(effect: Effect, symptoms: Symptoms) -> str:
    """The name that an effect has taken away and that what fails speaks of; empty where there is none."""
    if effect.kind not in TAKEN:
        return ""
    names = _NAME.findall(effect.what.partition("→")[0])
    return next((name for name in names if re.sub(r"[_.\-]", "", name).lower() in symptoms.words), "")


def _of_effects(content: Content, symptoms: Symptoms) -> list[Reason]:
    if content.idle or content.logged:
        idle = Reason(
            IDLE, "it touches nothing that serves: tests, prose, styles, pipelines or comments only"
        )
        return [idle if content.idle else Reason(LOGGED, "it changes nothing but what log lines say")]
    if not content.effects or not symptoms.troubles:
        return []
    explaining = content.explaining(symptoms.troubles)
    if not explaining:
        kinds = list(dict.fromkeys(effect.kind.value for effect in content.effects))[:2]
        return [Reason(OTHERWISE, f"what its diff does ({', '.join(kinds)}) makes no such trouble")]
    if missed := next(((e, name) for e in explaining if (name := asked_for(e, symptoms))), None):
        effect, name = missed
        told = f"its diff {effect.kind.value}: {effect.what} ({effect.path}); what fails asks for {name}"
        return [Reason(TYPICAL * ASKED_FOR, told)]
    best = explaining[0]
    typical = best.meaning.typical & symptoms.troubles
    place = f" ({best.path})" if best.path else ""
    what = f"its diff {best.kind.value}: {best.what}{place}"
    if typical:
        return [Reason(TYPICAL, f"{what}; that makes {', '.join(sorted(typical))}")]
    return [Reason(AT_TIMES, what)]


def weights_of(contents: Sequence[Content], services: Iterable[str]) -> dict[str, float]:
    """How much each word tells of one change among others; the names of services tell nothing, their reach does."""
    names = words(" ".join(services))
    found = dict(rarity([content.words for content in contents]))
    return {word: 0.0 if word in names else value for word, value in found.items()}
