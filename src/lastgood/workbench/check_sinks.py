"""Check, sinks and recipients: addresses, secrets and names in their sections that cannot be meant."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from lastgood.config import Mail, Settings, WebhookSink, url_problem
from lastgood.outside.sinks.failure import NotSentError
from lastgood.outside.sinks.mail import address
from lastgood.outside.sinks.secret import OF_FILE

Found = tuple[str, str, bool]  # where, what is wrong, whether nothing works with it


def flaws_of_sinks(reported: Settings) -> Iterator[Found]:
    """What is wrong in the sections, in their order."""
    seen = set[str]()
    for number, sink in enumerate(reported.sink):
        where = f"sink[{number}]"
        if sink.name in seen:
            yield f"{where}.name", f"{sink.name!r} is given twice", True
        seen.add(sink.name)
        url = getattr(sink, "url", "")
        if url and not _named(url) and (flaw := url_problem(url)):
            yield f"{where}.url", flaw, True
        if isinstance(sink, WebhookSink) and not _named(sink.secret):
            yield f"{where}.secret", "it is written in the file: name a variable, as $NAME", False
        if isinstance(sink, Mail):
            yield from _of_mail(where, sink)
    yield from _of_recipients(reported, seen)
    if reported.team.url and (flaw := url_problem(reported.team.url)):
        yield "team.url", flaw, True


def missing_secrets(reported: Settings) -> Iterator[Found]:
    """Variables and files of secrets that are not on this machine."""
    for number, sink in enumerate(reported.sink):
        for key, value in _texts(sink):
            where = f"sink[{number}].{key}"
            if value.startswith("$") and not os.environ.get(value[1:]):
                yield where, f"the environment variable {value[1:]} is not set", False
            if value.startswith(OF_FILE) and not os.access(
                Path(value.removeprefix(OF_FILE)).expanduser(), os.R_OK
            ):
                yield where, f"{value} cannot be read on this machine", False


def _of_mail(where: str, sink: Mail) -> Iterator[Found]:
    for key, one in (("sender", sink.sender), *(("to", one) for one in sink.to)):
        try:
            address(one)
        except NotSentError:
            yield f"{where}.{key}", f"{one!r} is not an address", True
    if not sink.to:
        yield f"{where}.to", "it has no address", True


def _of_recipients(reported: Settings, sinks: set[str]) -> Iterator[Found]:
    names = set[str]()
    for number, one in enumerate(reported.recipient):
        if one.name in names:
            yield f"recipient[{number}].name", f"{one.name!r} is given twice", True
        names.add(one.name)
        for sink in one.sinks:
            if sink not in sinks:
                yield f"recipient[{number}].sinks", f"there is no sink {sink!r}", True


def _named(value: str) -> bool:
    return value.startswith(("$", OF_FILE))


def _texts(sink: Any) -> Iterator[tuple[str, str]]:
    """The settings of a sink that may name a secret."""
    for key in ("url", "secret", "token", "key", "topic", "password"):
        value = getattr(sink, key, "")
        if value:
            yield key, value
