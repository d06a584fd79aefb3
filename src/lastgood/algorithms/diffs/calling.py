"""Calls that code makes to others: one for each of several, at once, again, waited for; what it registers; work it adds."""

import re
from collections.abc import Iterator

from lastgood.algorithms.diffs.grammars import Form
from lastgood.algorithms.diffs.kinds import Effect
from lastgood.algorithms.diffs.kinds import EffectKind as K
from lastgood.algorithms.diffs.parts import Edits, Part
from lastgood.algorithms.diffs.rules import counted, effect, rule

_ASKS = re.compile(
    r"^(query\w*|exec\w*|find\w*|get\w*async|get_by\w*|getby\w*|load\w*|fetch\w*|first|lookup\w*|invoke\w*|request\w*|send\w*|post\w*|do|call\w*|scalar\w*|insert\w*|update\w*|save\w*|select\w*|download\w*|upload\w*|publish\w*|urlopen|curl_exec|count\w*async)$"
)
_OTHERS = re.compile(
    r"(^|[._$>:])(\w*(client|repo|repository|dao|stub|gateway|api|service|db|session|redis|cache|store|database)s?"
    r"|prices|users|customers|http|axios|requests|httpx|conn\w*|cursor|objects|em|orm|prisma|es|s3|sqs|bucket|collection)([._\[$>:(-]|$)",
    re.IGNORECASE,
)
_BULK = re.compile(
    r"select_related|prefetch_related|joinedload|selectinload|(^|[.>:])includes?$|preload|eager|bulk|batch|many\b|many[A-Z]|findby\w*ids\b|findallby|by\w*in$|getall|mget|dataloader|(?<=[a-z])ids$|_many|Many|executemany",
    re.IGNORECASE,
)
_BULK_VALUE = re.compile(r"\bIN ?\(|ANY\(|__in\b|\.in\(|\binclude:|\bJOIN\b|in_\(", re.IGNORECASE)
_QUICK = re.compile(
    r"^(get|put|set|add|append|push|insert|remove|has|contains\w*|count|first|log|print\w*|format|emit|join|split|strip|lower|upper|items|keys|values|len|map|filter|update)$"
)
_AT_ONCE = re.compile(r"Promise\.all(Settled)?$|(asyncio\.)?gather$|parallelStream$|Parallel\.ForEach\w*$|Task\.WhenAll$|supplyAsync$|runAsync$|join_all$|try_join_all$|pmap$|awaitAll$|tokio::spawn$|par_iter$|create_task$|executor\.(submit|map)$", re.IGNORECASE)  # fmt: skip
_BLOCKS = re.compile(
    r"^(requests\.\w+|urllib\S*|(time|(std::)?thread)[.:]+sleep|subprocess\.\w+|psycopg2?\.connect|boto3\.\w+)$"
)
_RULES = (
    rule(r"retry|retries|attempts?$|resilience4j|tenacity|\bPolly\b", K.RETRY_REMOVED, K.RETRY_ADDED, unless=lambda edits, _: _settled(edits, "retry")),
    rule(r"back_?off|jitter", K.RETRY_ADDED, forms="call"),
    rule(r"(^|[.>:])(sleep|usleep|delay|block|getresult|readfilesync|execsync|\w+(?<!a)sync)$", None, K.WAIT_ADDED, "call", unless=lambda edits, _: any("setTimeout" in p.name for p in edits.got)),
    rule(r"\.(?-i:Result|GetResult)$", None, K.WAIT_ADDED, "call safe setting"),
    rule(r"^(re\.compile|RegExp|Pattern\.compile|regexp\.(must)?compile|Regex::new|Regex|structuredclone|(_\.|copy\.)?(deepcopy|clonedeep)|JSON\.parse\.?JSON\.stringify)$|bcrypt|pbkdf2|scrypt|argon2", None, K.WORK_ADDED, "call", unless=lambda _, got: all(_once(part) for part in got)),
    rule(
        r"^(app|router|bp|blueprint|api|bus|mux|r|server|builder\.Services|services)?\.?(register\w*|subscribe|add_?handler|add_url_rule|include_router|add_?listener|handlefunc|handle|mapget|mappost|mapput|mapdelete|add_?route|mount|add_job|connect_signal|on|get|post|put|delete|use|add(scoped|singleton|transient|hostedservice)\w*)$"
        r"|(^|[.>:])(register\w*|subscribe|handlefunc|register_blueprint|include_router|connect)$|^(resources?|path|re_path|url)$|^(bean|component|service|restcontroller|kafkalistener|rabbitlistener|eventlistener|scheduled|getmapping|postmapping|shared_task|receiver|app\.task|celery\.task)$|^(app|router|bp|blueprint)\.\w+$",
        K.REGISTRATION_REMOVED,
        unless=lambda _, lost: not any(map(_registers, lost)),
    ),
)  # fmt: skip


def calling_effects(edits: Edits) -> Iterator[Effect]:
    """What an edit does to calls."""
    yield from counted(edits, _RULES)
    yield from _in_loops(edits)
    yield from _unpaused(edits)
    yield from _blocking(edits)


def _once(part: Part) -> bool:
    """Whether something is made when the program starts, not with each request."""
    return not part.line.text[:1].isspace() or bool(re.search(r"\b(static|final|readonly)\b", part.line.text))


def _settled(edits: Edits, word: str) -> bool:
    """Whether what is named so is only set to another value, which belongs to the setting."""
    return all(
        any(word in part.name.lower() or "attempt" in part.name.lower() for part in parts)
        for parts in (edits.lost, edits.got)
    )


def _registers(part: Part) -> bool:
    """Connections are no registrations, nor is what is made on the spot and put before all others."""
    if part.form is Form.MARK:
        return True
    if part.last == "connect":
        return "sender" in part.value or "signal" in part.name
    if part.last == "use":
        return "(" not in part.value[1:]
    return part.last not in {"get", "delete", "put", "post", "on", "path", "url"} or bool(
        re.search(r"^\(\s*[\"'`][/\w]", part.value)
    )


def _remote(part: Part) -> bool:
    """Whether a call goes to something else: a database, a service, a cache."""
    if part.form is not Form.CALL or _BULK.search(part.name):
        return False
    if re.search(r"\b(fetch|axios|requests|httpx|urlopen)\b", part.name):
        return True
    receiver = re.split(r"[.:>]+", part.name)[:-1]
    others = bool(receiver and _OTHERS.search(".".join(receiver) + "."))
    asks = bool(_ASKS.match(part.last))
    return (
        (others and (asks or not _QUICK.match(part.last) or part.last in {"get", "insert", "first"}))
        or (asks and part.place.waits)
        or bool(receiver and re.match(r"query|exec|find_?(one|by)|fetch_?one|load$|send$", part.last))
    )


def _bulk(part: Part) -> bool:
    return (
        part.form is Form.CALL
        and bool(_BULK.search(part.name) or _BULK_VALUE.search(part.value))
        and not part.name.endswith("BatchSize")
    )


def _in_loops(edits: Edits) -> Iterator[Effect]:
    """A call for each of several things, and several things done at once."""
    were = [part for part in edits.lost if part.place.loop]
    at_once = [
        [
            part
            for part in parts
            if part.form is Form.SPAWN or (part.form is Form.CALL and _AT_ONCE.search(part.name))
        ]
        for parts in (edits.lost, edits.got)
    ]
    each = [part for part in edits.got if part.place.loop and not part.place.handler and _remote(part)]
    bulk = [[part for part in parts if _bulk(part)] for parts in (edits.lost, edits.got)]
    looped = each and not any(part.last == each[0].last for part in were if part.form is Form.CALL)
    if len(at_once[1]) > len(at_once[0]) and not bulk[0]:
        yield effect(edits, K.CONCURRENCY_RAISED, at_once[1][0])
    elif looped:
        yield effect(edits, K.CALLS_IN_LOOP, each[0])
    elif bulk[0] and not bulk[1] and any(part.form is Form.CALL for part in edits.got):
        yield effect(edits, K.CALLS_IN_LOOP, next(part for part in edits.got if part.form is Form.CALL))


def _unpaused(edits: Edits) -> Iterator[Effect]:
    """Tries that no longer wait between them."""
    lost = [
        part
        for part in edits.lost
        if part.form is Form.CALL and part.last in {"sleep", "delay"} and part.place.loop
    ]
    if lost and not any(part.last in {"sleep", "delay"} for part in edits.got):
        yield effect(edits, K.RETRY_ADDED, lost[0])


def _blocking(edits: Edits) -> Iterator[Effect]:
    """A call that holds up all others, where one was awaited or in a function that may wait."""
    known = {part.name for part in edits.old}
    blocks = [
        part
        for part in edits.new
        if part.form is Form.CALL and _BLOCKS.match(part.name) and part.name not in known
    ]
    waited = any(part.place.waits for part in [*edits.old, *blocks])
    if blocks and waited:
        yield effect(edits, K.WAIT_ADDED, blocks[0])
