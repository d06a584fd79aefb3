"""What code holds and gives back: releases, locks and transactions that it lost or got."""

import re
from collections.abc import Iterator

from lastgood.algorithms.diffs.grammars import Form
from lastgood.algorithms.diffs.kinds import Effect
from lastgood.algorithms.diffs.kinds import EffectKind as K
from lastgood.algorithms.diffs.parts import Edits, Part
from lastgood.algorithms.diffs.rules import counted, effect, rule

_RELEASES = re.compile(
    r"^(close\w*|f?close|pclose|\w+_close|dispose\w*|release\w*|shutdown\w*|disconnect|end|free|destroy|evict|unsubscribe|removelistener|removeeventlistener|off|cancel|drain|stop|rollback|clearinterval|cleartimeout|drop|\w*unlock|unref|putconn|push|detach|quit)$"
)
_LOCK = re.compile(
    r"(?<![a-z])(r?lock|mutex|sem(aphore)?|lease)s?(?![a-rt-z])|_lock|[a-z]Lock\b|\.R?Lock\b|withLock|with_lock|\bgate\b|synchronized",
    re.IGNORECASE,
)
_TRANSACTION = re.compile(r"transaction|\batomic\b|\.begin\b|begintx|unit_?of_?work|savepoint", re.IGNORECASE)
_TAKES = re.compile(
    r"(?:pool|conn\w*|datasource|data_source|ds|factory|broker)\w*\)?(?:\.|->|::)(?:connect|get_?conn\w*|acquire\w*|checkout|borrow\w*|rent|reserve|take)$",
    re.IGNORECASE,
)
_NOT_TAKEN = re.compile(
    r"\berr(?:or)?\b|^\(?!|is None|={2,3} ?(?:nil|null|undefined)\b|^\(?not "
)  # it was refused
_WATCHES = re.compile(
    r"span|trace|timer|metric|profil|suppress|catch_warnings|tempfile|patch|freeze|contextlib|log",
    re.IGNORECASE,
)
_OPENS = re.compile(r"(^|[.>:])(open|with\w*|checkout|synchronize|use|create|start|fopen)$")
_LOCKS = r"(^|[.>:])(r?lock|lockasync|trylock|tryacquire|withlock|with_lock|synchronize|select_for_update|acquire\w*|flock|lockinshare\w*|setnx|waitasync)$|mutex|advisory_lock|redlock|^synchronized$|^lock!?$"
_RULES = (
    rule(r"(^|[.>:])\$?\w*transaction\w*$|(^|[.>:])(atomic|begintx|unit_of_work|unitofwork|savepoint)\b", K.TRANSACTION_REMOVED, K.TRANSACTION_ADDED, "call mark"),
    rule(r"for update", K.LOCK_REMOVED, K.LOCK_ADDED, "text"),
)  # fmt: skip


def holding_effects(edits: Edits) -> Iterator[Effect]:
    """What an edit does to what is held."""
    yield from counted(edits, _RULES)
    locks = [_locks(parts) for parts in (edits.lost, edits.got)]
    unlocked = len(locks[0]) > len(locks[1])
    if unlocked:
        yield effect(edits, K.LOCK_REMOVED, locks[0][0])
    elif len(locks[1]) > len(locks[0]):
        yield effect(edits, K.LOCK_ADDED, locks[1][0])
    released = list(_released(edits, unlocked=unlocked))
    yield from released or _kept(edits)


def _locks(parts: list[Part]) -> list[Part]:
    """The takings of locks: what gives one back is not counted."""
    return [
        part
        for part in parts
        if (
            part.form in {Form.CALL, Form.MARK}
            and re.search(_LOCKS, part.name, re.IGNORECASE)
            and _is_lock(part)
        )
        or (part.form is Form.SCOPE and _LOCK.search(part.value) and not _TRANSACTION.search(part.value))
    ]


def _is_lock(part: Part) -> bool:
    """An `acquire` of a pool takes no lock."""
    return "acquire" not in part.last or bool(re.search(r"lock|mutex", part.name, re.IGNORECASE))


def _released(edits: Edits, *, unlocked: bool) -> Iterator[Effect]:
    """Less is given back than before, and no scope does it instead."""
    old, new = ([part for part in parts if _gives_back(part)] for parts in (edits.lost, edits.got))
    if unlocked:
        old = [
            part
            for part in old
            if not re.search(r"unlock|lock\b|gate|mutex", part.text, re.IGNORECASE)
            and part.form is not Form.FINALLY
        ]
    scopes = [sum(_is_scope(part) for part in parts) for parts in (old, new)]
    if (
        len(old) > len(new)
        and scopes[1] <= scopes[0]
        and not (scopes[1] and scopes[0] == scopes[1] and not _calls(old))
    ):
        yield effect(edits, K.RELEASE_REMOVED, old[0])


def _kept(edits: Edits) -> Iterator[Effect]:
    """Something of a pool is taken anew, and a way leads out of the function before it is given back."""
    for taken in edits.got:
        if not (taken.form is Form.CALL and _TAKES.search(taken.name)):
            continue
        here = [part for part in edits.new if part.place.function == taken.place.function]
        if any(part.place.final or part.form in {Form.SCOPE, Form.LATER, Form.FINALLY} for part in here):
            continue
        after = here[next(n for n, part in enumerate(here) if part is taken) + 1 :]
        back = next((n for n, part in enumerate(after) if part.form is Form.CALL and _gives_back(part)), None)
        gone = {part.name for part in edits.old} - {part.name for part in edits.new}
        itself = any(name.startswith(_receiver(taken)) for name in gone)  # it gave back by itself
        leaves = any(part.exits and not _NOT_TAKEN.search(part.value) for part in after[:back])
        if leaves if back is not None else itself:
            yield effect(edits, K.RELEASE_REMOVED, taken)


def _receiver(part: Part) -> str:
    """What it is called of: `pool.` of `pool.connect`."""
    return re.split(r"(?<=[.>:])", part.name)[0]


def _calls(parts: list[Part]) -> bool:
    return any(part.form is Form.CALL or part.form is Form.FINALLY for part in parts)


def _is_scope(part: Part) -> bool:
    return (
        part.form is Form.SCOPE
        or (part.form is Form.LATER)
        or (part.form is Form.CALL and bool(_OPENS.search(part.name)))
    )


def _gives_back(part: Part) -> bool:
    if part.form is Form.CALL and _OPENS.search(part.name):
        return (
            bool(re.search(r"\bdo\b|\{|->|=>", part.text))
            and (part.last in {"open", "checkout"} or (part.last == "use" and not part.value))
            and not _LOCK.search(part.name)
        )
    if part.form is Form.CALL:
        return (
            bool(_RELEASES.match(part.last))
            and not _WATCHES.search(part.name)
            and not (
                part.last in {"push", "end", "off", "stop"}
                and not re.search(
                    r"pool|conn|client|socket|timer|emitter|bus|res\b|\bt\b|ticker|\bc\b",
                    part.name,
                    re.IGNORECASE,
                )
            )
        )
    if part.form in {Form.SCOPE, Form.LATER, Form.FINALLY}:
        return not (
            _WATCHES.search(part.value)
            or (part.form is Form.SCOPE and (_LOCK.search(part.value) or _TRANSACTION.search(part.value)))
        )
    return False
