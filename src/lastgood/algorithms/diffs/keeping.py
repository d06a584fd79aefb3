"""What code keeps: caches that are gone, without a bound or under another key; results without a limit; indexes."""

import re
from collections.abc import Iterator

from lastgood.algorithms.diffs.grammars import Form
from lastgood.algorithms.diffs.kinds import Effect
from lastgood.algorithms.diffs.kinds import EffectKind as K
from lastgood.algorithms.diffs.parts import Edits, Part
from lastgood.algorithms.diffs.rules import counted, effect, rule

_NEW = re.compile(
    r"^(\{\}|\[\]|(dict|list|set|defaultdict|collections\.defaultdict)\(.*\)|new\s*(Concurrent|Linked|Weak)?(Hash)?(Map|Set|List|ArrayList|Dictionary|ConcurrentDictionary|ConcurrentHashMap)?\b.*\(\)|new\(\)|make\(map.*|map\[.*\{\}|Hash\.new.*|\w*Map(::|\.)new\(\)|mutable(Map|List|Set)Of\(.*\))$",
    re.DOTALL,
)
# A member of a class that begins empty: it lives as long as its object.
_MEMBER = re.compile(r"=\s*(new\s+\w*(Map|Set|List|Dictionary|Deque|Queue)\b|(\{\}|\[\])$)")
_GROWS = re.compile(r"^(append|push|add|put|set|insert|store|enqueue|offer|tryadd|\w*\+=)$")
_BOUND = re.compile(
    r"max_?size|max_?entries|maximumsize|capacity|lru|expire|ttl|evict|maxlen|sizelimit|\bmax\b",
    re.IGNORECASE,
)
_FREES = re.compile(r"^(pop\w*|delete|remove|clear|evict\w*|expire\w*|del|shift|poll|truncate)$")
_CACHE = r"(^|[.>:_])(lru_?cache|cached?|cacheable|memoi[sz]e\w*|cache_page|withcache)$|(^|[.>:_])\w*cache\w*[.>:]+(get|fetch|getorcreate\w*|computeifabsent|remember|get_or_set)$"
_RULES = (
    rule(_CACHE, K.CACHE_REMOVED, unless=lambda edits, _: bool(_unbounded(edits))),
    rule(r"(^|[.>:])(limit|take|setmaxresults|paginate|per_page)$|^LimitBy$", K.SIZE_UNLIMITED, forms="call", unless=lambda edits, _: any(re.search(r"slice|\[:|page", p.text) for p in edits.got)),
    rule(r"(^|[.>])(index|models\.Index|ensureIndex|createIndex|@?index)$|^(index|unique)$", K.INDEX_DROPPED),
)  # fmt: skip


def keeping_effects(edits: Edits) -> Iterator[Effect]:
    """What an edit does to what is kept, and to how much is asked for."""
    yield from counted(edits, _RULES)
    if found := _unbounded(edits):
        yield effect(edits, K.CACHE_UNBOUNDED, found)
    yield from _slices(edits)
    yield from _keys(edits)
    for part in edits.lost:
        indexed = (
            part.form is Form.SETTING
            and part.name in {"index", "db_index"}
            and part.value in {"True", "true"}
        )
        if indexed or (part.form is Form.FIELD and "index" in part.value and 'gorm:"' in part.value):
            yield effect(edits, K.INDEX_DROPPED, part)


def _unbounded(edits: Edits) -> Part | None:
    """Something that lives long and only grows: a store without a bound, or one that lost its bound."""
    made = [part for part in edits.got if part.form in {Form.CALL, Form.MARK, Form.SETTING}]
    endless = [
        part
        for part in made
        if part.form is Form.MARK
        and "cache" in part.name
        and not _single(edits, part)
        and re.search(r"None|^$", part.value)
    ]
    kept = [part for part in made if part.form is Form.SETTING and _NEW.match(part.value)]
    kept += [part for part in edits.got if part.form is Form.FIELD and _MEMBER.search(part.value)]
    if any((part.form is Form.CALL and _FREES.match(part.last)) or _bounded(part) for part in made):
        return None
    bounded = [part for part in edits.lost if part.form in {Form.CALL, Form.MARK} and _bounded(part)]
    caches = [part for part in made if part.form is Form.SETTING and "cache" in part.name.lower()]
    if bounded and (kept or endless or caches):
        return bounded[0]
    grown = set(_grown(made))
    lasting = (
        part
        for part in kept
        if _lasting(part) and ("cache" in part.name.lower() or part.name.lower() in grown)
    )
    return next(iter(endless), None) or next(lasting, None)


def _single(edits: Edits, mark: Part) -> bool:
    """Whether what is kept is one thing: the result of a function that is given nothing."""
    lines = edits.hunk.side("+")
    after = lines[lines.index(mark.line) + 1 :][:1]
    return bool(after) and bool(re.search(r"\(\s*\)", after[0].text))


def _bounded(part: Part) -> bool:
    """Whether something is made with a bound; `max_size=None` is none."""
    reported = part.value if part.form is Form.SETTING else part.name + part.value
    return bool(_BOUND.search(reported)) and "None" not in part.value


def _grown(made: list[Part]) -> Iterator[str]:
    """The names of what something is put into."""
    for part in made:
        if part.form is Form.CALL and _GROWS.match(part.last) and "." in part.name:
            yield part.name.split(".")[-2].lower()
        elif part.form is Form.SETTING and "[" in part.name:
            yield part.name.split("[")[0].lower()


def _lasting(part: Part) -> bool:
    """Whether a name outlives the call of a function."""
    if part.form is Form.FIELD:
        return True
    indent = len(part.line.text.expandtabs(4)) - len(part.line.text.expandtabs(4).lstrip())
    return indent == 0 or bool(
        re.search(r"\b(static|private|public|readonly|self\.|this\.|companion)", part.line.text)
    )


def _slices(edits: Edits) -> Iterator[Effect]:
    """A cut of what was found that is gone."""
    lost, got = (
        [part for part in parts if re.search(r"\[\s*:\s*\w+\s*\]", part.text) and part.form is not Form.GUARD]
        for parts in (edits.lost, edits.got)
    )
    if (
        lost
        and not got
        and not any(re.search(r"\blimit\b|\btake\b", part.name, re.IGNORECASE) for part in edits.got)
    ):
        yield effect(edits, K.SIZE_UNLIMITED, lost[0])


def _keys(edits: Edits) -> Iterator[Effect]:
    """What a cache is asked by is another text."""
    cached = "cache" in edits.hunk.path.lower()
    old, new = (
        [key for part in parts if (key := _key(part, cached=cached))] for parts in (edits.lost, edits.got)
    )
    made = {part.place.function for part, _ in old}
    new = [key for key in new if key[0].form is not Form.TEXT or key[0].place.function in made]
    if len(old) == len(new) and old and old[0][1] != new[0][1]:
        yield effect(edits, K.CACHE_KEY_CHANGED, new[0][0], f"{old[0][1]} → {new[0][1]}")


def _key(part: Part, *, cached: bool) -> tuple[Part, str] | None:
    """The text by which something is cached, where a part says it; `cached`: its file is about a cache."""
    text = re.search(r"[f$]?[\"'`][^\"'`]*[:{%#][^\"'`]*[\"'`](\s*\+[^,)]*)*", part.value)
    if text is None:
        return None
    if part.form is Form.TEXT:
        makes = re.search(r"(^|_)key$|Key$", part.place.function)
        return (part, part.value) if makes and cached else None
    if part.form is Form.SETTING and re.search(r"(^|_)key$|Key$", part.name):
        return part, part.value
    asks = part.form is Form.CALL and re.search(
        r"(cache|redis|memcached?|rdb)\w*[.>:]+(get|set|fetch|setex|remember|del)$", part.name, re.IGNORECASE
    )
    return (part, text[0].strip()) if asks else None
