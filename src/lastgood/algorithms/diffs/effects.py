"""The typed effects of a diff: what it does, recognised in its structure, with the line that each rests on."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from operator import attrgetter

from lastgood.algorithms.diffs.kinds import Effect, EffectKind, Trouble
from lastgood.algorithms.diffs.libraries import library_effects
from lastgood.algorithms.diffs.lone_amounts import lone_amount_effects
from lastgood.algorithms.diffs.schema import schema_effects
from lastgood.algorithms.diffs.settings import setting_effects
from lastgood.algorithms.diffs.structures import LOGGED, access_effects, structural_effects
from lastgood.algorithms.diffs.unified import IDLE, Edit, Line, Role, edits, paths, role_of

MOST = 40
_BEFORE, _AFTER = attrgetter("before"), attrgetter("after")
_COMMENT = re.compile(r"//|#|/\*|\*|--|<!--|;")


def effects(diff: str, files: Iterable[str] = ()) -> tuple[Effect, ...]:
    """What a diff does, each kind once per file; nothing for what does not run where requests are served.

    `files` names the file of a diff without headers, when there is exactly one.
    """
    named = list(files)
    found: dict[tuple[EffectKind, str, str], Effect] = {}
    for edit in _without_moved(edits(diff, named[0] if len(named) == 1 else "")):
        for effect in _of(edit):
            key = effect.kind, effect.path, effect.subject or (effect.what if "→" in effect.what else "")
            found.setdefault(key, effect)
            if len(found) >= MOST:
                return tuple(found.values())
    return tuple(found.values())


def _without_moved(found: tuple[Edit, ...]) -> Iterator[Edit]:
    """The edits, without the lines of code that one of them lost and another got: those only moved.

    All that an edit lost, or got, must be found elsewhere: several lines anywhere, a single one in the same function.
    """
    lost, got = (
        {n: _texts(lines(edit)) for n, edit in enumerate(found) if edit.role is Role.CODE}
        for lines in (_BEFORE, _AFTER)
    )
    left, came = {n: set[str]() for n in lost}, {n: set[str]() for n in lost}  # what moved, by edit
    for from_, to in (*_within(found, lost, got), *((to, from_) for from_, to in _within(found, got, lost))):
        moved = lost[from_] & got[to]
        left[from_] |= moved
        came[to] |= moved
    for n, edit in enumerate(found):
        yield replace(
            edit,
            before=[line for line in edit.before if line.text.strip() not in left.get(n, ())],
            after=[line for line in edit.after if line.text.strip() not in came.get(n, ())],
        )


def _within(
    found: tuple[Edit, ...], some: Mapping[int, set[str]], others: Mapping[int, set[str]]
) -> Iterator[tuple[int, int]]:
    """The edits whose texts are all among those of another one, with that one."""
    having: dict[str, list[int]] = {}
    for n, texts in others.items():
        for text in texts:
            having.setdefault(text, []).append(n)
    for n, texts in some.items():
        for other in having.get(min(texts), ()) if texts else ():
            near = found[n].path == found[other].path and found[n].heading == found[other].heading
            if n != other and (len(texts) > 1 or near) and texts <= others[other]:
                yield n, other


def _texts(lines: Iterable[Line]) -> set[str]:
    """The texts of lines that say something."""
    return {text for line in lines if re.search(r"\w", text := line.text.strip())}


def _of(edit: Edit) -> Iterator[Effect]:
    match edit.role:
        case Role.TEST | Role.PROSE | Role.LOOK | Role.PIPELINE:
            return
        case Role.MANIFEST:
            yield from library_effects(edit)
        case Role.CONFIG:
            yield from library_effects(edit)
            yield from setting_effects(edit)
            yield from lone_amount_effects(edit)
            yield from access_effects(edit)
        case Role.SQL:
            yield from schema_effects(edit)
            yield from structural_effects(edit)
        case Role.CODE:
            yield from setting_effects(edit)
            yield from lone_amount_effects(edit)
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
    return bool(told) and all(_COMMENT.match(text) or LOGGED.match(text) for text in told)


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
