"""The typed effects of a diff: what it does, recognised in its structure, with the line that each rests on."""

import re
from collections.abc import Iterable, Iterator

from lastgood.algorithms.diffs.kinds import Effect, EffectKind, Trouble
from lastgood.algorithms.diffs.libraries import library_effects
from lastgood.algorithms.diffs.schema import schema_effects
from lastgood.algorithms.diffs.settings import setting_effects
from lastgood.algorithms.diffs.structures import structural_effects
from lastgood.algorithms.diffs.unified import IDLE, Edit, Role, edits, paths, role_of

MOST = 40
_COMMENT = re.compile(r"//|#|/\*|\*|--|<!--|;")
_LOGGED = re.compile(
    r"(\w+\.)*(log|logger|logging|slog|zap|console|_log|LOG)\.\w+\(.*\)[;,]?$"
    r"|[\"']?[\w.-]*log[\w.-]*(format|layout|pattern|encod|style|colou?r)[\w.-]*[\"']?\s*[:=]",
    re.IGNORECASE,
)


def effects(diff: str, files: Iterable[str] = ()) -> tuple[Effect, ...]:
    """What a diff does, each kind once per file; nothing for what does not run where requests are served.

    `files` names the file of a diff without headers, when there is exactly one.
    """
    named = list(files)
    found: dict[tuple[EffectKind, str, str], Effect] = {}
    for edit in edits(diff, named[0] if len(named) == 1 else ""):
        for effect in _of(edit):
            key = effect.kind, effect.path, effect.subject or (effect.what if "→" in effect.what else "")
            found.setdefault(key, effect)
            if len(found) >= MOST:
                return tuple(found.values())
    return tuple(found.values())


def _of(edit: Edit) -> Iterator[Effect]:
    match edit.role:
        case Role.TEST | Role.PROSE | Role.LOOK | Role.PIPELINE:
            return
        case Role.MANIFEST:
            yield from library_effects(edit)
        case Role.CONFIG:
            yield from library_effects(edit)
            yield from setting_effects(edit)
        case Role.SQL:
            yield from schema_effects(edit)
            yield from structural_effects(edit)
        case Role.CODE:
            yield from setting_effects(edit)
            yield from schema_effects(edit)
            yield from structural_effects(edit)


def idle(diff: str, files: Iterable[str] = ()) -> bool:
    """Whether a change touches nothing that runs where requests are served: tests, prose, styles, pipelines only."""
    touched = {*files, *paths(diff)}
    return bool(touched) and all(role_of(path) in IDLE for path in touched)


def commented(diff: str, files: Iterable[str] = ()) -> bool:
    """Whether every changed line is blank or a comment."""
    told = _changed(diff, files)
    return bool(told) and all(_COMMENT.match(text) for text in told)


def logged(diff: str, files: Iterable[str] = ()) -> bool:
    """Whether every changed line is blank, a comment, or about what log lines say: not how many there are."""
    told = _changed(diff, files)
    return bool(told) and all(_COMMENT.match(text) or _LOGGED.match(text) for text in told)


def _changed(diff: str, files: Iterable[str]) -> list[str]:
    """The changed lines that are not blank."""
    named = list(files)
    changed = (
        line.text.strip()
        for edit in edits(diff, named[0] if len(named) == 1 else "")
        for line in (*edit.before, *edit.after)
    )
    return [text for text in changed if text]


def explained(effect: Effect, troubles: Iterable[Trouble]) -> float:
    """How well an effect explains what is seen, 0..1: 1 for what it typically does, a third for what it may do at times."""
    seen = set(troubles)
    if effect.meaning.typical & seen:
        return 1.0
    return 0.35 if effect.meaning.at_times & seen else 0.0
