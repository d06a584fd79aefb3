"""Names that could not be looked up, out of the errors that say so: as resolvers and runtimes word them."""

import re
from collections.abc import Collection

_NAME = r"['\"“]?(?P<name>[A-Za-z0-9_](?:[\w-]*[A-Za-z0-9_])?(?:\.[A-Za-z0-9_](?:[\w-]*[A-Za-z0-9_])?)*)"
# Go; Java; Node; curl and resolvers in words; Python's urllib3; PHP; nslookup and dig.
_SAID = tuple(
    re.compile(words.replace("@@", _NAME), re.IGNORECASE)
    for words in (
        r"\blookup @@(?=\.?(?: on \S+)?: )",
        r"UnknownHostException:? @@",
        r"(?:ENOTFOUND|EAI_AGAIN|EAI_NONAME|EAI_FAIL) @@",
        r"(?:resolve|resolving|resolution of|look up) (?:the )?(?:host(?:name)?|name|address)?(?: of)?:? ?@@",
        r"host=@@.{0,80}(?:NameResolution|getaddrinfo|name resolution)",
        r"getaddrinfo(?: failed)? for @@",
        r"can't find @@: (?:NXDOMAIN|SERVFAIL)",
        r"@@: (?:Temporary failure in name resolution|Name or service not known|No address associated|nodename nor servname)",
        r"(?:NXDOMAIN|SERVFAIL)(?: for| looking up)?:? @@",
    )
)
_WORDS = frozenset(
    {"host", "hostname", "name", "address", "on", "error", "failed", "in", "the", "for", "from"}
)
DNS = "dns"


def unresolved_name(text: str) -> str:
    """The name that an error says could not be looked up; empty when it tells none."""
    for said in _SAID:
        found = said.search(text)
        if found and found["name"].lower() not in _WORDS:
            return found["name"].lower()
    return ""


def at_fault(names: Collection[str]) -> str:
    """What does not resolve: the one name, the zone that all of several are in, else name resolution itself."""
    reported = sorted({name for name in names if name})
    if len(reported) < 2:
        return reported[0] if reported else DNS
    shared: list[str] = []
    for labels in zip(*(reversed(name.split(".")) for name in reported), strict=False):
        if len(set(labels)) > 1:
            break
        shared.append(labels[0])
    return ".".join(reversed(shared)) if len(shared) > 1 else DNS
