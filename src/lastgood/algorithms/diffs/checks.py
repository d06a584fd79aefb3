"""Checks, handlers of errors and cases that code lost or got, and conditions that turned."""

import re
from collections.abc import Iterator, Sequence

from lastgood.algorithms.diffs.grammars import Form
from lastgood.algorithms.diffs.kinds import Effect
from lastgood.algorithms.diffs.kinds import EffectKind as K
from lastgood.algorithms.diffs.parts import Edits, Part
from lastgood.algorithms.diffs.rules import counted, effect, rule

_CHECKS = frozenset(["validate", "verify", "sanitize", "sanitise", "ensure", "require", "assert", "check", "authorize", "authorise", "authenticate", "permit", "guard"])  # fmt: skip
_MARKS = re.compile(r"valid|notnull|notblank|preauthorize|secured|rolesallowed|login_?required|requires?_|permission|authenticated|authorize|authguard|useguards", re.IGNORECASE)  # fmt: skip
_TOLERANT = re.compile(r"^(unwrap_or\w*|getordefault|or_?else\w*|or_?default|setdefault|try_?get\w*|isset|is_?null\w*|empty|blank|present|nil|any|is_?empty|is_?blank|isnullor\w+|ofnullable|requirenonnull|hasattr|hasownproperty|containskey|contains_key|has_key|throwif\w*|is_none|is_some|is_ok|is_err|array_key_exists|ok_or\w*)$")  # fmt: skip
_NULL = re.compile(r"\b(null|nil|None|undefined)\b")
_ERROR = re.compile(
    r"\b(err|error|exc|ex)\w*\s*!==?\s*(nil|null)|\b(err|error)$|\.is_err\(|\bif let Err", re.IGNORECASE
)
_REFUSES = re.compile(
    r"\b(raise|throw|panic|abort|reject|die|fail|bail)\b|\bErr\(|errors\.New|Errorf|status\.Error|\b[45]\d\d\b|BadRequest|Forbidden|Unauthor|Unprocess|Conflict|unprocessable|bad_request|forbidden|[,\s]\s*err\w*\b|\berr[A-Z]\w*|\bErr[A-Z]\w*|NewError|Problem\(|Result\.Fail"
)
_QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'")
_HANDLERS = (
    rule(r"(^|[.>:])(catch|on_?error\w*|onErrorResume\w*|recover|rescue|fallback\w*|or_?else_?get|catchError)$", K.HANDLER_REMOVED),
    rule(r"", K.HANDLER_REMOVED, forms="handler"),
)  # fmt: skip
_OPERATORS = frozenset([
    "&&", "||", "==", "!=", "===", "!==", "<", ">", "<=", ">=", "and", "or", "not", "!", "unless", "if",
    "is",
])  # fmt: skip
_STEP = frozenset({"+", "-", "(", ")"})


def check_effects(edits: Edits) -> Iterator[Effect]:
    """What an edit does to checks, handlers, cases and conditions."""
    yield from counted(edits, _HANDLERS)
    yield from _errors(edits)
    yield from _checks(edits)
    yield from _cases(edits)


def _weight(part: Part) -> int:
    """How many things a part looks at before it goes on."""
    if part.place.handler or (part.form is Form.GUARD and _handles(part)):
        return 0
    match part.form:
        case Form.GUARD if part.exits:
            return 1 + len(re.findall(r"&&|\|\||\band\b|\bor\b", part.value))
        case Form.GUARD:
            looks = bool(_NULL.search(part.value))
        case Form.CALL if not part.place.guard:
            looks = bool(_TOLERANT.match(part.last)) or _checking(part) or _defaulted(part)
        case Form.MARK:
            looks = bool(_MARKS.search(part.name))
        case _:
            looks = part.form is Form.SAFE
    return int(looks)


def _checking(part: Part) -> bool:
    """Whether a call looks at something: `validateOrder(o)`, not `check.add()`."""
    first = re.match(r"[a-z]+", re.split(r"[.:>]+", part.name)[-1])
    return first is not None and first[0] in _CHECKS and part.last != "require"


def _defaulted(part: Part) -> bool:
    """Whether a look-up says what to take where there is nothing."""
    return (
        part.last in {"get", "fetch", "getor"}
        and "=" not in part.value
        and len(re.findall(r",", re.sub(r"\([^()]*\)", "", part.value[1:-1]))) == 1
        and "cache" not in part.words
        and not re.match(r"\(\s*[\"'`](/|http)", part.value)
    )


def _handles(part: Part) -> bool:
    return bool(_ERROR.search(part.value))


def _errors(edits: Edits) -> Iterator[Effect]:
    """Errors that are looked at as values."""
    old, new = (
        [part for part in parts if part.form is Form.GUARD and _handles(part)]
        for parts in (edits.lost, edits.got)
    )
    if len(old) > len(new):
        yield effect(edits, K.HANDLER_REMOVED, old[0])


def _checks(edits: Edits) -> Iterator[Effect]:
    old, new = ([(w, part) for part in parts if (w := _weight(part))] for parts in (edits.lost, edits.got))
    was, now = sum(w for w, _ in old), sum(w for w, _ in new)
    if was > now:
        yield effect(
            edits, K.CHECK_REMOVED, next((part for _, part in old if part.form is Form.GUARD), old[0][1])
        )
    elif now > was:
        refusing = [part for _, part in new if part.form is Form.GUARD and _refuses(edits, part)]
        if refusing:
            yield effect(edits, K.CHECK_ADDED, refusing[0])


def _refuses(edits: Edits, part: Part) -> bool:
    """Whether what passed before is turned away: not in a function that is new, and that no service calls yet."""
    made, had = ({one.name for one in parts if one.form is Form.FUNCTION} for parts in (edits.new, edits.old))
    function = part.place.function
    unused = function in made - had and function.lower() not in edits.called
    return not unused and bool(_REFUSES.search(_QUOTED.sub("_", part.exits)))


def _cases(edits: Edits) -> Iterator[Effect]:
    """Cases of a switch, and entries of a table of what to do."""
    lost, got = (
        [
            part
            for part in parts
            if part.form is Form.CASE and not re.match(r"_$|default|None\b|Some\b|Ok\b|Err\b", part.name)
        ]
        for parts in (edits.lost, edits.got)
    )
    listed = lost and ":" in lost[0].line.text and not re.match(r"\s*(case|when)\b", lost[0].line.text)
    if len(lost) > len(got) and not (listed and edits.got):
        yield effect(edits, K.BRANCH_REMOVED, lost[0])


def turned(was: Sequence[str], now: Sequence[str]) -> bool:
    """Whether two lines differ in how they decide or step, and in nothing else."""
    if was == now:
        return False
    plain = [[sign for sign in signs if sign not in _OPERATORS] for signs in (was, now)]
    (old, steps), (new, others) = _stepless(was), _stepless(now)
    return plain[0] == plain[1] or (old == new and steps != others)


def _stepless(signs: Sequence[str]) -> tuple[list[str], list[str]]:
    """Signs without what is added or taken away, and without brackets; and what that is."""
    found, steps = list[str](), list[str]()
    for before, sign in zip(["", *signs], signs, strict=False):
        if before in {"+", "-"} and sign.isdigit():
            steps.append(before + sign)
        elif sign not in _STEP:
            found.append(sign)
    return found, steps
