"""The tools of the MCP server: names, descriptions and arguments; who may call each; every call in the audit log."""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from importlib.metadata import version
from typing import Annotated, Any

from mcp.server.context import CallNext, HandlerResult, ServerRequestContext
from mcp.server.mcpserver import Context, MCPServer
from mcp.server.mcpserver.exceptions import ResourceError, ToolError
from mcp_types import ToolAnnotations
from pydantic import Field

from lastgood.errors import LastgoodError, NoDataError
from lastgood.model.access import Caller, Role
from lastgood.model.finding import Verdict
from lastgood.surfaces.mcp.answers import NOTICE, Answer, answer
from lastgood.surfaces.mcp.work import MOST_LINES, Work
from lastgood.surfaces.wording import json_text

INSTRUCTIONS = (
    "Answers about incidents, from logs, spans, metrics and changes. Ask `triage` first, then one question. "
    "A verdict of `unknown` is an answer: its limits say which check would decide. Name the evidence of what you claim. "
    + NOTICE
)
LONGEST_GIVEN = 4_000  # characters of an argument
AUDITED = frozenset({"tools/call", "resources/read"})
From = Annotated[
    str, Field(description="Start, such as 2026-11-20T15:16:00Z or now-30m", max_length=LONGEST_GIVEN)
]
To = Annotated[
    str,
    Field(description="End; default: now. Without both: the last hour of the data", max_length=LONGEST_GIVEN),
]
Text = Annotated[str, Field(max_length=LONGEST_GIVEN)]
Number = Annotated[int, Field(ge=1, le=999_999_999)]
CallerOf = Callable[[ServerRequestContext[Any, Any]], Caller]
_READS = ToolAnnotations(read_only_hint=True, idempotent_hint=True, open_world_hint=False)
_RECORDS = ToolAnnotations(read_only_hint=False, destructive_hint=False, open_world_hint=False)


@dataclass(frozen=True, slots=True)
class Tools:
    """What is offered, and to whom."""

    work: Work
    caller_of: CallerOf
    asking: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(2))

    async def triage(self, start: From = "", end: To = "") -> Answer:
        """What is wrong, who is affected, where and since when, what changed and what to do, for a window."""
        return await self._asked(self.work.triage, start, end)

    async def ask(
        self, question: Text, start: From = "", end: To = "", services: list[Text] | None = None
    ) -> Answer:
        """One question by its name, such as onset, culprit or what_changed. A wrong name lists all."""
        return await self._asked(self.work.ask, question, start, end, services or ())

    async def compare(
        self, by: Text = "service", start: From = "", end: To = "", good_start: From = "", good_end: To = ""
    ) -> Answer:
        """Failures and latency of requests by an attribute, against the time before or a good window."""
        return await self._asked(self.work.compare, by, start, end, (good_start, good_end))

    async def trace(self, request_id: Text, start: From = "", end: To = "") -> Answer:
        """One request: its spans with their log lines, by a trace id or an id that services logged."""
        return await _run(self.work.trace, request_id, start, end)

    async def logs(
        self,
        query: Text = "",
        start: From = "",
        end: To = "",
        most: Annotated[int, Field(ge=1, le=MOST_LINES)] = 20,
        *,
        patterns: bool = False,
    ) -> Answer:
        """The newest log lines of a query such as `service:payments AND level:error`, or their patterns."""
        return await self._asked(partial(self.work.logs, most=most, patterns=patterns), query, start, end)

    async def changes(self, start: From = "", end: To = "") -> Answer:
        """Deploys, flags, configuration and other changes of a window, the newest first; default: 24 hours."""
        return await _run(self.work.changes, start, end)

    async def incident(self, number: Number | None = None) -> Answer:
        """One incident with its last recorded answer and evidence; without a number, all incidents."""
        return await _run(self.work.incident, number)

    async def verify(self, incident: Number, context: Context[Any], action: Number | None = None) -> Answer:
        """Measure whether an action of an incident worked. Writes to the record: needs the role responder."""
        caller = self.caller_of(context.request_context)
        if not caller.may(Role.RESPONDER):
            raise ToolError("This needs a token with the role responder. Nothing was measured.")
        return await self._asked(self.work.verify, incident, action, caller.name)

    async def evidence(self, name: Text) -> str:
        """The rows and the query behind an answer."""
        return await _read(self.work.evidence, name)

    async def recorded(self, number: Number, entry: Number) -> str:
        """The rows and the query behind a claim in an incident's record."""
        return await _read(self.work.recorded, number, entry)

    async def audited(self, ctx: ServerRequestContext[Any, Any], call_next: CallNext) -> HandlerResult:
        """Write a call down before it is made, whether or not it may be."""
        if ctx.method in AUDITED:
            given = {k: v for k, v in (ctx.params or {}).items() if k in {"name", "arguments", "uri"}}
            what = f"mcp {ctx.method} {json_text(given)}"
            caller = self.caller_of(ctx)
            await asyncio.to_thread(self.work.service.access.audit, caller.name, what)
        return await call_next(ctx)

    async def _asked(self, work: Callable[..., Answer], *given: Any) -> Answer:
        """The answer of work that takes seconds; refused where others are at it."""
        if self.asking.locked():
            raise ToolError("Other questions are being answered. Ask again in a minute.")
        async with self.asking:
            return await _run(work, *given)


def server_of(tools: Tools) -> "MCPServer[Any]":
    """An MCP server with these tools."""
    root = logging.getLogger()
    if not root.handlers and logging.lastResort:  # else it would set up the whole process's logging
        root.addHandler(logging.lastResort)
    server: MCPServer[Any] = MCPServer(
        "lastgood",
        title="Lastgood",
        instructions=INSTRUCTIONS,
        version=version("lastgood"),
        log_level="CRITICAL",
        subscriptions=False,
        middleware=[tools.audited],
    )
    for tool in (
        tools.triage, tools.ask, tools.compare, tools.trace, tools.logs, tools.changes, tools.incident,
    ):  # fmt: skip
        server.add_tool(tool, annotations=_READS)
    server.add_tool(tools.verify, annotations=_RECORDS)
    server.resource("lastgood://evidence/{name}", mime_type="application/json")(tools.evidence)
    server.resource("lastgood://incidents/{number}/evidence/{entry}", mime_type="application/json")(
        tools.recorded
    )
    return server


async def _run(work: Callable[..., Answer], *given: Any) -> Answer:
    try:
        return await asyncio.to_thread(work, *given)
    except NoDataError as nothing:
        return answer(nothing.message, verdict=Verdict.UNKNOWN, limits=[nothing.hint] if nothing.hint else [])
    except LastgoodError as problem:
        raise ToolError(f"{problem.message} {problem.hint}".strip()) from problem


async def _read(work: Callable[..., bytes], *given: Any) -> str:
    try:
        return (await asyncio.to_thread(work, *given)).decode()
    except LastgoodError as problem:
        raise ResourceError(f"{problem.message} {problem.hint}".strip()) from problem
