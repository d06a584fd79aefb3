"""What an error text speaks of: the kinds of trouble whose words are the same in every system.

The words are those of operating systems (errno and its messages), of TLS and DNS libraries, of the wire
protocols' status names and of the common database drivers and pools; no system's own words are here.
"""

import re
from collections.abc import Mapping

from lastgood.model.failure import ErrorKind
from lastgood.model.figures import shortened

# Kinds in the order of depth: what stands earlier causes what stands later.
K = ErrorKind
# What is said of a time that is not taken: of tokens, signed requests and tickets.
CLOCK_REFUSED = (
    r"(token|jwt|assertion|ticket|signature|request|message).{0,40}(not (yet )?valid (yet|before)|not yet valid|issued in the future|used (too early|before))"
    r"|RequestTimeTooSkewed|clock skew|KRB_AP_ERR_SKEW|ImmatureSignature|\b(iat|nbf)\b.{0,30}(future|not (yet )?valid|too early)|timestamp.{0,30}(in the future|too far)"
)
WORDS: Mapping[ErrorKind, tuple[str, ...]] = {
    K.DISK_FULL: (
        r"no space left on device|disk (is )?full|\bENOSPC\b|disk quota exceeded|read-only file ?system",
        r"insufficient disk space|could not extend file|\bErrcode: 28\b|unable to extend (table|segment|index)|could not allocate space for object",
        r"disk usage exceeded|flood[- ]stage (disk )?watermark|disk (resource )?limit alarm|disk (space )?(threshold|limit) (was |is )?(reached|exceeded)",
    ),
    K.MEMORY: (
        r"out of memory|OutOfMemory|OOM[- ]?kill|\boom-kill|cannot allocate memory|\bENOMEM\b",
        r"java heap space|GC overhead limit|\bMemoryError\b|heap out of memory",
        r"memory limit exceeded|\bOOM command not allowed|memory high watermark|memory (resource )?limit alarm",
    ),
    K.CERTIFICATE: (
        r"certificate (has |is |was )?(expired|not yet valid|invalid|revoked|unknown|verify)",
        r"certificate.{0,40}(expired|verif|not trusted|validity|revoked)|\bx509\b|CERT_HAS_EXPIRED|PKIX path",
        r"(ssl|tls)[ _-]?(handshake|alert)|SSLHandshakeException|unable to get (local )?issuer|unknown[ _]ca\b",
    ),
    K.DNS: (
        r"no such host|name resolution|NXDOMAIN|\bSERVFAIL\b|getaddrinfo|EAI_AGAIN|\bENOTFOUND\b|UnknownHost",
        r"could not resolve|unable to resolve|name or service not known|dns (lookup|error|timeout|failure)",
        r"lookup \S+ on \S+:53\b|server misbehaving|temporary failure in name|DNS_PROBE|ERR_NAME_NOT_RESOLVED",
    ),
    K.CLOCK: (CLOCK_REFUSED,),
    K.HANDLES: (r"too many open files|\bEMFILE\b|\bENFILE\b|conntrack: table full",),
    K.LOCKS: (
        r"deadlock|lock wait timeout|could not obtain lock|lock timeout|database is locked",
        r"SQLITE_BUSY|canceling statement due to lock|could not serialize access|lock not available",
    ),
    K.RANGE: (
        r"reached (its )?(maximum|minimum) value|(sequence|identity|auto[_-]?increment|primary key).{0,60}(exhausted|overflow|out of range|max_?value)",
        r"\b(integer|bigint|smallint|int[248]) out of range|out of range (value )?for (column|type)|arithmetic overflow|ORA-0(8004|1438)\b",
        r"failed to read auto-?increment|duplicate entry '(32767|65535|8388607|16777215|2147483647|4294967295)'",
    ),
    K.POOL: (
        r"too many (connections|clients already)|max number of clients|remaining connection slots|connection pool|pool (is )?(exhausted|empty|full)",
        r"pool (size|limit).{0,40}(reached|overflow|exceeded)|QueuePool limit|no (free|idle|available) connection",
        r"(waiting|wait|acquir\w+|obtain\w*|get\w*).{0,40} connection from.{0,20} pool",
        r"connection is not available, request timed out|(unable|failed) to acquire (a |an )?(\w+ )?connection\b",
        r"(could|can) ?not (acquire|get|obtain) (a |an )?(\w+ )?connection\b.{0,60}(timed? ?-?out|timeout|pool)|pool is probably full",
        r"(waiting|wait|waited) for (a |an )?(free |idle |database |db )?connection\b",
        r"timeout exceeded when trying to connect|ResourceRequest timed out|Connection ?Acquire ?Timeout|resource from the pool|pool timed out",
        r"(could not obtain|no) (a )?(database )?connection (available )?within|connection not available and request was dropped",
        r"no (free|available) (threads?|workers?)|thread ?pool.{0,40}(exhausted|full|reject)",
    ),
    K.RATE_LIMIT: (
        r"rate[- ]?limit|too many requests|throttl(ed|ing)|quota (has been )?exceeded|RESOURCE_EXHAUSTED",
        r"slow down, please|requests per (second|minute) exceeded",
    ),
    K.NETWORK: (
        r"network is unreachable|no route to host|\bENETUNREACH\b|\bEHOSTUNREACH\b|connection reset|\bECONNRESET\b",
        r"broken pipe|\bEPIPE\b|packet loss|connection aborted",
    ),
    K.REFUSED: (
        r"connection refused|\bECONNREFUSED\b|no healthy upstream|service unavailable|(?-i:\bUNAVAILABLE\b)",
        r"bad gateway|circuit ?breaker.{0,20}open|upstream connect error|host is down",
    ),
    K.TIMEOUT: (r"timed?[- ]?out|deadline[_ ]exceeded|\bETIMEDOUT\b|TimeoutE|context deadline",),
    K.CREDENTIALS: (
        r"password authentication failed|\b28P01\b|authentication failed for user|access denied for user '|ORA-01017|login failed for user '",
        r"\bWRONGPASS\b|\bNOAUTH\b|SASL authentication (?:failed|exception)|SaslAuthenticationException|ACCESS_REFUSED - Login was refused",
        r"\bExpiredToken(?:Exception)?\b|InvalidClientTokenId|SignatureDoesNotMatch|InvalidAccessKeyId|AADSTS70002\d\d?",
        r"(?:client secret|api key|access key|service account key|password) (?:is |has |was )?(?:expired|revoked|disabled|rotated)",
    ),
    K.DENIED: (
        r"unauthori[sz]ed|forbidden|permission denied|access denied|invalid (api[ _-]?key|token|credentials|signature)",
        r"authentication failed|password authentication",
    ),
    K.BAD_DATA: (
        r"malformed|unparse?able|(could not|cannot|failed to|unable to) (parse|decode|deseriali[sz]e|unmarshal)",
        r"unexpected (token|end of|character)|invalid (json|xml|utf-?8|byte|format|value|character|date|row|record)",
        r"(json|unicode) ?decode ?error|schema validation|violates .{0,30}constraint|duplicate key|truncated (file|record|data)",
    ),
}
_PATTERNS = {kind: re.compile("|".join(WORDS[kind]), re.IGNORECASE) for kind in ErrorKind}


def error_kinds(text: str) -> tuple[ErrorKind, ...]:
    """What a text reports, deepest first; empty when it has none of the words."""
    return tuple(kind for kind, pattern in _PATTERNS.items() if pattern.search(text))


def said_of(kind: ErrorKind, text: str, most: int) -> str:
    """The part of a text, of `most` letters, that speaks of a trouble: its beginning, or where the words stand."""
    found = _PATTERNS[kind].search(text)
    if found is None or found.end() < most or len(text) <= most:
        return shortened(text, most)
    start = max(0, min(found.start() - most // 4, len(text) - most))
    return f"…{shortened(text[start + 1 :], most - 1)}"


def is_store(name: str) -> bool:
    """Whether a peer is a database, by the name that instrumentation gives it."""
    return bool(_STORES.search(name))


_STORES = re.compile(
    r"postgres|mysql|mariadb|mongo|oracle|mssql|sqlserver|sqlite|cassandra|dynamo|cockroach|elasticsearch"
    r"|opensearch|clickhouse|redis|\bdb\b|\bpg\b|\bsql\b|memcache|valkey|aurora|\brds\b|database|replica\b",
    re.IGNORECASE,
)

# What is said of another that was asked and did not answer well.
ANSWERED = re.compile(
    r"\b(up|down)stream\b|\b(respond\w*|answer\w*|return\w*|replied)\b.{0,20}\b(5\d\d|429)\b|\bHTTP (status )?5\d\d\b"
    r"|bad gateway|gateway time-?out"
    # What clients of HTTP say when they gave up on an answer.
    r"|HttpClient\.Timeout|Client\.Timeout exceeded|\b(Read|Open|Socket)Timeout(Error|Exception)?\b|ESOCKETTIMEDOUT"
    r"|timeout of \d+ ?ms exceeded|cURL error 28|\bcall (to \S+ )?timed out",
    re.IGNORECASE,
)


# What databases answer to a statement that does not fit their tables: the fault is in who sends it, or who changed them.
_UNFIT = re.compile(
    r"\b(column|relation|table|view|function|type)\b[^\n]{0,200}?\b(does not|doesn't) exist|\bunknown column\b|\bno such (column|table)\b"
    r"|\binvalid (column|object) name\b|\bsyntax error at or near\b|\berror in your SQL syntax\b|\bORA-009(04|42)\b",
    re.IGNORECASE,
)


def is_refused_statement(service: str, text: str) -> bool:
    """Whether a store reports that a statement does not fit its tables: it answers as it should."""
    return is_store(service) and _UNFIT.search(text) is not None
