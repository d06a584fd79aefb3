"""Sinks as they are made from settings: all of one interface, whether they post, write or mail."""

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from lastgood.algorithms.standard_webhooks import headers, key_of
from lastgood.config import FileSink, Mail, WebhookSink
from lastgood.model.clock import Clock
from lastgood.model.message import Occasion
from lastgood.model.outgoing import Outgoing, Sent
from lastgood.outside.sinks._registry import kinds
from lastgood.outside.sinks.failure import NotSentError
from lastgood.outside.sinks.kind import ANNOUNCED, Kind
from lastgood.outside.sinks.mail import ByMail
from lastgood.outside.sinks.secret import secret
from lastgood.outside.sinks.wire import Answer, Call, Wire


class Sink(Protocol):
    """A place that takes messages."""

    @property
    def name(self) -> str:
        """As the settings and the record have it."""
        ...

    @property
    def takes(self) -> frozenset[Occasion]:
        """Why it may be sent to."""
        ...

    def planned(self, outgoing: Outgoing, earlier: str = "") -> tuple[str, ...]:
        """What would be sent where; nothing is."""
        ...

    def send(self, outgoing: Outgoing, earlier: str = "") -> Sent:
        """What came of it; `earlier` is the reference of what was sent there about the same incident before.

        Raises:
            NotSentError: it did not arrive, and why.
        """
        ...

    def reach(self) -> str:
        """How it is, without sending anything that anyone sees.

        Raises:
            NotSentError: it cannot be reached, or refuses.
        """
        ...


@dataclass(frozen=True, slots=True)
class ByApi:
    """A system with an interface over HTTP."""

    settings: Any
    kind: Kind
    wire: Wire

    @property
    def name(self) -> str:
        """As the settings and the record have it."""
        return str(self.settings.name)

    @property
    def takes(self) -> frozenset[Occasion]:
        """Why it may be sent to."""
        return self.kind.takes

    def planned(self, outgoing: Outgoing, earlier: str = "") -> tuple[str, ...]:
        """Its requests."""
        return tuple(call.shown() for call in self.kind.plan(self.settings, outgoing, earlier))

    def send(self, outgoing: Outgoing, earlier: str = "") -> Sent:
        """The status of the last answer, and what it is called there.

        Raises:
            NotSentError: one of its requests was not taken.
        """
        answers = [self._asked(call) for call in self.kind.plan(self.settings, outgoing, earlier)]
        reference = self.kind.refers(answers, earlier)
        return Sent(answers[-1].said, reference)

    def reach(self) -> str:
        """Its answer to a question that no one sees; where there is none, whether it can be connected to.

        Raises:
            NotSentError: it cannot be reached, or refuses.
        """
        call = self.kind.probe(self.settings)
        if not self.kind.harmless:
            self.wire.reach(call)
            return "it can be connected to; only a message would show whether its key is right"
        return self._asked(call).said

    def _asked(self, call: Call) -> Answer:
        answer = self.wire.ask(call)
        if why := self.kind.refused(answer):
            raise NotSentError(why)
        return answer


@dataclass(frozen=True, slots=True)
class IntoFile:
    """Messages one after another in a Markdown file."""

    name: str
    path: Path
    takes = ANNOUNCED

    def planned(self, outgoing: Outgoing, earlier: str = "") -> tuple[str, ...]:
        """What would be added."""
        del earlier
        return (f"to the file {self.path}\n{outgoing.markdown.rstrip()}",)

    def send(self, outgoing: Outgoing, earlier: str = "") -> Sent:
        """The message at the end of the file, on disk."""
        del earlier
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
        return Sent("written")

    def reach(self) -> str:
        """Whether it, or else the folder that it would be in, may be written."""
        path = self.path.expanduser().absolute()
        there = next(one for one in (path, *path.parents) if one.exists())
        if not os.access(there, os.W_OK) or path.is_dir():
            raise NotSentError("the file cannot be written")
        return "it can be written"


@dataclass(frozen=True, slots=True)
class ByWebhook:
    """Messages posted as JSON, signed as Standard Webhooks say."""

    name: str
    url: str = field(repr=False)
    key: str = field(repr=False)
    clock: Clock
    wire: Wire
    takes = ANNOUNCED

    def planned(self, outgoing: Outgoing, earlier: str = "") -> tuple[str, ...]:
        """Its request. The address may hold a secret where the settings do not name it: it is not shown."""
        del earlier
        return (self._call(outgoing.document).shown(),)

    def send(self, outgoing: Outgoing, earlier: str = "") -> Sent:
        """The answer of the other side.

        Raises:
            NotSentError: it did not take the message, or must not be asked.
        """
        del earlier
        return Sent(self.post(outgoing.id, outgoing.document))

    def post(self, message: str, body: bytes) -> str:
        """The status of the answer; each attempt is signed with its own time, under the same id."""
        try:
            key = key_of(secret(self.key))
        except ValueError as problem:
            raise NotSentError(f"its secret cannot be used: {problem}") from None
        answer = self.wire.ask(
            self._call(body), lambda sent: headers(key, message, int(self.clock().timestamp()), sent)
        )
        return answer.said

    def reach(self) -> str:
        """Whether it can be connected to.

        Raises:
            NotSentError: it cannot.
        """
        self.wire.reach(self._call(b""))
        return "it can be connected to; only a message would show whether its secret is right"

    def _call(self, body: bytes) -> Call:
        return Call(self.url, raw=body, place="" if self.url.startswith(("$", "file:")) else "its address")


def made(settings: Any, clock: Clock) -> Sink:
    """The sink of a section of the settings."""
    match settings:
        case FileSink():
            return IntoFile(settings.name, Path(settings.path))
        case WebhookSink():
            return ByWebhook(settings.name, settings.url, settings.secret, clock, Wire(settings.allow))
        case Mail():
            return ByMail(settings, Wire(settings.allow))
        case _:
            return ByApi(settings, kinds()[type(settings)], Wire(settings.allow))
