"""Upstreams: the names that proxies give to what they hand requests to, as names of services."""

import re
from collections.abc import Collection, Iterable

# Envoy's cluster of a mesh (direction|port|subset|host), a cluster's DNS name, and a port behind a name.
_MESH = re.compile(r"^(?:in|out)bound\|\d*\|[^|]*\|")
_CLUSTER = re.compile(r"\.[^.]+\.svc(?:\..*)?$")
_PORT = re.compile(r"(?<=[A-Za-z0-9])(?::|[-_](?=\d{2,5}$|https?$))(?:\d{2,5}|https?)$")
_PARTS = re.compile(r"[-_.]")
_ADDRESS = re.compile(r"^[\d.:\[\]]+$")


def upstream_names(given: Iterable[str], known: Collection[str]) -> dict[str, str]:
    """What each name that a proxy gave is called elsewhere: `known` are names of services.

    A namespace before it and a port behind it are no part of a name. Without a service of that name it keeps its own.
    """
    return {raw: _known(bare(raw), known) for raw in given}


def bare(raw: str) -> str:
    """The name without the direction, the cluster and the port; an address as it is."""
    return raw if _ADDRESS.match(raw) else _PORT.sub("", _CLUSTER.sub("", _PORT.sub("", _MESH.sub("", raw))))


def _known(name: str, known: Collection[str]) -> str:
    if name in known:
        return name
    mine = _PARTS.split(name)
    ends = {
        len(parts): other for other in sorted(known) if (parts := _PARTS.split(other)) and _ends(mine, parts)
    }
    return ends[max(ends)] if ends else name


def _ends(mine: list[str], parts: list[str]) -> bool:
    """Whether a name ends, or begins, with all the parts of another."""
    return len(parts) < len(mine) and parts in (mine[-len(parts) :], mine[: len(parts)])
