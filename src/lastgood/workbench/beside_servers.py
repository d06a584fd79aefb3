"""Whose an access log is that nothing names: the server's whose own log was loaded beside it.

`access.log` has the same lines from nginx, Apache, Tomcat and Gunicorn. `error.log` beside it says which of them wrote it.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC
from pathlib import PurePath

import pyarrow as pa

from lastgood.algorithms.timestamps import Reference
from lastgood.decoding.input import UNREADABLE, Input
from lastgood.decoding.text.formats import formats
from lastgood.decoding.text.lines import clean
from lastgood.decoding.text.whose import is_access_log, whose

SERVERS = frozenset({"nginx", "apache", "tomcat", "gunicorn"})  # whose access logs are alike
_LINES, _BYTES = 20, 8192  # that are looked at
_ANY_TIME = Reference(UTC, 4_102_444_800_000_000_000)


def with_servers(inputs: Sequence[Input]) -> list[Input]:
    """The inputs; an access log that nothing names with the one server whose own log is in its folder, else anywhere."""
    nameless = [given for given in inputs if not given.problem and not whose(given.telling)[0]]
    if not any(map(_of_requests, nameless)):
        return list(inputs)
    own = [(_folder(given), server) for given in nameless if (server := _server(given))]
    near = {folder: {server for other, server in own if other == folder} for folder, _ in own}
    anywhere = {server for _, server in own}
    found = []
    for given in inputs:
        servers = near.get(_folder(given), anywhere)
        known = _of_requests(given) and len(servers) == 1
        found.append(replace(given, server=min(servers)) if known else given)
    return found


def _of_requests(given: Input) -> bool:
    """Whether a file, or a folder that it is in, is called an access log."""
    return any(map(is_access_log, PurePath(given.telling).parts))


def _folder(given: Input) -> PurePath:
    return PurePath(given.name).parent


def _server(given: Input) -> str:
    """The server whose own log an input is; empty for access logs and for what cannot be read."""
    if given.is_folder or _of_requests(given):
        return ""
    try:
        with given.open() as stream:
            head = stream.read(_BYTES)
    except UNREADABLE:
        return ""
    texts = clean(head).splitlines()[:_LINES]
    lines = pa.array(texts, pa.binary())
    found = (
        one.server for one in formats() if one.server in SERVERS and one.reads_any(lines, texts, _ANY_TIME)
    )
    return next(found, "") if texts else ""
