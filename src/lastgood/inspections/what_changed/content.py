"""What changes hold, held against the symptom: the effects of their diffs, and the words they share with it."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from lastgood.algorithms.code_places import ENDINGS, added_lines
from lastgood.algorithms.diffs.effects import commented, effects, explained, idle, logged
from lastgood.algorithms.diffs.identifiers import rarity, shared, words
from lastgood.algorithms.diffs.kinds import CAUSED, Effect, EffectKind, Trouble
from lastgood.algorithms.diffs.spoken import spoken_diff
from lastgood.algorithms.network_paths import RESOLVER
from lastgood.algorithms.unresolved_names import DNS
from lastgood.inspections.what_changed.added_names import names_added
from lastgood.inspections.what_changed.answered_statuses import statuses_of
from lastgood.inspections.what_changed.symptoms import Symptoms
from lastgood.inspections.what_changed.taken_away import names_gone
from lastgood.inspections.what_changed.weights import (
    ASKED_FOR,
    AT_TIMES,
    CERTIFICATE_KIND,
    DNS_KIND,
    IDLE_DIFF,
    LOGS_ONLY,
    MIGRATION_KIND,
    OTHERWISE,
    SHARES_WORDS,
    TYPICAL,
    WORD_OF_DIFF,
    WORDS_COUNTED,
    WORDS_LEAST,
    WORDS_MOST,
)
from lastgood.model.change import Change
from lastgood.model.judgement import Reason, Weight

TAKEN = frozenset({EffectKind.FIELD_RENAMED, EffectKind.FIELD_REMOVED, EffectKind.COLUMN_DROPPED})
_NAME = re.compile(r"[A-Za-z]+(?:[_.\-][A-Za-z]+)+|[a-z]+(?:[A-Z][a-z]+)+")
# Kinds of change that are a kind of trouble by themselves.
BY_KIND: Mapping[str, tuple[frozenset[Trouble], Weight]] = {
    "certificate": (frozenset({Trouble.CERTIFICATE}), CERTIFICATE_KIND),
    "dns": (frozenset({Trouble.DNS}), DNS_KIND),
    "migration": (frozenset({Trouble.LOCKS, Trouble.STORE}), MIGRATION_KIND),
}


@dataclass(frozen=True, slots=True)
class Content:
    """What one change does and says."""

    effects: tuple[Effect, ...]
    read: bool  # whether there was a diff
    idle: bool
    logged: bool  # it changes nothing but what log lines say
    lines: Mapping[str, frozenset[int]]  # that it adds, by file
    gone: frozenset[str]  # names of hosts that it removes
    reported: frozenset[str]  # words of its title and its files
    words: frozenset[str]  # of its diff too
    added: frozenset[str] = frozenset()  # names that it adds
    statuses: frozenset[int] = frozenset()  # of failures, that it answers with

    def explaining(self, troubles: Iterable[Trouble]) -> list[Effect]:
        """The effects that explain what is seen, the best first; that a query changed tells least of how."""
        seen = frozenset(troubles)
        found = [(explained(effect, seen), effect) for effect in self.effects]
        found.sort(key=lambda pair: (-pair[0], pair[1].kind is EffectKind.QUERY_CHANGED))
        return [effect for fit, effect in found if fit > 0]

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
    if _begins_history(change):  # it tells what there was, not what became different
        diff = ""
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
    reported = words(" ".join([change.title, *islice(change.files, 100), *change.attributes.values()]))
    return Content(
        effects(text, files) if text else (),
        bool(text),
        idle(diff, change.files) or (bool(diff) and commented(diff, change.files)),
        bool(diff) and logged(diff, change.files),
        added_lines(diff),
        names_gone(diff),
        frozenset(reported),
        frozenset(reported | words(diff)),
        names_added(diff),
        statuses_of(diff),
    )


def _begins_history(change: Change) -> bool:
    """Whether a commit of a repository that was read has none before it: all of it is new, and nothing was changed."""
    return (
        change.kind == "commit"
        and "authored_ns" in change.attributes
        and not change.attributes.get("parents")
    )


def reasons(
    change: Change, content: Content, symptoms: Symptoms, weights: Mapping[str, float]
) -> list[Reason]:
    """What its content says for a change and against it. `weights` says how rare each word is."""
    found = _of_effects(content, symptoms)
    kind = DNS if any(map(RESOLVER.search, (change.service, *change.files))) else change.kind
    troubles, row = BY_KIND.get(kind, (frozenset(), None))
    if row is not None and troubles & symptoms.troubles:
        found.append(Reason(row, troubles=" and ".join(sorted(troubles & symptoms.troubles))))
    common = dict(shared(content.words, symptoms.words, weights))
    common = {
        word: value if word in content.reported else WORD_OF_DIFF * value for word, value in common.items()
    }
    best = sorted(common, key=lambda word: (-common[word], word))[:WORDS_COUNTED]
    reported = sum(common[word] for word in best)
    if reported >= WORDS_LEAST and not content.idle:
        found.append(Reason(SHARES_WORDS, scale=1 + min(WORDS_MOST, reported), words=", ".join(best)))
    return found


def asked_for(effect: Effect, symptoms: Symptoms) -> str:
    """The name that an effect has taken away and that what fails speaks of; empty where there is none."""
    if effect.kind not in TAKEN:
        return ""
    names = _NAME.findall(effect.what.partition("→")[0])
    return next((name for name in names if re.sub(r"[_.\-]", "", name).lower() in symptoms.words), "")


def _of_effects(content: Content, symptoms: Symptoms) -> list[Reason]:
    if content.idle or content.logged:
        return [Reason(IDLE_DIFF if content.idle else LOGS_ONLY)]
    if not content.effects or not symptoms.troubles:
        return []
    explaining = content.explaining(symptoms.troubles)
    if not explaining:
        kinds = list(dict.fromkeys(effect.kind.value for effect in content.effects))[:2]
        return [Reason(OTHERWISE, kinds=", ".join(kinds))]
    if missed := next(((e, name) for e in explaining if (name := asked_for(e, symptoms))), None):
        effect, name = missed
        reported = f"its diff {effect.kind.value}: {effect.what} ({effect.path})"
        return [Reason(ASKED_FOR, effect=reported, name=name)]
    best = explaining[0]
    typical = best.meaning.typical & symptoms.troubles
    place = f" ({best.path})" if best.path else ""
    what = f"its diff {best.kind.value}: {best.what}{place}"
    if typical:
        return [Reason(TYPICAL, effect=what, troubles=", ".join(CAUSED[one] for one in sorted(typical)))]
    return [Reason(AT_TIMES, effect=what)]


def weights_of(contents: Sequence[Content], services: Iterable[str]) -> dict[str, float]:
    """How much each word tells of one change among others; the names of services tell nothing, their reach does."""
    names = words(" ".join(services)) | ENDINGS  # of files of code, which all traces have
    found = dict(rarity([content.words for content in contents]))
    return {word: 0.0 if word in names else value for word, value in found.items()}
