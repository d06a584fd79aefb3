"""Upstreams: the names that proxies give to what they hand requests to, as names of services."""

import re
from collections.abc import Collection, Iterable

from lastgood.algorithms.identity import called, only_like, party

# A port behind a name.
_PORT = re.compile(r"(?<=[A-Za-z0-9])(?::|[-_](?=\d{2,5}$|https?$))(?:\d{2,5}|https?)$")
_PARTS = re.compile(r"[-_.]")
_ADDRESS = re.compile(r"^[\d.:\[\]]+$")


def upstream_names(given: Iterable[str], known: Collection[str]) -> dict[str, str]:
    """What each name that a proxy gave is called elsewhere: `known` are names of services.

    A namespace before it and a port behind it are no part of a name. Where no service, or more than one, can be meant it
    keeps its own.
    """
    return {raw: _known(bare(raw), known) or _shown(raw) for raw in given}


def bare(raw: str) -> str:
    """The name without the direction, the cluster and the port; an address as it is."""
    return raw if _ADDRESS.match(raw) else _PORT.sub("", called(raw))


def _shown(raw: str) -> str:
    """The name where no one known is meant: of a host with its domain, which may tell it from another."""
    host = "" if _ADDRESS.match(raw) else party(raw).instance
    return host if "." in host else bare(raw)


def _known(name: str, known: Collection[str]) -> str:
    if name in known:
        return name
    mine = _PARTS.split(name)
    ends = [other for other in sorted(known) if _ends(mine, _PARTS.split(other))]
    longest = [
        one for one in ends if len(_PARTS.split(one)) == max(len(_PARTS.split(other)) for other in ends)
    ]
    return longest[0] if len(longest) == 1 else "" if ends else only_like(name, known)


def _ends(mine: list[str], parts: list[str]) -> bool:
    """Whether a name ends, or begins, with all the parts of another."""
    return len(parts) < len(mine) and parts in (mine[-len(parts) :], mine[: len(parts)])
