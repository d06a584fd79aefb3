"""Shrinking: the smallest part of a failing request that still fails.

Delta debugging (Zeller and Hildebrandt, "Simplifying and isolating failure-inducing input", IEEE TSE 28, 2002) over the
tree of a request, level by level from the top (Misherghi and Su, "HDD: hierarchical delta debugging", ICSE 2006). Its
parts are the parameters of the query or of a form, and the fields and items of a JSON body; then the strings are
shortened. The rest, its headers as well, stays.

A smaller request may fail for another reason: `alike` makes the same cut in a request that works, which has to work
still. A string that both have is cut to the same letters. Where they have different ones, such as two discount codes, each
cut of the failing one could be a value that is unknown. So the working one is shortened too: to as many letters, and by
one at least. What it has no string for, or one that cannot be shorter without being empty, cannot be shortened alike.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Any

from lastgood.model.replay import CapturedRequest

FORM = "application/x-www-form-urlencoded"
QUERY, FORM_FIELD, JSON_PART = "query", "form", "json"
SHORTENED = 2  # letters of a text, to be shorter and not empty
Place = tuple[str | int, ...]  # what it is a part of, and the names and positions on the way to it


class BoundReached(Exception):  # noqa: N818 - nothing went wrong
    """No more may be tried."""


@dataclass(frozen=True, slots=True)
class Cut:
    """What was taken out of a request: parts, and all but some letters of strings."""

    parts: frozenset[Place] = frozenset()
    texts: dict[Place, str] = field(default_factory=dict)


Fails = Callable[[Cut], bool]


def without(request: CapturedRequest, cut: Cut) -> CapturedRequest:
    """The request without what was cut; places that it does not have are passed over."""
    place, _, query = request.path.partition("?")
    left = "&".join(text for name, text in _fields(query, QUERY) if name not in cut.parts)
    body = request.body
    if body and is_form(request):
        body = "&".join(text for name, text in _fields(body, FORM_FIELD) if name not in cut.parts)
    elif (
        any(one[0] == JSON_PART for one in (*cut.parts, *cut.texts))
        and (document := _document(body)) is not None
    ):
        body = json.dumps(_kept(document, (JSON_PART,), cut), ensure_ascii="\\u" in (body or ""))
    return replace(request, path=f"{place}?{left}" if left else place, body=body)


def alike(failing: CapturedRequest, working: CapturedRequest, cut: Cut) -> Cut | None:
    """The same cut for a working request; None where a text that is shortened cannot be shortened in it."""
    mine, theirs = (_texts(one) for one in (failing, working))
    texts = {}
    for place, text in cut.texts.items():
        if place not in mine or _is_inside(place, cut.parts):
            continue
        other = theirs.get(place, "")
        if other == mine[place]:
            texts[place] = text
        elif len(other) < SHORTENED:
            return None
        else:
            texts[place] = other[: min(len(text), len(other) - 1)]
    return Cut(cut.parts, texts)


def parts_of(request: CapturedRequest) -> tuple[Place, ...]:
    """The places of all parts, those nearer to the top first; a body that is too deep has none."""
    found = [name for name, _ in _fields(request.path.partition("?")[2], QUERY)]
    if request.body and is_form(request):
        found += [name for name, _ in _fields(request.body, FORM_FIELD)]
    elif (document := _document(request.body)) is not None:
        with suppress(RecursionError):
            found += [place for place, _ in _walked(document, (JSON_PART,)) if len(place) > 1]
    return tuple(sorted(found, key=len))


def is_form(request: CapturedRequest) -> bool:
    """Whether its body is a form."""
    return request.headers.get("content-type", "").partition(";")[0].strip().lower() == FORM


def shrunk(request: CapturedRequest, fails: Fails) -> tuple[Cut, bool]:
    """The largest cut that was found with which it still fails, and whether nothing more can be cut.

    `fails` is asked of no cut twice. It may raise BoundReached: then the best so far is returned, and False.
    """
    best, refused = [Cut()], set[tuple[frozenset[Any], ...]]()

    def tried(cut: Cut) -> bool:
        key = (cut.parts, frozenset(cut.texts.items()))
        if cut == best[0]:
            return True
        if key in refused:
            return False
        if fails(cut):
            best[0] = cut
            return True
        refused.add(key)
        return False

    try:
        before = None
        while best[0] != before:  # what is cut late may make parts above it needless
            before = best[0]
            _shrink_parts(request, best, tried)
            _shrink_texts(request, best, tried)
    except (BoundReached, RecursionError):
        return best[0], False
    return best[0], True


def _shrink_parts(request: CapturedRequest, best: list[Cut], tried: Fails) -> None:
    every = parts_of(request)
    for depth in dict.fromkeys(map(len, every)):
        gone = best[0].parts
        level = [one for one in every if len(one) == depth and not _is_inside(one, gone)]

        def without_these(kept: Sequence[Place], level: Sequence[Place] = level) -> bool:
            return tried(replace(best[0], parts=best[0].parts | (frozenset(level) - frozenset(kept))))

        _least(level, without_these)


def _shrink_texts(request: CapturedRequest, best: list[Cut], tried: Fails) -> None:
    for place, value in _texts(request).items():
        if _is_inside(place, best[0].parts):
            continue
        letters = best[0].texts.get(place, value)

        def with_these(kept: Sequence[str], place: Place = place) -> bool:
            return tried(replace(best[0], texts={**best[0].texts, place: "".join(kept)}))

        _least(letters, with_these)


def _least(items: Sequence[Any], fails: Callable[[Sequence[Any]], bool]) -> None:
    """Delta debugging (ddmin): ask of ever smaller parts of the items; what was asked last with yes is the least."""
    kept, pieces = list(items), 2
    if not kept or fails([]):
        return
    while len(kept) > 1:
        size = -(-len(kept) // pieces)
        parts = [kept[start : start + size] for start in range(0, len(kept), size)]
        for place, part in enumerate(parts):
            rest = [one for n, other in enumerate(parts) if n != place for one in other]
            if len(parts) > 2 and fails(part):
                kept, pieces = part, 2
                break
            if fails(rest):
                kept, pieces = rest, max(pieces - 1, 2)
                break
        else:
            if pieces >= len(kept):
                return
            pieces = min(2 * pieces, len(kept))


def _fields(text: str, kind: str) -> list[tuple[Place, str]]:
    """Parameters with their places: their names, the second of a name apart from the first."""
    seen, found = Counter[str](), list[tuple[Place, str]]()
    for part in text.split("&") if text else ():
        name = part.partition("=")[0]
        seen[name] += 1
        found.append(((kind, name if seen[name] == 1 else f"{name}&{seen[name]}"), part))
    return found


def _texts(request: CapturedRequest) -> dict[Place, str]:
    """The strings of its JSON body by their places."""
    document = None if is_form(request) else _document(request.body)
    walked = _walked(document, (JSON_PART,)) if document is not None else ()
    return {place: value for place, value in walked if isinstance(value, str)}


def _document(body: str | None) -> Any:
    """The JSON body, where it is an object or a list."""
    try:
        found = json.loads(body or "")
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict | list) else None


def _kept(value: Any, place: Place, cut: Cut) -> Any:
    if isinstance(value, dict):
        return {
            key: _kept(one, (*place, key), cut)
            for key, one in value.items()
            if (*place, key) not in cut.parts
        }
    if isinstance(value, list):
        return [_kept(one, (*place, n), cut) for n, one in enumerate(value) if (*place, n) not in cut.parts]
    return cut.texts.get(place, value) if isinstance(value, str) else value


def _walked(value: Any, place: Place) -> Iterator[tuple[Place, Any]]:
    """Every value with its place, an outer one before what is in it."""
    yield place, value
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, one in inner:
        yield from _walked(one, (*place, name))


def _is_inside(place: Place, gone: frozenset[Place]) -> bool:
    """Whether it, or something that it is in, is cut."""
    return any(place[:end] in gone for end in range(2, len(place) + 1))
