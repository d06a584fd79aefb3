"""Settings that an edit changed, took away or brought: what was lowered, shortened, switched or moved.

A setting is a name with a value, in whatever language. What it is for is determined by the words of its name, and where
those are general (`max`, `limit`, `value`) by the names around it.
"""

import itertools
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from lastgood.algorithms.diffs.amounts import TIMES_LESS, Amount, amount
from lastgood.algorithms.diffs.connection_strings import within
from lastgood.algorithms.diffs.grammars import Form
from lastgood.algorithms.diffs.kinds import Effect, EffectKind
from lastgood.algorithms.diffs.parts import Edits, Part
from lastgood.algorithms.diffs.probing import asks_otherwise, probing
from lastgood.algorithms.diffs.rules import effect
from lastgood.algorithms.diffs.unified import Role
from lastgood.algorithms.metric_meaning import words

K = EffectKind
_NONE = re.compile(r"None|null|nil|undefined|unlimited|-1")
_ELSE = re.compile(r"\$\{[\w.]+:-?([^{}]+)\}")  # ${WORKERS:-4}
_LEVELS = {"trace": 0, "finest": 0, "verbose": 0, "silly": 0, "all": 0, "debug": 1, "fine": 1, "info": 2, "information": 2, "notice": 2, "warn": 3, "warning": 3, "error": 4,
           "critical": 5, "fatal": 5, "off": 6}  # fmt: skip
_SWITCHES = {
    "true": True,
    "on": True,
    "yes": True,
    "enabled": True,
    "false": False,
    "off": False,
    "no": False,
    "disabled": False,
}
_ADDRESS = re.compile(
    r"^([a-z][a-z0-9+]*://|[\w.-]+\.(com|net|org|io|internal|local|svc|cluster|example|dev|cloud|lan|corp|aws|test)\b"
    r"|\d{1,3}(\.\d{1,3}){3}|[\w-]+(\.[\w-]+)*:\d{2,5}\b)"
)
# The words of a name that say what its setting is for, the first that fits; then what lowering and raising it does.
Kinds = tuple[EffectKind | None, EffectKind | None]
PURPOSES: tuple[tuple[str, frozenset[str], Kinds], ...] = tuple(
    (name, frozenset(said.split()), kinds)
    for name, said, kinds in (
        ("probe", "initialdelay failurethreshold unhealthythreshold startperiod", (K.PROBE_TIGHTENED, None)),
        ("timeout", "timeout timeouts deadline", (K.TIMEOUT_SHORTENED, K.TIMEOUT_LENGTHENED)),
        ("retry", "retry retries attempts attempt", (K.RETRY_REMOVED, K.RETRY_ADDED)),
        ("backoff", "backoff", (K.RETRY_ADDED, None)),
        ("lifetime", "ttl expiry expires expiration expire lifetime maxage retention lease validity", (K.TTL_SHORTENED, K.TTL_LENGTHENED)),
        ("replicas", "replicas replica instances minreplicas maxreplicas desiredcount desiredcapacity", (K.REPLICAS_LOWERED, None)),
        ("rate", "ratelimit limiter throttle rps qps burst quota tps", (K.RATE_LOWERED, K.RATE_RAISED)),
        ("tolerance", "tolerance threshold epsilon sensitivity cutoff", (K.TOLERANCE_CHANGED, K.TOLERANCE_CHANGED)),
        ("cost", "rounds iterations workfactor bcrypt pbkdf scrypt", (None, K.WORK_ADDED)),
        ("pool", "pool connectionlimit connections conns conn maxconn pending sockets workers threads concurrency permits semaphore processes prefetch", (K.POOL_LOWERED, K.POOL_RAISED)),
        ("batch", "batch batchsize chunk chunksize records", (K.SIZE_LOWERED, K.BATCH_RAISED)),
        ("cache", "cache caching", (K.CACHE_REMOVED, K.SIZE_RAISED)),
        ("memory", "memory mem heap xmx xms", (K.MEMORY_LOWERED, None)),
        ("processor", "cpu cpus gomaxprocs millicores", (K.CPU_LOWERED, None)),
        ("disk", "iops throughput", (K.MACHINE_LOWERED, None)),
        ("schedule", "cron schedule crontab", (K.SCHEDULE_CHANGED, K.SCHEDULE_CHANGED)),
        ("interval", "interval period every polling refresh fixeddelay fixedrate", (K.WORK_ADDED, None)),
        ("size", "limit max page size length capacity buffer queue backlog depth bytes body payload maximum files nofile",
         (K.SIZE_LOWERED, K.SIZE_RAISED)),
    )
)  # fmt: skip
_PER = re.compile(r"\d\w?/(s|m|h|sec|min|hour)\b")  # 100r/s
RATED = ("rate", (K.RATE_LOWERED, K.RATE_RAISED))
_CREDENTIALS = frozenset(["password", "passwd", "secret", "token", "apikey", "credential", "credentials", "username", "audience", "issuer", "scope", "scopes", "role", "signing", "keyid", "clientid", "key"])  # fmt: skip
_CERTIFICATES = frozenset(["certificate", "cert", "certs", "tls", "ssl", "mtls", "ca", "cabundle", "keystore", "truststore", "cipher", "ciphers", "verify", "fingerprint"])  # fmt: skip
_PLACES = frozenset(["url", "uri", "host", "hostname", "endpoint", "address", "addr", "dsn", "server", "servers", "broker", "brokers", "upstream", "port", "region", "bucket", "topic", "queue", "exchange", "nameserver", "domain", "target", "backend", "proxy", "baseurl", "records", "cname"])  # fmt: skip
_LOGS = frozenset(["level", "loglevel", "logging", "logger", "log", "verbosity"])
_CLASSES = ("nano", "micro", "small", "medium", "large", "xlarge", "metal")
_SIZED = re.compile(rf"(?<=\.)(?P<times>\d*)(?P<name>{'|'.join(_CLASSES)})$")
_LOCALES = frozenset(["timezone", "tz", "locale", "charset", "encoding", "collation", "lang"])
_RATES = (frozenset({"rate", "limit"}), frozenset({"requests", "second"}), frozenset({"per", "second"}), frozenset({"per", "minute"}))  # fmt: skip
_AGES = (
    frozenset({"max", "age"}),
    frozenset({"live", "time"}),
    frozenset({"expire", "after"}),
    frozenset({"keep", "for"}),
)


LIFETIME: tuple[str, Kinds] = ("lifetime", (K.TTL_SHORTENED, K.TTL_LENGTHENED))
_TELLING = frozenset(
    {"pool", "cache", "memory", "rate", "retry", "timeout"}
)  # what a general name is a limit of
_INHERITED = frozenset({"pool", "rate", "retry", "timeout", "lifetime", "schedule", "replicas", "tolerance"})
_ASIDE = frozenset([
    "annotation", "annotations", "description", "comment", "label", "labels", "title", "version", "author",
    "font", "width", "height", "padding", "margin",
])  # fmt: skip


def setting_effects(edits: Edits) -> Iterator[Effect]:
    """What an edit does to settings that it changes, takes away or adds."""
    before, after = _settings(edits.old), _settings(edits.new)
    for key, old in before.items():
        new = after.get(key)
        if new is None:
            yield from _gone(edits, old, [part for name, part in after.items() if name not in before])
        elif _bare(new.value) != _bare(old.value):
            yield from _changed(edits, old, new)
    for key, new in after.items():
        if key not in before:
            yield from _come(edits, new, before.values())


def purpose(said: list[str]) -> tuple[str, Kinds] | None:
    """What a setting is for by the words of its name; None when they do not tell."""
    reported = {*said, *("".join(pair) for pair in itertools.pairwise(said))}
    if {"execution", "time"} <= reported:
        reported = {"timeout"}
    if any(pair <= reported for pair in _AGES):
        return LIFETIME
    if any(pair <= reported for pair in _RATES) and not reported & {
        "timeout",
        "pool",
        "error",
        "sample",
        "sampling",
        "failure",
    }:
        return RATED
    return next(((name, kinds) for name, wanted, kinds in PURPOSES if reported & wanted), None)


def _meant(part: Part) -> tuple[str, Kinds] | None:
    """What a setting is for, by its name and those around it."""
    own = purpose(part.words)
    around = [words(name) for name in part.place.path[-2:]]
    if own and own[0] in {"timeout", "probe", "interval"} and any(map(probing, (part.words, *around))):
        return next((name, kinds) for name, _, kinds in PURPOSES if name == "probe")
    if own and own[0] == "timeout" and any({"cache"} <= set(name) for name in around):
        return LIFETIME
    if own and own[0] == "size" and len(part.words) <= 2:
        found = [p for name in reversed(around) if (p := purpose(name)) and p[0] in _TELLING]
        return found[0] if found else own
    if own is None and not set(part.words) & _ASIDE:
        found = [
            p for name in reversed(around) if (p := purpose([*name, *part.words])) and p[0] in _INHERITED
        ]
        return found[0] if found else _kept(part)
    return own


def _kept(part: Part) -> tuple[str, Kinds] | None:
    """A time that a call is given beside what it keeps: `Set(ctx, key, value, 24 * time.Hour)`."""
    reported = {*part.words, *(word for name in part.place.path[-1:] for word in words(name))}
    timed = (found := amount(part.value)) is not None and found.unit == "s"
    kept = (
        reported & {"set", "setex", "put", "store", "expire", "remember"}
        if timed
        else reported & {"setex", "remember", "expire"}
    )
    return LIFETIME if kept else None


def _bare(value: str) -> str:
    """A value without what does not make it another: quotes, a conversion, a source that may set it."""
    value = re.sub(r"^.*(\?\?|\|\|)\s*", "", value.strip()).strip("\"'`[]; ")
    return _ELSE.sub(r"\1", value)


def _settings(parts: Iterable[Part]) -> dict[tuple[tuple[str, ...], str, int], Part]:
    """Settings by the names around them and their own; one that comes twice counts on."""
    found: dict[tuple[tuple[str, ...], str, int], Part] = {}
    again: Counter[tuple[tuple[str, ...], str]] = Counter()
    for part in within(parts):
        if part.form is Form.SETTING and not set(part.words) & _ASIDE:
            key = part.place.path[-2:], part.name.lower()
            found[*key, again[key]] = part
            again[key] += 1
    return found


def _changed(edits: Edits, old: Part, new: Part) -> Iterator[Effect]:
    was, now = _bare(old.value), _bare(new.value)
    meant = RATED if _PER.search(was) and _PER.search(now) else _meant(new)
    reported = f"{new.name} {was} → {now}"
    amounts = _amounts(*(_amount(value, new, meant) for value in (was, now))) if _plain(was, now) else None
    switched = was.lower() in _SWITCHES and now.lower() in _SWITCHES
    kind = _of_words(new, was, now, meant, edits)
    if kind is None and meant and amounts:
        yield from _moved(edits, new, reported, meant, amounts)
    elif kind is None and switched:
        yield from _switched(edits, new, reported, meant, (was, now))
    elif kind := kind or _otherwise(edits, new, meant, (was, now), counts=amounts is not None):
        yield effect(edits, kind, new, reported)


def _otherwise(
    edits: Edits, new: Part, meant: tuple[str, Kinds] | None, values: tuple[str, str], *, counts: bool
) -> EffectKind | None:
    """What else another value may do: no limit, another hour, another place, an amount of one knows not what."""
    configured = edits.hunk.role is Role.CONFIG
    if meant and meant[0] in UNLIMITED and amount(values[0], new.words) and _NONE.fullmatch(values[1]):
        return UNLIMITED[meant[0]]
    if meant and meant[0] == "schedule" and configured:
        return K.SCHEDULE_CHANGED
    if _place(new.words, *values, edits.hunk.role):
        return K.ENDPOINT_CHANGED
    return K.AMOUNT_CHANGED if counts and configured and not meant else None


def _amount(value: str, part: Part, meant: tuple[str, Kinds] | None) -> Amount | None:
    return _rate(value) if meant is RATED and _PER.search(value) else amount(value, part.words)


def _amounts(was: Amount | None, now: Amount | None) -> tuple[Amount, Amount] | None:
    """Both, where they differ and are of one unit."""
    return (was, now) if was and now and was.unit == now.unit and was != now else None


def _rate(value: str) -> Amount | None:
    """So many in a second: `100r/s`, `1r/m`."""
    number, unit = amount(value), re.split("/", value)[-1]
    return (
        replace(number, value=number.value / TIMES_LESS[unit], unit="/s")
        if number and unit in TIMES_LESS
        else None
    )


def _plain(*values: str) -> bool:
    """Whether all of them are amounts and nothing but: a version or an address begins with a number too."""
    return not any(re.match(r"\d+\.\d+\.\d|\d+[.\-]?[a-z]+[.\-]|\d+:\d", value) for value in values)


def _moved(
    edits: Edits, new: Part, reported: str, meant: tuple[str, Kinds], amounts: tuple[Amount, Amount]
) -> Iterator[Effect]:
    """What it does that a setting of some purpose went from one amount to another."""
    name, (lowered, raised) = meant
    was, now = amounts
    if now.value <= 0 < was.value and name in UNLIMITED:
        yield effect(edits, UNLIMITED[name], new, reported)
        return
    kind = lowered if now.value < was.value else raised
    if kind is not None:
        yield effect(
            edits, kind, new, reported, now.value if kind is K.TTL_SHORTENED and now.unit == "s" else None
        )


def _of_words(
    new: Part, was: str, now: str, meant: tuple[str, Kinds] | None, edits: Edits
) -> EffectKind | None:
    """Kinds that the words of a name tell whatever its value's form: log levels, certificates, credentials."""
    reported = {*new.words, *(word for name in new.place.path[-2:] for word in words(name))}
    before, after = _level(was), _level(now)
    if before is not None and after is not None and reported & _LOGS:
        return K.LOG_LEVEL_RAISED if after < before else K.LOG_LEVEL_LOWERED if after > before else None
    if _rank(now) < _rank(was):
        return K.MACHINE_LOWERED
    if asks_otherwise(new, edits):
        return K.PROBE_TIGHTENED
    return _named_kind(new, was, now, code=edits.hunk.role is Role.CODE) if meant is None else None


def _named_kind(new: Part, was: str, now: str, *, code: bool) -> EffectKind | None:
    reported = set(new.words)
    if any("cache" in name.lower() for name in new.place.path[-1:]):
        return None
    literal = all(re.match(r"[\"'`]", part) and "{" not in part for part in (new.value,)) or not code
    if reported & _LOCALES and literal:
        return K.LOCALE_CHANGED
    if reported & _CERTIFICATES and not reported & _PLACES and literal:
        return K.CERTIFICATE_CHANGED
    if (
        reported & _CREDENTIALS
        and literal
        and not _ADDRESS.match(now)
        and len(was) + len(now) > 6
        and not amount(now)
    ):
        return K.CREDENTIAL_CHANGED
    return None


def _rank(value: str) -> float:
    """How large a machine of this class is among those of its make: `db.r6g.2xlarge`, `t3.small`; without one, the same for all."""
    match = _SIZED.search(value.lower())
    return _CLASSES.index(match["name"]) + float(match["times"] or 1) / 100 if match else 0.0


def _level(value: str) -> int | None:
    """The rank of a log level, as it is written: `debug`, `logging.DEBUG`, `zap.DebugLevel`, `LogLevel.Debug`."""
    last = re.split(r"[.:]+", value.lower())[-1]
    return _LEVELS.get(last.removesuffix("level").removesuffix("_"))


def _switched(
    edits: Edits, new: Part, reported: str, meant: tuple[str, Kinds] | None, values: tuple[str, str]
) -> Iterator[Effect]:
    was, now = (_SWITCHES[value.lower()] for value in values)
    if was is now or (edits.hunk.role is Role.CODE and not _flag(new)):
        return
    kinds = {
        "cache": K.FLAG_FLIPPED if now else K.CACHE_REMOVED,
        "retry": K.RETRY_ADDED if now else K.RETRY_REMOVED,
        "rate": K.RATE_LOWERED if now else K.RATE_RAISED,
        "pool": K.POOL_RAISED if now else K.POOL_LOWERED,
    }
    yield effect(edits, kinds.get(meant[0] if meant else "", K.FLAG_FLIPPED), new, reported)


def _flag(part: Part) -> bool:
    """Whether what is switched in code is more than a variable of its own."""
    return len(part.words) > 1 or bool(part.place.path)


def _place(said: list[str], old: str, new: str, role: Role) -> bool:
    if set(said) & {"cidr", "ranges", "cidrs", "principals", "image"}:
        return False
    addressed = bool(_ADDRESS.match(old.lower()) and _ADDRESS.match(new.lower()))
    return addressed or bool(set(said) & _PLACES and role in {Role.CONFIG, Role.MANIFEST} and old and new)


UNLIMITED: Mapping[str, EffectKind] = {
    "timeout": K.TIMEOUT_LENGTHENED, "lifetime": K.TTL_SHORTENED, "rate": K.RATE_RAISED, "size": K.SIZE_UNLIMITED, "batch": K.SIZE_UNLIMITED,
}  # fmt: skip
REMOVED: Mapping[str, EffectKind] = {
    "timeout": K.TIMEOUT_LENGTHENED, "lifetime": K.TTL_LENGTHENED, "retry": K.RETRY_REMOVED, "rate": K.RATE_RAISED,
    "size": K.SIZE_UNLIMITED, "batch": K.SIZE_UNLIMITED, "cache": K.CACHE_REMOVED, "backoff": K.RETRY_ADDED, "pool": K.POOL_LOWERED,
}  # fmt: skip
ADDED: Mapping[str, EffectKind] = {
    "timeout": K.TIMEOUT_SHORTENED, "retry": K.RETRY_ADDED, "rate": K.RATE_LOWERED, "memory": K.MEMORY_LOWERED,
    "processor": K.CPU_LOWERED, "schedule": K.SCHEDULE_CHANGED,
}  # fmt: skip


def _gone(edits: Edits, old: Part, come: list[Part]) -> Iterator[Effect]:
    """A setting that is there no more: what it kept in bounds is unbounded, unless another of its purpose came."""
    meant, value = _meant(old), amount(_bare(old.value), old.words)
    reported = f"{old.name} {_bare(old.value)} is gone"
    if not meant or value is None or meant[0] not in REMOVED:
        kind = _gone_kind(old, come) if edits.hunk.role is Role.CONFIG else None
        if kind is not None:
            yield effect(edits, kind, old, reported)
        return
    rivals = [
        part
        for part in come
        if (m := _meant(part)) and m == meant and (m[0] != "size" or set(part.words) & set(old.words))
    ]
    if rivals:
        now = amount(_bare(rivals[0].value), rivals[0].words)
        if now and now.unit == value.unit and now != value:
            yield from _moved(
                edits,
                rivals[0],
                f"{old.name} {_bare(old.value)} → {rivals[0].name} {_bare(rivals[0].value)}",
                meant,
                (value, now),
            )
    elif not _still(edits, old):
        yield effect(edits, REMOVED[meant[0]], old, reported)


def _still(edits: Edits, old: Part) -> bool:
    """Whether the name is used as before, only with something other than an amount, or its value is named now."""
    value = re.escape(_bare(old.value))
    named = any(part.form is Form.SETTING and re.fullmatch(value, _bare(part.value)) for part in edits.got)
    return named or any(part.last == old.last for part in edits.new)


def _gone_kind(old: Part, come: list[Part]) -> EffectKind | None:
    reported = set(old.words)
    if any(part.words == old.words or _bare(part.value) == _bare(old.value) for part in come):
        return None
    if reported & _CERTIFICATES:
        return K.CERTIFICATE_CHANGED
    if reported & _CREDENTIALS:
        return K.CREDENTIAL_CHANGED
    if reported & _PLACES and _ADDRESS.match(_bare(old.value).lower()):
        return K.ENDPOINT_CHANGED
    return K.FLAG_FLIPPED if _bare(old.value).lower() in _SWITCHES else None


def _come(edits: Edits, new: Part, before: Iterable[Part]) -> Iterator[Effect]:
    """A setting that was not there before, and has no other of its purpose to replace."""
    meant, value = _meant(new), amount(_bare(new.value), new.words)
    if (
        not meant
        or value is None
        or meant[0] not in ADDED
        or (
            edits.hunk.role is Role.CODE
            and re.match(r"(static |private |final |const |export |public )*[A-Z_]+\b", new.line.text.strip())
        )
    ):
        return
    if any((m := _meant(part)) and m[0] == meant[0] for part in before) or (
        edits.hunk.role is Role.CODE and not edits.lost
    ):
        return
    yield effect(edits, ADDED[meant[0]], new, f"{new.name} {_bare(new.value)} is new")
