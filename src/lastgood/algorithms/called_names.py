"""Peers that error texts name: the host that a client could not reach, or did not get an answer from.

Only what has the form of an address counts: the host of a URL, `host:port` behind words of connecting, or a host that
a driver's own message quotes. Words of a sentence are no names.
"""

import re

_HOST = r"(?P<host>[A-Za-z0-9_](?:[\w.-]*[A-Za-z0-9_])?)"
_PORT = r"(?::(?P<port>\d{2,5}))"
# Of a client that connects or waits: libraries of Go, Java, Node, Python, .NET, Ruby, PHP, and drivers of databases.
_SAID = tuple(
    re.compile(words.replace("@host", _HOST).replace("@port", _PORT), re.IGNORECASE)
    for words in (
        r"(?<!see )(?<!See )\b[a-z][a-z0-9+.-]{1,20}://(?:[^\s/@:]+(?::[^\s/@]*)?@)?@host(?:@port)?(?=[/\s\"'),;:?]|$)(?!\S*\.html?\b)",
        r"\b(?:connect|connection|connecting|dial|dialing|reach|call|calling|open socket)\b[^,;]{0,40}?[ (\"'\[/]@host@port\b",
        r"\b(?:ECONNREFUSED|ETIMEDOUT|ECONNRESET|EHOSTUNREACH|ENOTFOUND) @host@port\b",
        r"\bhost=['\"]?@host['\"]?, port=(?P<of>\d{2,5})",
        r"\b(?:server|host) (?:at |on )?['\"`]@host['\"`](?: \([^)]*\))?,? (?:port|is not|timed|did not|failed|\()",
        r"\b[Cc]onnect to (?:the )?\w{0,12} ?server (?:at|on) ['\"]@host(?:@port)?['\"]",
        r"\bupstream: ?['\"](?:\w+://)?@host(?:@port)?",
        r"(?<![\w./-])@host@port(?=[^\w\n]{0,3} ?(?:connection |i/o |read |connect )?(?:refused|timed? ?out|timeout|reset|unreachable|no route|is down|not reachable))",
    )
)  # fmt: skip
# A program on the same machine, by what its socket is called: FastCGI, Puma, Gunicorn, Unicorn behind a proxy.
_SOCKET = re.compile(r"\bunix:(?:/{1,3}[\w.@+-]+)*?/(?P<name>[\w.@+-]+?)\.sock(?:et)?\b")
_FILE = re.compile(
    r"\.(?:py|go|js|ts|mjs|tsx|jsx|java|kt|cs|rb|php|rs|c|cc|cpp|h|scala|ex|exs|pl|lua|sql|html?|log|ya?ml)$"
)
_OWN = frozenset({"localhost", "127.0.0.1", "0.0.0.0"})  # noqa: S104 - names that are compared, not bound


def called_name(text: str) -> str:
    """The host that an error says a call went to, in lower case; empty when it names none.

    A socket of the same machine has the name of what listens there. An address of digits, one's own host and a place in a source file (`main.py:42`) are no names.
    """
    if socket := _SOCKET.search(text):
        return socket["name"].lower()
    for said in _SAID:
        for found in said.finditer(text):
            host = found["host"].lower()
            if not re.search("[a-z]", host) or host in _OWN or _FILE.search(host) or _clock(host):
                continue
            return host
    return ""


def _clock(host: str) -> bool:
    """Whether it is a time or a date that stands before a colon: `2026-11-22t14`."""
    return bool(re.fullmatch(r"[\d-]*t?\d{1,2}", host))
