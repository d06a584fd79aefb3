"""Lines that differ in one amount alone, which has no name of its own: `Set(ctx, key, v, 24*time.Hour)`, `server a:80 maxconn 200`."""

import re
from collections.abc import Iterator

from lastgood.algorithms.diffs.amounts import amount
from lastgood.algorithms.diffs.kinds import Effect, EffectKind
from lastgood.algorithms.diffs.settings import Kinds, Setting, moved, purpose
from lastgood.algorithms.diffs.unified import Edit, Role
from lastgood.algorithms.metric_meaning import words

_DURATION = re.compile(
    r"\d+ ?\* ?time\.\w+|Duration(?:\.of|::from_)\w+\(\d+\)|timedelta\(\w+=\d+\)|\b\d+\.(?:minutes|hours|seconds|days)\b"
)
_AFTER_WORD = re.compile(r"(?<=[A-Za-z] )\d+\b")  # in configuration: what the word before it says
_KEPT = frozenset(
    {"set", "setex", "put", "cache", "store", "session", "cookie", "token", "expire", "remember"}
)
_LIFETIME: tuple[str, Kinds] = ("lifetime", (EffectKind.TTL_SHORTENED, EffectKind.TTL_LENGTHENED))


def lone_amount_effects(edit: Edit) -> Iterator[Effect]:
    """What another amount in the same line does: what it is for, the words of the line tell, or the one before it."""
    for old, new in zip(edit.before, edit.after, strict=False):
        for form in (_DURATION, _AFTER_WORD) if edit.role is Role.CONFIG else (_DURATION,):
            apart = [
                (a, b)
                for a, b in zip(form.finditer(old.text), form.finditer(new.text), strict=False)
                if a[0] != b[0]
            ]
            if len(apart) != 1 or form.sub("", old.text) != form.sub("", new.text):
                continue
            ((was, now),) = apart
            said = words(form.sub("", old.text) if form is _DURATION else old.text[: was.start()].split()[-1])
            meant = purpose(said) or (_LIFETIME if set(said) & _KEPT else None)
            amounts = amount(was[0]), amount(now[0])
            if meant and said and amounts[0] and amounts[1]:
                told = f"{said[-1]} {was[0]} → {now[0]}"
                yield from moved(edit, Setting(said[-1], now[0], new), told, meant, (amounts[0], amounts[1]))
