"""The typed effects of a diff: what it does, recognised in the edits of its syntax, with the line that each rests on."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import partial

from lastgood.algorithms.diffs.calling import calling_effects
from lastgood.algorithms.diffs.certificates import certificate_effects
from lastgood.algorithms.diffs.checks import check_effects
from lastgood.algorithms.diffs.clearing import clearing_effects
from lastgood.algorithms.diffs.fields import field_effects
from lastgood.algorithms.diffs.grammars import Form
from lastgood.algorithms.diffs.holding import holding_effects
from lastgood.algorithms.diffs.keeping import keeping_effects
from lastgood.algorithms.diffs.kinds import Effect, EffectKind, Trouble
from lastgood.algorithms.diffs.libraries import library_effects
from lastgood.algorithms.diffs.parts import Edits, Part
from lastgood.algorithms.diffs.schema import schema_effects
from lastgood.algorithms.diffs.settings import setting_effects
from lastgood.algorithms.diffs.syntax import read
from lastgood.algorithms.diffs.unified import IDLE, Role, hunks, paths, role_of

EFFECTS_MOST = 40
_COMMENT = re.compile(r"//|#|/\*|\*|--|<!--|;")
LOGGED = re.compile(
    r"(\w+\.)*(log|logger|logging|slog|zap|console|_log|LOG)\.\w+\(.*\)[;,]?$"
    r"|[\"']?[\w.-]*log[\w.-]*(format|layout|pattern|encod|style|colou?r)[\w.-]*[\"']?\s*[:=]",
    re.IGNORECASE,
)
_ONCE = {EffectKind.CERTIFICATE_CHANGED}  # a setting and the file that it names are one
# Executors without a number of workers: whoever takes one in place of a pool takes its bound away.
_UNBOUNDED = frozenset(
    map(str.lower, ("newVirtualThreadPerTaskExecutor", "newThreadPerTaskExecutor", "newCachedThreadPool"))
)
_OF_ROLE = {
    Role.MANIFEST: (library_effects,),
    Role.CONFIG: (library_effects, setting_effects, certificate_effects, clearing_effects, field_effects),
    Role.SQL: (schema_effects,),
    Role.CODE: (
        setting_effects,
        schema_effects,
        check_effects,
        holding_effects,
        calling_effects,
        keeping_effects,
        certificate_effects,
        clearing_effects,
        field_effects,
    ),
}


def effects(diff: str, files: Iterable[str] = ()) -> tuple[Effect, ...]:
    """What a diff does, each kind once per file; nothing for what does not run where requests are served.

    `files` names the file of a diff without headers, when there is exactly one.
    """
    named = list(files)
    found: dict[tuple[EffectKind, str, str], Effect] = {}
    read_ = [read(hunk) for hunk in hunks(diff, named[0] if len(named) == 1 else "") if hunk.role not in IDLE]
    called = frozenset(part.last for one in read_ for part in one.got if part.form is Form.CALL)
    made = frozenset(part.last for one in read_ for part in one.got if _declares(part))
    for edits in _without_moved([replace(one, called=called, made=made) for one in read_]):
        for effect in _of(edits):
            key = effect.kind, effect.path, effect.subject or (effect.what if "→" in effect.what else "")
            found.setdefault(key, effect)
            if len(found) >= EFFECTS_MOST:
                return tuple(found.values())
    return tuple(found.values())


def _declares(part: Part) -> bool:
    return part.form in {Form.FUNCTION, Form.FIELD} or (part.form is Form.SETTING and "." in part.name)


def _of(edits: Edits) -> Iterator[Effect]:
    """The effects of one place; a name that is another where something better was read is no effect of its own."""
    reported = defaultdict[str, set[EffectKind]](set)
    for family in _OF_ROLE[edits.hunk.role]:
        for effect in map(partial(_bounded, edits), family(edits)):
            known = reported[effect.line]
            again = known if effect.kind is EffectKind.FIELD_RENAMED else known & _ONCE & {effect.kind}
            if not again:
                known.add(effect.kind)
                yield effect


def _bounded(edits: Edits, effect: Effect) -> Effect:
    """The same; a pool whose place an executor without a bound took is not smaller."""
    bound_left = effect.kind is EffectKind.POOL_LOWERED and "→" not in effect.what
    if bound_left and any(part.form is Form.CALL and part.last in _UNBOUNDED for part in edits.got):
        return replace(effect, kind=EffectKind.POOL_RAISED)
    return effect


def _without_moved(found: list[Edits]) -> Iterator[Edits]:
    """The edits, without the parts of code that one place lost and another got: those only moved.

    All that a place lost, or got, must be found elsewhere: several parts anywhere, a single one in the same function.
    """
    sides = [
        (_shapes(edits.lost), _shapes(edits.got))
        if edits.hunk.role is Role.CODE
        else (set[str](), set[str]())
        for edits in found
    ]
    gone = [(set[str](), set[str]()) for _ in found]
    for mine, theirs in ((0, 1), (1, 0)):
        having: dict[str, list[int]] = {}
        for n, side in enumerate(sides):
            for shape in side[theirs]:
                having.setdefault(shape, []).append(n)
        for n, side in enumerate(sides):
            for other in having.get(min(side[mine], default=""), ())[:EFFECTS_MOST]:
                if (
                    n != other
                    and side[mine] <= sides[other][theirs]
                    and (len(side[mine]) > 1 or _near(found[n], found[other]))
                ):
                    gone[n][mine].update(side[mine])
                    gone[other][theirs].update(side[mine])
    for edits, (left, came) in zip(found, gone, strict=True):
        yield replace(edits, old=_but(edits.old, left), new=_but(edits.new, came)) if left or came else edits


def _near(one: Edits, other: Edits) -> bool:
    return (one.hunk.path, one.hunk.heading) == (other.hunk.path, other.hunk.heading)


def _shapes(parts: Iterable[Part]) -> set[str]:
    return {part.form + part.shape for part in parts}


def _but(parts: Iterable[Part], moved: set[str]) -> list[Part]:
    return [part for part in parts if part.form + part.shape not in moved]


def idle(diff: str, files: Iterable[str] = ()) -> bool:
    """Whether a change touches nothing that runs where requests are served: tests, prose, styles, pipelines only."""
    touched = {*files, *paths(diff)}
    return bool(touched) and all(role_of(path) in IDLE for path in touched)


def commented(diff: str, files: Iterable[str] = ()) -> bool:
    """Whether every changed line is blank or a comment."""
    reported = _changed(diff, files)
    return bool(reported) and all(_COMMENT.match(text) for text in reported)


def logged(diff: str, files: Iterable[str] = ()) -> bool:
    """Whether every changed line is blank, a comment, or about what log lines say: not how many there are."""
    reported = _changed(diff, files)
    return bool(reported) and all(_COMMENT.match(text) or LOGGED.match(text) for text in reported)


def _changed(diff: str, files: Iterable[str]) -> list[str]:
    """The changed lines that are not blank."""
    named = list(files)
    changed = (
        line.text.strip()
        for hunk in hunks(diff, named[0] if len(named) == 1 else "")
        for line in (*hunk.before, *hunk.after)
    )
    return [text for text in changed if text]


def explained(effect: Effect, troubles: Iterable[Trouble]) -> float:
    """How well an effect explains what is seen, 0..1: 1 for what it typically does, a third for what it may do at times."""
    seen = set(troubles)
    if effect.meaning.typical & seen:
        return 1.0
    return 0.35 if effect.meaning.at_times & seen else 0.0
