"""Settings in lines of configuration and code, before and after: what was lowered, shortened, switched or moved.

A setting is a name with a value: `pool.size: 50`, `"maxRetries": 3`, `timeout=30`, `setMaxPoolSize(10)`,
`<ttl>60</ttl>`, `ENV WORKERS 4`, `-Xmx512m`. What it is for is told by the words of its name.
"""

import itertools
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from lastgood.algorithms.diffs.amounts import TIMES, Amount, amount
from lastgood.algorithms.diffs.kinds import Effect, EffectKind
from lastgood.algorithms.diffs.unified import Edit, Line, Role
from lastgood.algorithms.metric_meaning import words

K = EffectKind
_PAIR = re.compile(
    r"(?<![\w\-/\[\]])(?P<name>[A-Za-z_][\w.\-/\[\]]*)[\"']?\s*(?:=>|:=|[:=](?!=)|\()\s*"
    r"(?P<value>\$?\{\{?[^{}\n]{1,80}\}\}?|\"(?:[^\"\\]|\\.){0,200}\"|'(?:[^'\\]|\\.){0,200}'|[^\s,;(){}\[\]#\"']+(?:\([^()]{0,80}\))?"
    r"(?:\s*\*\s*[\w.]+)*(?:,\s*(?:\w+\.)*(?:TimeUnit|ChronoUnit)\.\w+)?)"
)
_TAGGED = re.compile(r"<(?P<name>[\w.\-:]+)>(?P<value>[^<>]{1,200})</")
_DOCKER = re.compile(r"^\s*(?:ENV|ARG)\s+(?P<name>\w+)\s+(?P<value>\S+)")
# os.environ.get("NAME", "4") · ENV.fetch("NAME", 4) · process.env.NAME ?? 4: the value that holds where nobody says another
_HOLDS = re.compile(r"\{[^{]|\w+\s*=|[\w.]+\(")  # a value that is a call or holds others by name
_DEFAULT = re.compile(
    r"\b\w*(?:env|environ|ENV|[Cc]onfig|[Ss]ettings?|[Pp]ropert\w+)\w*(?:\.\w+)?\(\s*[\"'](?P<name>[\w.\-]+)[\"'],\s*(?P<value>[\"']?[\w.\-]+[\"']?)\s*\)"
)
_OR_ELSE = re.compile(
    r"\benv(?:\.|\[[\"'])(?P<name>\w+)(?:[\"']\])?\s*(?:\|\||\?\?)\s*(?P<value>[\"']?[\w.\-]+[\"']?)"
)
_ELSE = re.compile(r"\$\{(?P<name>[\w.]+):-?(?P<value>[^{}]+)\}")  # ${batch.size:500}, ${WORKERS:-4}
# --workers 8 · "--workers", "8" · --workers=8
_OPTION = re.compile(r"(?:^|[\s\"'\[,])--(?P<name>[a-z][\w\-]+)(?:=|\s+|[\"'],\s*[\"'])(?P<value>\w[\w.]*)")
_HEAP = re.compile(r"-(?P<name>Xm[xs])(?P<value>\d+[kmgKMG]?)")
# context.WithTimeout(ctx, 5*time.Second) · setex(key, ttl, …): the amount comes second
_SECOND = re.compile(
    r"(?<!\w)(?P<name>\w*(?:[Tt]imeout|[Dd]eadline|[Ee]xpir\w+|TTL|[Tt]tl))\(\s*[\w.]+(?:\(\))?,\s*(?P<value>[^,()]+(?:\([^()]*\))?)"
)
# nginx, HAProxy, CoreDNS, Redis: `proxy_read_timeout 60s;`, `timeout server 30s`, `forward . 10.0.0.2`
_DIRECTIVE = re.compile(
    r"\s*(?P<name>[A-Za-z][\w\-]*(?:\s+[a-z][\w\-]*)?)\s+(?:\.\s+)?(?P<value>[\d/][\w./:\-]*|[a-z]+://[^\s;]+|on|off|yes|no|[\w\-]+(?:\.[\w\-]+)+(?::\d+)?)(?:,\s*\d+)*\s*;?\s*"
)
_WITH_DIRECTIVES = re.compile(
    r"\.(conf|cfg)$|(^|/)(Corefile|Caddyfile)$|(^|/)(nginx|haproxy)/|(^|/)config/[^/]+\.rb$", re.IGNORECASE
)
_IMAGE = re.compile(r"^\s*-?\s*(image\s*[:=]|FROM\s)")
_LISTED = re.compile(r"-?\s*name\s*:\s*[\"']?([\w.\-]+)")  # of a manifest's list of variables
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
_NO_NAME = frozenset(
    {"if", "while", "for", "return", "switch", "catch", "elif", "and", "or", "not", "in", "is", "case"}
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
        ("replicas", "replicas replica instances minreplicas maxreplicas desiredcount", (K.REPLICAS_LOWERED, None)),
        ("rate", "ratelimit throttle rps qps burst quota tps", (K.RATE_LOWERED, K.RATE_RAISED)),
        ("cost", "rounds iterations workfactor bcrypt pbkdf scrypt", (None, K.WORK_ADDED)),
        ("pool", "pool connections conns conn maxconn pending sockets workers threads concurrency permits semaphore processes prefetch", (K.POOL_LOWERED, K.POOL_RAISED)),
        ("cache", "cache caching", (K.CACHE_REMOVED, K.SIZE_RAISED)),
        ("memory", "memory mem heap xmx xms", (K.MEMORY_LOWERED, None)),
        ("processor", "cpu cpus gomaxprocs millicores", (K.CPU_LOWERED, None)),
        ("disk", "iops throughput", (K.MACHINE_LOWERED, None)),
        ("schedule", "cron schedule crontab", (K.SCHEDULE_CHANGED, K.SCHEDULE_CHANGED)),
        ("interval", "interval period every polling refresh", (K.WORK_ADDED, None)),
        ("size", "limit max batch page chunk size length capacity buffer queue backlog depth bytes body payload maximum files nofile",
         (K.SIZE_LOWERED, K.SIZE_RAISED)),
    )
)  # fmt: skip
_PER = re.compile(r"\d\w?/(s|m|h|sec|min|hour)\b")  # 100r/s
RATED = ("rate", (K.RATE_LOWERED, K.RATE_RAISED))
_CREDENTIALS = frozenset(["password", "passwd", "secret", "token", "apikey", "credential", "credentials", "username", "audience", "issuer", "scope", "scopes", "role", "signing", "keyid", "clientid", "key"])  # fmt: skip
_CERTIFICATES = frozenset(["certificate", "cert", "certs", "tls", "ssl", "mtls", "ca", "cabundle", "keystore", "truststore", "cipher", "ciphers", "verify", "fingerprint"])  # fmt: skip
_PLACES = frozenset(["url", "uri", "host", "hostname", "endpoint", "address", "addr", "dsn", "server", "servers", "broker", "brokers", "upstream", "port", "region", "bucket", "topic", "queue", "exchange", "nameserver", "domain", "target", "backend", "proxy", "baseurl"])  # fmt: skip
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


@dataclass(frozen=True, slots=True)
class Setting:
    """A name with its value, and the line they stand on."""

    name: str
    value: str
    line: Line

    @property
    def words(self) -> list[str]:
        """The words of the name, in order."""
        return words(self.name)


def setting_effects(edit: Edit) -> Iterator[Effect]:
    """What an edit does to settings that it changes, takes away or adds."""
    before, after = _settings(edit.before, edit), _settings(edit.after, edit)
    for name, old in before.items():
        new = after.get(name)
        if new is None:
            yield from _gone(edit, old, after)
        elif new.value != old.value:
            yield from _changed(edit, old, new)
    for name, new in after.items():
        if name not in before:
            yield from _come(edit, new)


def purpose(said: list[str]) -> tuple[str, Kinds] | None:
    """What a setting is for by the words of its name; None when they do not tell."""
    told = {*said, *("".join(pair) for pair in itertools.pairwise(said))}
    if any(pair <= told for pair in _AGES):
        return "lifetime", (K.TTL_SHORTENED, K.TTL_LENGTHENED)
    if any(pair <= told for pair in _RATES) and not told & {"timeout", "pool", "error", "sample", "sampling"}:
        return "rate", (K.RATE_LOWERED, K.RATE_RAISED)
    return next(((name, kinds) for name, wanted, kinds in PURPOSES if told & wanted), None)


def _settings(lines: Iterable[Line], edit: Edit) -> dict[str, Setting]:
    """Settings by name, in the order of the lines; a name that comes twice counts on."""
    found: dict[str, Setting] = {}
    named = next((m[1] for text in reversed(edit.above) if (m := _LISTED.search(text))), "")
    for line in lines:
        if match := _LISTED.fullmatch(line.text.strip()):
            named = match[1]
        for name, value in _pairs(line.text, edit.path):
            full = f"{named}" if name.lower() == "value" and named else name
            key, again = full.lower(), 1
            while key in found:
                again += 1
                key = f"{full.lower()}#{again}"
            found[key] = Setting(full, value, line)
    return found


def _pairs(text: str, path: str) -> Iterator[tuple[str, str]]:
    stripped = text.strip()
    if stripped.startswith(("//", "#", "*", "/*", "--", ";", "<!--")):
        return
    if _IMAGE.match(text):
        return
    if _WITH_DIRECTIVES.search(path) and (match := _DIRECTIVE.fullmatch(text)):
        yield "_".join(match["name"].split()), match["value"]
        return
    for form in (_TAGGED, _DOCKER, _HEAP, _SECOND, _DEFAULT, _OR_ELSE, _ELSE, _OPTION):
        if form.search(text):
            yield from ((m["name"], m["value"].strip("\"'")) for m in form.finditer(text))
            return
    yield from _named(text, path)


def _named(text: str, path: str) -> Iterator[tuple[str, str]]:
    """Names and what they are set to, those within a call or a group of them too."""
    for match in _PAIR.finditer(text):
        if match["name"].lower() not in _NO_NAME:
            yield match["name"].rstrip(".-"), match["value"].strip("\"'")
        if _HOLDS.match(match["value"]):
            yield from _pairs(match["value"], path)


def _effect(
    edit: Edit, kind: EffectKind, setting: Setting, told: str, seconds: float | None = None
) -> Effect:
    return Effect(kind, edit.path, setting.line.text.strip()[:160], setting.line.number, told[:120], seconds)


def _changed(edit: Edit, old: Setting, new: Setting) -> Iterator[Effect]:
    said = new.words
    meant = RATED if _PER.search(old.value) and _PER.search(new.value) else purpose(said)
    told = f"{new.name} {old.value} → {new.value}"
    was, now = (_rate(v) if meant is RATED else amount(v, said) for v in (old.value, new.value))
    kind = _of_words(said, old.value, new.value)
    if kind is None and said == ["path"] and any("Probe" in text for text in edit.above):
        kind = K.PROBE_TIGHTENED
    amounts = _amounts(was, now) if meant is RATED or _plain(old.value, new.value) else None
    if kind is not None:
        yield _effect(edit, kind, new, told)
    elif meant and amounts:
        yield from moved(edit, new, told, meant, amounts)
    elif old.value.lower() in _SWITCHES and new.value.lower() in _SWITCHES:
        yield from _switched(edit, old, new, told, meant)
    elif meant and meant[0] == "schedule":
        yield _effect(edit, K.SCHEDULE_CHANGED, new, told)
    elif _place(said, old.value, new.value, edit.role):
        yield _effect(edit, K.ENDPOINT_CHANGED, new, told)
    elif amounts and edit.role is Role.CONFIG:
        yield _effect(edit, K.AMOUNT_CHANGED, new, told)


def _amounts(was: Amount | None, now: Amount | None) -> tuple[Amount, Amount] | None:
    """Both, where they differ and are of one unit."""
    return (was, now) if was and now and was.unit == now.unit and was != now else None


def _rate(value: str) -> Amount | None:
    """So many in a second: `100r/s`, `1r/m`."""
    number, unit = amount(value), re.split("/", value)[-1]
    return replace(number, value=number.value / TIMES[unit], unit="/s") if number and unit in TIMES else None


def _plain(*values: str) -> bool:
    """Whether all of them are amounts and nothing but: a version or an address begins with a number too."""
    return not any(re.match(r"\d+\.\d+\.\d|\d+[.\-]?[a-z]+[.\-]", value) for value in values)


def moved(
    edit: Edit, new: Setting, told: str, meant: tuple[str, Kinds], amounts: tuple[Amount, Amount]
) -> Iterator[Effect]:
    """What it does that a setting of some purpose went from one amount to another."""
    name, (lowered, raised) = meant
    was, now = amounts
    unlimited = now.value <= 0 < was.value
    if unlimited and name in {"timeout", "lifetime", "rate", "size"} and now.value <= 0:
        kinds = {
            "timeout": K.TIMEOUT_LENGTHENED,
            "lifetime": K.TTL_SHORTENED,
            "rate": K.RATE_RAISED,
            "size": K.SIZE_UNLIMITED,
        }
        yield _effect(edit, kinds[name], new, told)
        return
    kind = lowered if now.value < was.value else raised
    if kind is not None:
        lives = now.value if kind is K.TTL_SHORTENED and now.unit == "s" else None
        yield _effect(edit, kind, new, told, lives)


def _of_words(said: list[str], old: str, new: str) -> EffectKind | None:
    """Kinds that the words of a name tell whatever its value's form: log levels, certificates, credentials."""
    told, before, after = set(said), _level(old), _level(new)
    if before is not None and after is not None and told & _LOGS:
        return K.LOG_LEVEL_RAISED if after < before else K.LOG_LEVEL_LOWERED
    if _rank(new) < _rank(old):
        return K.MACHINE_LOWERED
    return _named_kind(told, old, new) if purpose(said) is None else None


def _named_kind(told: set[str], old: str, new: str) -> EffectKind | None:
    if told & _LOCALES:
        return K.LOCALE_CHANGED
    if told & _CERTIFICATES and not told & _PLACES:
        return K.CERTIFICATE_CHANGED
    if told & _CREDENTIALS and not _ADDRESS.match(new) and len(old) + len(new) > 6:
        return K.CREDENTIAL_CHANGED
    return None


def _rank(value: str) -> float:
    """How large a machine of this class is among those of its make: `db.r6g.2xlarge`, `t3.small`; without one, the same for all."""
    match = _SIZED.search(value.lower())
    if match is None:
        return 0.0
    return _CLASSES.index(match["name"]) + float(match["times"] or 1) / 100


def _level(value: str) -> int | None:
    """The rank of a log level, as it is written: `debug`, `logging.DEBUG`, `zap.DebugLevel`, `LogLevel.Debug`."""
    last = re.split(r"[.:]+", value.lower())[-1]
    return _LEVELS.get(last.removesuffix("level").removesuffix("_"))


def _switched(
    edit: Edit, old: Setting, new: Setting, told: str, meant: tuple[str, Kinds] | None
) -> Iterator[Effect]:
    was, now = _SWITCHES[old.value.lower()], _SWITCHES[new.value.lower()]
    if was is now:
        return
    name = meant[0] if meant else ""
    kinds = {
        "cache": K.FLAG_FLIPPED if now else K.CACHE_REMOVED,
        "retry": K.RETRY_ADDED if now else K.RETRY_REMOVED,
        "rate": K.RATE_LOWERED if now else K.RATE_RAISED,
        "pool": K.POOL_RAISED if now else K.POOL_LOWERED,
    }
    yield _effect(edit, kinds.get(name, K.FLAG_FLIPPED), new, told)


def _place(said: list[str], old: str, new: str, role: Role) -> bool:
    addressed = bool(_ADDRESS.match(old.lower()) and _ADDRESS.match(new.lower()))
    return addressed or bool(set(said) & _PLACES and role in {Role.CONFIG, Role.MANIFEST} and old and new)


REMOVED: Mapping[str, EffectKind] = {
    "timeout": K.TIMEOUT_LENGTHENED, "lifetime": K.TTL_LENGTHENED, "retry": K.RETRY_REMOVED, "rate": K.RATE_RAISED,
    "size": K.SIZE_UNLIMITED, "cache": K.CACHE_REMOVED, "backoff": K.RETRY_ADDED, "pool": K.POOL_LOWERED,
}  # fmt: skip
ADDED: Mapping[str, EffectKind] = {
    "timeout": K.TIMEOUT_SHORTENED, "retry": K.RETRY_ADDED, "rate": K.RATE_LOWERED, "memory": K.MEMORY_LOWERED,
    "processor": K.CPU_LOWERED, "schedule": K.SCHEDULE_CHANGED,
}  # fmt: skip


def _gone(edit: Edit, old: Setting, after: Mapping[str, Setting]) -> Iterator[Effect]:
    """A setting that is there no more: what it kept in bounds is unbounded, unless another of its purpose came."""
    meant = purpose(old.words)
    value = amount(old.value, old.words)
    if not meant or value is None or meant[0] not in REMOVED:
        if edit.role is Role.CONFIG and old.words and not set(old.words) & {"name", "description", "comment"}:
            told = f"{old.name} {old.value} is gone"
            kind = _gone_kind(old)
            if kind is not None:
                yield _effect(edit, kind, old, told)
        return
    rivals = [s for s in after.values() if (m := purpose(s.words)) and m[0] == meant[0]]
    if rivals:
        now = amount(rivals[0].value, rivals[0].words)
        if now and now.unit == value.unit and now != value:
            told = f"{old.name} {old.value} → {rivals[0].name} {rivals[0].value}"
            yield from moved(edit, rivals[0], told, meant, (value, now))
        return
    yield _effect(edit, REMOVED[meant[0]], old, f"{old.name} {old.value} is gone")


def _gone_kind(old: Setting) -> EffectKind | None:
    told = set(old.words)
    if told & _CERTIFICATES:
        return K.CERTIFICATE_CHANGED
    if told & _CREDENTIALS:
        return K.CREDENTIAL_CHANGED
    if told & _PLACES and _ADDRESS.match(old.value.lower()):
        return K.ENDPOINT_CHANGED
    return K.FLAG_FLIPPED if old.value.lower() in _SWITCHES else None


def _come(edit: Edit, new: Setting) -> Iterator[Effect]:
    """A setting that was not there before, and has no other of its purpose to replace."""
    meant = purpose(new.words)
    value = amount(new.value, new.words)
    if not meant or value is None or meant[0] not in ADDED:
        return
    if any(
        (m := purpose(words(name))) and m[0] == meant[0]
        for line in edit.before
        for name, _ in _pairs(line.text, edit.path)
    ):
        return
    yield _effect(edit, ADDED[meant[0]], new, f"{new.name} {new.value} is new")
