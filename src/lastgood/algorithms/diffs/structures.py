"""Statements of code that an edit took away or brought: checks, handlers, locks, transactions, releases, registrations, loops.

The forms are those of Python, Go, Java, Kotlin, C#, JavaScript, TypeScript, Ruby, Rust and PHP. Each is counted in the
lines before and after: what is fewer is removed, what is more is added; what only moved or was rephrased is neither.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest

from lastgood.algorithms.diffs.kinds import Effect, EffectKind
from lastgood.algorithms.diffs.unified import Edit, Line, Role

K = EffectKind


@dataclass(frozen=True, slots=True)
class Form:
    """How a kind of statement looks, and what it means that one is gone or has come."""

    looks: re.Pattern[str]
    gone: EffectKind | None
    come: EffectKind | None = None
    instead: re.Pattern[str] | None = None  # one of these does what several of them did


def _form(looks: str, gone: EffectKind | None, come: EffectKind | None = None, instead: str = "") -> Form:
    return Form(re.compile(looks), gone, come, re.compile(instead) if instead else None)


_SCOPED = r"\bdefer\b|\b(async )?with \w+[\w.]*\(|\busing (var\b|\w+ \w+ ?=|\()|\btry ?\(|\.use ?\{|\b(open|with\w*|checkout|synchronize)\b[^|]*\bdo \|\w"


FORMS: tuple[Form, ...] = (
    # What would be touched without being there, or without having been looked at.
    _form(
        r"\bis (not )?None\b|[!=]==? ?(null|nil|undefined|None)\b|(null|nil|undefined) [!=]==?|\bisset\(|\.nil\?|\.blank\?|\.present\?"
        r"|requireNonNull|IsNullOr|\bOptional\b|\.ofNullable|\?\.\w|\?\?|&\.\w|\.is_(some|none|ok|err)\(|if let Some|unwrap_or"
        r"|getOrDefault|\.orElse|\.get\([^()=]*,[^()=]*\)|\.fetch\(|setdefault|hasattr\(|hasOwnProperty|ContainsKey|TryGet|try_get|containsKey"
        r"|^\s*if (not |\(?!)[\w.$]+\)?\s*[:{]?$|, ?(ok|found|exists) ?:?= |\bif !?(ok|found|exists)\b",
        K.CHECK_REMOVED,
    ),
    _form(
        r"\b(validate|verify|sanitize|ensure|require|assert|check|authorize|authenticate|permit)\w*!?\(|\b(is|has|can)_?(valid|allowed|permitted|authori[sz]ed|empty|expired)\w*\b"
        r"|\bassert\b|@(Valid|NotNull|PreAuthorize|Secured|login_required|requires_auth|permission_required)\b|before_action|\bguard\b"
        r"|^\s*(\} ?else )?(if|unless)\b.*[<>]=? ?(len\(|[\w.]+\.(length|size|Count|len)\b)|\.(length|size|Count|len)\(?\)? ?(==|>|<|!=|>=|<=) ?\d|\blen\(\w+\) ?(==|>|<|!=|>=|<=)",
        K.CHECK_REMOVED,
    ),
    _form(r"\bexcept\b|\bcatch\b|\brescue\b|\brecover\(\)|\.catch\(|\.on_?error|onErrorResume|\.recover\(|\bif err != nil\b|fallback", K.HANDLER_REMOVED),
    _form(r"\braise\b|\bthrow\b|\bpanic!?\(|\babort\(|\breject\(|return .*\b(err|error|Err)\(|errors\.New|fmt\.Errorf|status\((4|5)\d\d\)|HTTP_4\d\d|BadRequest", None, K.CHECK_ADDED),
    _form(r"\bsynchronized\b|\.R?Lock\(\)|\block\s*\(|\bMutex|mutex|\bwith \w*[lL]ock|\.acquire\(|\.tryLock|ReentrantLock|FOR UPDATE|\bflock\(|advisory_lock|\bSemaphore\b|setnx|redlock", K.LOCK_REMOVED, K.LOCK_ADDED),
    _form(r"transaction|\bTransactional\b|\.atomic\b|BeginTx|\bBEGIN\b|\.begin\(|unit_of_work|UnitOfWork|savepoint", K.TRANSACTION_REMOVED, K.TRANSACTION_ADDED),
    _form(r"\bretry|\bretries\b|Retry|\battempts?\b|tenacity|\bPolly\b|resilience4j", K.RETRY_REMOVED, K.RETRY_ADDED),
    _form(r"[bB]ack_?[oO]ff|\bjitter", K.RETRY_ADDED),
    _form(
        _SCOPED + r"|\.(close|Close|dispose|Dispose|release|Release|shutdown|disconnect|end|free|destroy|evict|unsubscribe|removeListener|removeEventListener|off|cancel|delete|discard|clear|drain|stop|rollback)\w*\(|\bfinally\b"
        r"|\b[fp]?close\(|\b\w+_(close|free|unlock|release)\(|<-\w+(\.\w+)*\s*\}\(\)|clearInterval|clearTimeout|\bensure$|\bdel \w|\.pop\(|drop\(\w+\)",
        K.RELEASE_REMOVED,
        instead=_SCOPED,
    ),
    _form(
        r"\b(register|subscribe|addHandler|add_handler|add_url_rule|include_router|addListener|add_listener|HandleFunc|Handle|MapGet|MapPost|add_route|addRoute|mount|bind|provide|install|connect_signal|use)\w*\(|\bRegister\w*\("
        r"|@(app|router|bp|blueprint)\.\w+\(|@(Bean|Component|Service|RestController|KafkaListener|RabbitListener|EventListener|Scheduled|Get|Post|Put|Delete)\w*\b"
        r"|services\.Add\w+|router\.(get|post|put|delete|use)\(|\bresources? :|\bpath\(|celery\.task|@(shared_)?task|\.on\(|INSTALLED_APPS|MIDDLEWARE",
        K.REGISTRATION_REMOVED,
    ),
    _form(r"@(lru_)?cache\b|lru_cache|@cached|\bmemoi[sz]e|@Cacheable|[cC]ache\.(get|fetch|Get|getOrCreate|GetOrCreate|computeIfAbsent|remember)|cache_page|\bcached\(|\.withCache", K.CACHE_REMOVED),
    _form(r"^\s*(case\b.*:|when\b|.*=> ?\{?$|elif\b|\} ?else if\b|elsif\b|else if\b|[\"'][\w.*/\-]+[\"'] ?: ?[\w.{\[].*,?$)", K.BRANCH_REMOVED),
    _form(r"\b(sleep|Sleep|Thread\.sleep|delay|usleep)\(|time\.Sleep|\.get\(\)\.join|\.Result\b|\.Wait\(\)|\.GetResult\(\)|\.block\(\)|execSync|readFileSync|Sync\(", None, K.WAIT_ADDED),
    _form(r"re\.compile\(|new RegExp\(|Pattern\.compile|regexp\.(Must)?Compile|Regex::new|new Regex\(|bcrypt|pbkdf2|scrypt|argon2|deepcopy|cloneDeep|JSON\.parse\(JSON\.stringify", None, K.WORK_ADDED),
    _form(r"\bLIMIT\b ?[\d:$?%{]|\.limit\(|\.take\(|\.first\(\d|\.Take\(|setMaxResults|\.paginate\(|per_page|page_size|\[ ?:\w+ ?\]|FETCH FIRST|\bTOP ?\(?\d", K.SIZE_UNLIMITED),
    _form(r"@@index|@@unique|@Index\b|\b(db_)?index ?= ?[Tt]rue|\bmodels\.Index\(|\.index\(\{|\b(ensure|create)Index\(|\bt\.index\b|gorm:\"[^\"]*\bindex", K.INDEX_DROPPED),
)  # fmt: skip
LOGGED = re.compile(
    r"(\w+\.)*(log|logger|logging|slog|zap|console|_log|LOG)\.\w+\(.*\)[;,]?$"
    r"|[\"']?[\w.-]*log[\w.-]*(format|layout|pattern|encod|style|colou?r)[\w.-]*[\"']?\s*[:=]",
    re.IGNORECASE,
)
# Zones, encodings and locales, by the names that they have everywhere.
_LOCALE = re.compile(
    r"\b(?:America|Europe|Asia|Africa|Australia|Pacific|Atlantic)/[A-Z]\w+|\b(?:ZoneOffset|ZoneId|DateTimeZone|timezone|pytz|time)\.(?:UTC|utc|Local|systemDefault)\b"
    r"|\bZoneId\.of\(|\btz(?:info)? ?=|[\"'](?:UTC|GMT[+\-\d]*)[\"']|\b[Uu][Tt][Ff]_?-?(?:8|16)\b|\b(?:latin|iso|ISO)[-_]?(?:8859[-_])?\d+\b|\b(?:cp|windows-)125\d\b"
    r"|\bCultureInfo\.\w+(?:\([^)]*\))?|\bLocale\.[A-Z]\w+|[\"'][a-z]{2}[-_][A-Z]{2}[\"']"
)
_BLOCKS = re.compile(
    r"\brequests\.\w+\(|\burlopen\(|\btime\.sleep\(|\bsubprocess\.\w+\(|\burllib3?\.\w+|\bpsycopg2?\.connect\("
)
_AWAITED = re.compile(r"\bawait\b|\basync (with|for)\b")
_ACCESS = re.compile(
    r"\b(cidr_blocks?|source_ranges|(in|e)gress|security_groups?|(from|to)_port|principals|podSelector|namespaceSelector|ipBlock|authorized_networks"
    r"|allowed_(ips|cidrs|hosts|origins)|allow-?list|white-?list)\b",
    re.IGNORECASE,
)
_ASIDE = re.compile(r"\s+(//|#) .*$")
_COMMENT = re.compile(r"^\s*(//|#(?!\[|include|define)|\*|/\*|--|<!--|\"\"\"|''')")
_LOOP = re.compile(
    r"^\s*(for|while|foreach|loop)\b|\.(forEach|each|map|flatMap|collect|each_with_index|Select|ForEach)\b ?[({]|\bdo \||\bfor \w+(, ?\w+)* in\b|\brange\b"
)
_CALL = re.compile(
    r"\.(query|execute|exec|Query|Exec|QueryRow|find|findOne|findById|find_by|getById|get_by_id|load|fetch|fetchone|fetchOne|first|lookup|Lookup|invoke|request|send|post|Get|Post|Do|call|Call|scalar)\w*\("
    r"|\.where\(|\b(fetch|axios(\.\w+)?|requests?\.\w+|httpx?\.\w+|http\.\w+|urlopen|curl_exec)\(|\bawait\b|\.objects\.(get|filter)\("
    r"|\b\w*(client|Client|repo|Repo|repository|Repository|dao|Dao|db|DB|stub|Stub|api|Api|gateway|session|redis|cache)\w*\.\w+\(|\bSELECT\b"
)
_BULK = re.compile(
    r"\bIN ?\(|ANY\(|_in\(|\.in\(|__in\b|select_related|prefetch_related|joinedload|selectinload|\bincludes?\(|preload|eager|\.Include\(|\bJOIN\b|[bB]ulk|[bB]atch|findAllById|getAll|get_many|getMany|mget|MGet|find_all|Promise\.all|DataLoader|gather\("
)
_GROWS = re.compile(r"\.(append|push|add|put|set|insert|Add|store)\(|\w\[[^\]]+\] ?= ?\S|= append\(")
_KEEPS = re.compile(
    r"lru_cache\(maxsize ?= ?None\)|@(functools\.)?cache$"
    r"|^(static |private |public |final |readonly |const |var |let |export |protected |pub )*[\w<>\[\], .:?]*\b_?[A-Za-z]\w*(: ?[^=]+)? ?:?= ?(\{\}|\[\]|dict\(\)|list\(\)|set\(\)|new (Concurrent|Linked|Weak)?(HashMap|Map|Set|HashSet|ArrayList|List|Dictionary|ConcurrentDictionary)\b.*|make\(map.*|defaultdict\(.*|map\[.*\{\}|Hash\.new|HashMap::new\(\))"
)
_BOUND = re.compile(
    r"max_?size|max_?entries|maximumSize|capacity|LRU|lru|expire|ttl|evict|maxlen|SizeLimit|\bpop\w*\(|\.(delete|remove|clear)\(",
    re.IGNORECASE,
)
_KEY = re.compile(
    r"[\"'`]([A-Za-z_][\w.\-]*)[\"'`]|\bjson:\"([\w.\-]+)|\.([A-Za-z_]\w*)\b|\b([A-Za-z_]\w*) ?[:=]|\b([a-z]\w+) = \d+;"
)
_TOKEN = re.compile(r"[A-Za-z_][\w.\-]*|\d+|[^\w\s]")
_STEP = re.compile(r"\s*[+\-]\s*\d+\b|[()]")
_OPERATORS = re.compile(r"&&|\|\||[=!]==?|[<>]=?|\b(and|or|not|unless|if)\b|!")
_CONTRACTS = re.compile(r"\.(proto|avsc|graphql|thrift|xsd|wsdl)$|openapi|swagger|schema|(^|/)(dto|contracts?|messages?|events?|api|models?)/", re.IGNORECASE)  # fmt: skip


def structural_effects(edit: Edit) -> Iterator[Effect]:
    """What an edit does to statements."""
    before, after = _told(edit, edit.before), _told(edit, edit.after)
    for form in FORMS:
        yield from _counted(edit, form, before, after)
    yield from _loops(edit, before, after)
    yield from _unbounded(edit, before, after)
    yield from _pairs(edit, before, after)
    yield from _spoken_alike(edit, before, after)
    yield from _blocking(edit, before, after)


def access_effects(edit: Edit) -> Iterator[Effect]:
    """What an edit of a firewall's or a network policy's rules takes from those who may connect."""
    lost = [line for line in edit.before if _ACCESS.search(line.text)]
    kept = {line.text.strip() for line in edit.after}
    if gone := next((line for line in lost if line.text.strip() not in kept), None):
        yield _effect(edit, K.ACCESS_CHANGED, gone)


def _told(edit: Edit, lines: Sequence[Line]) -> list[Line]:
    """The lines that do something: no comments, no texts of several lines, nothing that only writes a log line."""
    found: list[Line] = []
    prose = sum(text.count('"""') for text in edit.above) % 2 == 1
    for line in lines:
        text = line.text.strip()
        if text and not prose and not _COMMENT.match(line.text) and not LOGGED.match(text):
            found.append(replace(line, text=_ASIDE.sub("", line.text)))
        prose ^= text.count('"""') % 2 == 1
    return found


def _effect(edit: Edit, kind: EffectKind, line: Line, what: str = "") -> Effect:
    text = line.text.strip()[:160]
    return Effect(kind, edit.path, text, line.number, what or text[:80])


def _counted(edit: Edit, form: Form, before: list[Line], after: list[Line]) -> Iterator[Effect]:
    was, now = ([line for line in lines for _ in form.looks.finditer(line.text)] for lines in (before, after))
    if len(was) > len(now) and form.gone is not None and not _replaced(form.instead, before, after):
        left = {line.text.strip() for line in now}
        lost = next((line for line in was if line.text.strip() not in left), was[0])
        yield _effect(edit, form.gone, lost)
    elif len(now) > len(was) and form.come is not None:
        known = {line.text.strip() for line in was}
        yield _effect(edit, form.come, next((line for line in now if line.text.strip() not in known), now[0]))


def _replaced(instead: re.Pattern[str] | None, before: list[Line], after: list[Line]) -> bool:
    """Whether a statement came that does what several did."""
    if instead is None:
        return False
    was, now = (sum(bool(instead.search(line.text)) for line in lines) for lines in (before, after))
    return now > was


def _spoken_alike(edit: Edit, before: list[Line], after: list[Line]) -> Iterator[Effect]:
    """Text or times that are read and written in another zone, locale or encoding."""
    was, now = ([m for line in lines for m in _LOCALE.findall(line.text)] for lines in (before, after))
    if was and after and sorted(map(str.lower, was)) != sorted(map(str.lower, now)):
        line = next(line for line in before if _LOCALE.search(line.text))
        yield _effect(
            edit, K.LOCALE_CHANGED, line, f"{line.text.strip()[:60]} → {after[0].text.strip()[:60]}"
        )


def _blocking(edit: Edit, before: list[Line], after: list[Line]) -> Iterator[Effect]:
    """A call that holds up all others, where one was awaited or in a function that may wait."""
    asynchronous = "async " in edit.heading or any("async def" in text for text in edit.above)
    waits = [line for line in after if _BLOCKS.search(line.text) and "await" not in line.text]
    had = sum(bool(_BLOCKS.search(line.text)) for line in before)
    if len(waits) > had and (asynchronous or any(_AWAITED.search(line.text) for line in before)):
        yield _effect(edit, K.WAIT_ADDED, waits[0])


def _indent(text: str) -> int:
    return len(text) - len(text.lstrip())


def _loops(edit: Edit, before: list[Line], after: list[Line]) -> Iterator[Effect]:
    """A call that is now made inside a loop: in lines that came, under a loop of theirs or just above them."""
    calls = [line for line in after if _CALL.search(line.text)]
    if not calls:
        return
    called = {line.text.strip() for line in before}
    over = [(_indent(text), text) for text in edit.above if text.strip()]
    for line in after:
        depth = _indent(line.text)
        over = [(d, text) for d, text in over if d < depth]
        looped = any(_LOOP.search(text) for _, text in over)
        looped |= "." in line.text and bool(
            _LOOP.search(line.text) and _CALL.search(line.text.partition("(")[2])
        )
        each, loop, _ = line.text.partition(" for ")
        looped |= bool(loop and each.strip() and _CALL.search(each))
        if looped and line in calls and line.text.strip() not in called and not _BULK.search(line.text):
            yield _effect(edit, K.CALLS_IN_LOOP, line)
            return
        over.append((depth, line.text))
    if any(_BULK.search(line.text) for line in before) and not any(_BULK.search(line.text) for line in after):
        yield _effect(edit, K.CALLS_IN_LOOP, calls[0])


def _unbounded(edit: Edit, before: list[Line], after: list[Line]) -> Iterator[Effect]:
    """Something that lives long and only grows: a store of things without a bound, or one that lost its bound."""
    if any(_BOUND.search(line.text) and "None" not in line.text for line in after):
        return
    keeps = [line for line in after if _KEEPS.search(line.text.strip())]
    bounded = next((line for line in before if _BOUND.search(line.text)), None)
    if bounded is not None and (keeps or any(re.search("[cC]ache", line.text) for line in after)):
        yield _effect(edit, K.CACHE_UNBOUNDED, bounded)
        return
    lasting = next((line for line in keeps if not _local(line.text)), None)
    if lasting is not None and ("cache" in lasting.text or any(_GROWS.search(line.text) for line in after)):
        yield _effect(edit, K.CACHE_UNBOUNDED, lasting)


def _local(text: str) -> bool:
    """Whether a name is one of a function's own, and gone with it."""
    return _indent(text) > 8 or (bool(re.match(r"\s*(let|var|const) ", text)) and _indent(text) > 2)


def _pairs(edit: Edit, before: list[Line], after: list[Line]) -> Iterator[Effect]:
    """Lines that stand for each other: a name that another replaced, a condition that turned, a field that is gone."""
    paired = len(before) == len(after)
    for old, new in zip_longest(before, after) if paired else ():
        found = None if _LOCALE.search(old.text) else _renamed(old.text, new.text, edit)
        if found is not None:
            yield _effect(edit, K.FIELD_RENAMED, new, f"{found[0]} → {found[1]}")
            return
        if _turned(old.text, new.text):
            yield _effect(
                edit, K.CONDITION_CHANGED, new, f"{old.text.strip()[:60]} → {new.text.strip()[:60]}"
            )
            return
    if before and not after and _CONTRACTS.search(edit.path) and edit.role in {Role.CODE, Role.CONFIG}:
        line = next((line for line in before if _KEY.search(line.text)), None)
        if line is not None:
            yield _effect(edit, K.FIELD_REMOVED, line)


def _renamed(old: str, new: str, edit: Edit) -> tuple[str, str] | None:
    """The name of data that another replaced, where nothing else of the line is different."""
    was, now = _TOKEN.findall(old), _TOKEN.findall(new)
    if len(was) != len(now):
        return None
    different = {(a, b) for a, b in zip(was, now, strict=True) if a != b}
    if len(different) != 1:
        return None
    ((a, b),) = different
    keys = [{key for found in _KEY.findall(text) for key in found if key} for text in (old, new)]
    named = a.isidentifier() or "-" in a or "." in a
    declares = edit.role is not Role.CODE or _CONTRACTS.search(edit.path)
    set_here = rf"|\b{re.escape(a)}\?? ?[:=]" if declares else ""
    data = re.search(rf"[\"'`]{re.escape(a)}[\"'`,\\]|\.{re.escape(a)}\b(?!\(){set_here}", old)
    return (a, b) if a in keys[0] and b in keys[1] and named and data else None


def _turned(old: str, new: str) -> bool:
    """Whether two lines differ in how they decide, and in nothing else."""
    if old == new:
        return False
    turned = (
        _OPERATORS.search(old + new) and _OPERATORS.sub("", old).split() == _OPERATORS.sub("", new).split()
    )
    return bool(turned) or (bool(re.search(r"[-+] ?\d", old + new)) and _stepless(old) == _stepless(new))


def _stepless(text: str) -> list[str]:
    """The words of a line without what is added to or taken from them."""
    return _TOKEN.findall(_STEP.sub(" ", text))
