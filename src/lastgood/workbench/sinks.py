"""Sinks: where updates go. The one door: a new way of sending is a class here with `send`, and its section in settings."""

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from lastgood.config import Config, FileSink, WebhookSink
from lastgood.model.clock import Clock
from lastgood.model.message import Audience
from lastgood.workbench.webhook import NotSentError, Webhook


@dataclass(frozen=True, slots=True)
class Outgoing:
    """An update as it leaves: already redacted, in every form that a sink may want."""

    id: str  # the same whenever it is tried again
    text: str
    markdown: str
    document: bytes  # JSON


class Sink(Protocol):
    """A place that takes updates for some audiences."""

    @property
    def name(self) -> str:
        """As the settings and the record have it."""
        ...

    @property
    def audiences(self) -> tuple[Audience, ...]:
        """Those whose updates go there."""
        ...

    def send(self, outgoing: Outgoing) -> str:
        """What came of it.

        Raises:
            NotSentError: it did not arrive, and why.
        """
        ...


@dataclass(frozen=True, slots=True)
class IntoFile:
    """Updates one after another in a Markdown file."""

    name: str
    audiences: tuple[Audience, ...]
    path: Path

    def send(self, outgoing: Outgoing) -> str:
        """The update at the end of the file, on disk."""
        try:
            path = self.path.expanduser()
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("a", encoding="utf-8", errors="replace") as file:
                file.write(f"{outgoing.markdown.rstrip()}\n\n")
                file.flush()
                os.fsync(file.fileno())
        except OSError as problem:
            raise NotSentError(f"the file cannot be written: {problem.strerror}") from None
        except RuntimeError as problem:  # ~ without a home
            raise NotSentError(f"the file cannot be written: {problem}") from None
        return "written"


@dataclass(frozen=True, slots=True)
class ByWebhook:
    """Updates posted as JSON."""

    name: str
    audiences: tuple[Audience, ...]
    webhook: Webhook = field(repr=False)
    clock: Clock

    def send(self, outgoing: Outgoing) -> str:
        """The answer of the other side."""
        return self.webhook.post(outgoing.id, outgoing.document, self.clock)


def sinks(config: Config, clock: Clock, audience: Audience) -> Iterator[Sink]:
    """The sinks of the settings that take updates to an audience."""
    for sink in config.settings.sink:
        if audience not in sink.audiences:
            continue
        match sink:
            case FileSink():
                yield IntoFile(sink.name, sink.audiences, Path(sink.path))
            case WebhookSink():
                webhook = Webhook(secret_or_value(sink.url), secret_or_value(sink.secret), sink.allow)
                yield ByWebhook(sink.name, sink.audiences, webhook, clock)


def secret_or_value(setting: str) -> str:
    """A setting, or what the environment variable holds that it names as `$NAME`; empty when there is none."""
    return os.environ.get(setting[1:], "") if setting.startswith("$") else setting
