"""Captures: a request over HTTP out of curl text, a HAR document (HAR 1.2) or a saved request of our own."""

import re
import shlex
from collections import deque
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import SplitResult, unquote_plus, urlsplit

from lastgood.algorithms.answer_shapes import shape_of
from lastgood.algorithms.secrets import names_a_secret, without_secrets
from lastgood.model.replay import AnswerShape, CapturedRequest

# Options of curl that take a value; some of them matter here.
_VALUED = frozenset({
    "-X", "--request", "-H", "--header", "--url", "-u", "--user", "-F", "--form",
    "-o", "--output", "-m", "--max-time", "--connect-timeout", "--retry", "-w", "--write-out", "--cacert", "-E", "--cert",
    "--key", "-x", "--proxy", "--resolve", "-c", "--cookie-jar", "--limit-rate",
})  # fmt: skip
_DATA = frozenset(
    {"-d", "--data", "--data-raw", "--data-ascii", "--data-binary", "--json", "--data-urlencode"}
)
_NAMED_HEADER = {"-A": "user-agent", "--user-agent": "user-agent", "-b": "cookie", "--cookie": "cookie",
                 "-e": "referer", "--referer": "referer"}  # fmt: skip
_FLAGS = {"-I": "HEAD", "--head": "HEAD", "-G": "", "--get": ""}  # the method; else data go into the address
_SHORT = re.compile(r"-[A-Za-z].+")
LONGEST_PROGRAM = 1_000  # characters with the name of the program
CREDENTIALS = frozenset({
    "authorization", "cookie", "cookie2", "proxy-authorization", "authentication", "auth", "x-auth", "x-access", "remote-user",
    "ssl-client-cert", "jsessionid", "phpsessid", "samlresponse", "samlrequest",
})  # fmt: skip
# Names of proofs of who asks: signed addresses and sessions; and headers in which a proxy says who the user is.
_PROOF = re.compile(
    r"(?:^|[-_.])(?:signature(?:-\d+)?|sig|hmac|assertion|client-cert|otp|passcode|jwt|dpop|subscription-key|app-key"
    r"|session(?:[-_]?id)?|sid)$"
    r"|^x-(?:goog-(?:iap|authenticated)|amzn-oidc|ms-client-principal|auth-request|remote-|forwarded-(?:user|email|groups|preferred))"
)
# Headers that are of the connection, or of the one who sent it then.
OF_CONNECTION = frozenset({
    "host", "content-length", "connection", "transfer-encoding", "keep-alive", "te", "upgrade", "proxy-connection",
    "accept-encoding", "traceparent", "tracestate",
})  # fmt: skip
BODYLESS = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
NO_BODY = "the body of the request was not captured"
NO_FILE = "the body is in a file that is named, not captured: {name}"


def from_curl(text: str, source: str = "curl") -> CapturedRequest | None:
    """The request of a curl command; None where the text is none."""
    body = _uncommented(text)
    first = body[:LONGEST_PROGRAM].split(maxsplit=1)
    if not first or first[0].rsplit("/", 1)[-1] != "curl":
        return None  # before all of it is taken apart, which is slow
    try:
        words = shlex.split(body.replace("\\\n", " "))
    except ValueError:
        return None
    found, left = _Curl(), deque(words[1:])
    rest = _drained(left)
    while left:
        word, *value = _apart(left.popleft())
        left.extendleft(value)
        found.take(word, rest)
    return found.request(source) if found.url else None


def _uncommented(text: str) -> str:
    """The text without its lines of comments; a # in a quoted text begins none."""
    kept, quote = list[str](), ""
    for line in text.split("\n"):
        if not quote and line.lstrip().startswith("#"):
            continue
        kept.append(line)
        escaped = False
        for char in line:
            if escaped:
                escaped = False
            elif char == "\\" and quote != "'":
                escaped = True
            elif char == quote:
                quote = ""
            elif char in "'\"" and not quote:
                quote = char
    return "\n".join(kept)


def _drained(left: deque[str]) -> Iterator[str]:
    """The words that are left, as they are: what an option takes is its value, whatever it looks like."""
    while left:
        yield left.popleft()


def _apart(word: str) -> list[str]:
    """`-XPOST` and `--request=POST` as an option and its value; any other word as it is."""
    name, mark, value = word.partition("=")
    if word.startswith("--") and mark:
        return [name, value]
    if _SHORT.fullmatch(word) and word[:2] in {"-X", "-H", "-d", "-A", "-b", "-u", "-o", "-m"}:
        return [word[:2], word[2:]]
    return [word]


class _Curl:
    """What the words of a command come to."""

    def __init__(self) -> None:
        self.url = self.method = ""
        self.headers: dict[str, str] = {}
        self.data: list[str] = []
        self.missing: list[str] = []
        self.in_url = False

    def take(self, word: str, rest: Iterator[str]) -> None:
        """Take a word, and its value from the rest where it has one."""
        if word in _FLAGS:
            self.method, self.in_url = _FLAGS[word] or self.method, self.in_url or not _FLAGS[word]
        elif not word.startswith("-"):
            self.url = self.url or word
        elif word in _DATA:
            self._data(word, next(rest, ""))
        elif word in _NAMED_HEADER:
            self.headers[_NAMED_HEADER[word]] = next(rest, "")
        elif word in _VALUED:
            self._option(word, next(rest, ""))

    def _option(self, word: str, value: str) -> None:
        if word in {"-X", "--request"}:
            self.method = value.upper()
        elif word in {"-H", "--header"}:
            name, _, text = value.partition(":")
            self.headers[name.strip().lower()] = text.strip()
        elif word == "--url":
            self.url = value
        elif word in {"-u", "--user"}:
            self.headers.setdefault("authorization", "[redacted]")
        elif word in {"-F", "--form"}:
            self.missing.append(f"a form field of the body: {value.partition('=')[0]}")

    def _data(self, option: str, value: str) -> None:
        if value.startswith("@") and option != "--data-raw":
            self.missing.append(NO_FILE.format(name=value[1:]))
            return
        self.data.append(value)
        if option == "--json":
            self.headers.setdefault("content-type", "application/json")

    def request(self, source: str) -> CapturedRequest:
        """The request."""
        split = split_address(self.url if "://" in self.url else f"http://{self.url}")
        path = split.path or "/"
        query = "&".join(part for part in (split.query, *(self.data if self.in_url else ())) if part)
        body = None if self.in_url or not self.data else "&".join(self.data)
        if body is not None:
            self.headers.setdefault("content-type", "application/x-www-form-urlencoded")
        method = self.method or ("POST" if body is not None else "GET")
        return CapturedRequest(
            method, f"{path}?{query}" if query else path, split.netloc.rpartition("@")[2], self.headers, body,
            source=source, operation=path, missing=tuple(self.missing),
        )  # fmt: skip


def from_har(document: Any, source: str = "HAR") -> tuple[CapturedRequest, ...]:
    """Every request of a HAR document, in its order; nothing where it is none."""
    log = document.get("log") if isinstance(document, Mapping) else None
    entries = log.get("entries") if isinstance(log, Mapping) else None
    return tuple(
        _of_entry(entry, f"{source}, entry {number}")
        for number, entry in enumerate(entries or (), 1)
        if isinstance(entry, Mapping) and isinstance(entry.get("request"), Mapping)
    )


def _of_entry(entry: Mapping[str, Any], source: str) -> CapturedRequest:
    asked = entry["request"]
    split = split_address(str(asked.get("url") or "/"))
    method = str(asked.get("method") or "GET").upper()
    headers = _headers(asked)
    posted = asked.get("postData")
    body = posted.get("text") if isinstance(posted, Mapping) else None
    expected = _count(asked.get("bodySize")) > 0 or method not in BODYLESS
    answered = entry.get("response")
    status = _count(answered.get("status")) if isinstance(answered, Mapping) else 0
    return CapturedRequest(
        method, f"{split.path or '/'}?{split.query}" if split.query else split.path or "/", split.netloc, headers, body,
        status=status or None, source=source, operation=split.path,
        missing=(NO_BODY,) if body is None and expected else (), answer=_answer(answered),
    )  # fmt: skip


def _headers(message: Mapping[str, Any]) -> dict[str, str]:
    named = [one for one in message.get("headers") or () if isinstance(one, Mapping)]
    both = ((str(one.get("name", "")).lower(), str(one.get("value", ""))) for one in named)
    return {name: value for name, value in both if not name.startswith(":")}


def _answer(answered: Any) -> AnswerShape:
    """The shape of what was answered, as far as it was recorded."""
    if not isinstance(answered, Mapping):
        return AnswerShape()
    content = answered.get("content")
    text = content.get("text") if isinstance(content, Mapping) and not content.get("encoding") else None
    return shape_of(_headers(answered), text if isinstance(text, str) else "")


def _count(value: Any) -> int:
    return value if isinstance(value, int) else 0


def split_address(url: str) -> SplitResult:
    """The parts of an address; of one that cannot be split, all is the path."""
    try:
        return urlsplit(url)
    except ValueError:
        return SplitResult("", "", url, "", "")


def is_credential(name: str, value: str = "") -> bool:
    """Whether a header or parameter, its name in lower case, is a secret of the one who sent it: by its name or form."""
    text, plain = f"{name}: {value}", name.rstrip("]").rpartition("[")[2]  # `user[password]`
    return (
        name in CREDENTIALS
        or bool(_PROOF.search(plain))
        or names_a_secret(plain)
        or without_secrets(text) != text
    )


def without_credentials(path: str) -> tuple[str, tuple[str, ...]]:
    """A path without its parameters that are credentials, `?token=1` and `;jsessionid=1`, and their names.

    What follows a # is never sent, so it goes as well.
    """
    place, _, query = path.partition("#")[0].partition("?")
    named = [_named(part) for part in query.split("&")]
    both = {"code", "state"} <= {
        name for name, _, _ in named
    }  # the code of OAuth 2 (RFC 6749, 4.1.2), not one of a country
    dropped = [
        name for name, value, _ in named if is_credential(name.lower(), value) or (both and name == "code")
    ]
    kept = "&".join(part for name, _, part in named if name not in dropped)
    first, *inner = place.split(";")
    for part in inner:
        name, value, _ = _named(part.partition("/")[0])
        is_one = is_credential(name.lower(), value)
        dropped += [name] if is_one else []
        first += part[len(part.partition("/")[0]) :] if is_one else f";{part}"
    return (f"{first}?{kept}" if kept else first) if dropped else path.partition("#")[0], tuple(dropped)


def _named(parameter: str) -> tuple[str, str, str]:
    """The name and the value of a parameter as they are meant, and all of it as it is written."""
    name, _, value = parameter.partition("=")
    return unquote_plus(name), unquote_plus(value), parameter


def holds_a_credential(path: str) -> bool:
    """Whether a part of the path itself looks like one: it cannot be left out."""
    return any(is_credential("", unquote_plus(part)) for part in path.partition("?")[0].split("/"))


def pair_of(requests: tuple[CapturedRequest, ...]) -> tuple[CapturedRequest, CapturedRequest | None] | None:
    """The first request that failed (5xx before 4xx), and the working one most like it; None where none failed."""
    failed = [one for low in (500, 400) for one in requests if one.status and low <= one.status < low + 100]
    if not failed:
        return None
    first = failed[0]
    working = [one for one in requests if one.status and one.status < 400 and one.method == first.method]
    same = [one for one in working if route(one.path) == route(first.path)]
    return first, max(same, key=lambda one: _alike(one, first), default=None)


def route(path: str) -> str:
    """A path without its query, numbers and ids in it replaced: `/orders/17` is `/orders/*`."""
    parts = path.partition("?")[0].split("/")
    return "/".join("*" if re.search(r"\d", part) else part for part in parts)


def _alike(one: CapturedRequest, other: CapturedRequest) -> int:
    same = sum(other.headers.get(name) == value for name, value in one.headers.items())
    return same + (one.path == other.path)
