"""Moments: every command by when it is used, in the order of a night, with a few words; and what help shows of them."""

import re
from collections.abc import Mapping
from typing import Any

import typer
from typer.core import TyperGroup

from lastgood.errors import nearest

MOMENTS: Mapping[str, Mapping[str, str]] = {
    "Answer now": {
        "triage": "what is wrong, since when, who is affected, what to do",
        "changes": "what was changed, in order, with the onset marked",
        "logs": "search log lines",
        "trace": "show one request with its spans and log lines",
        "ask": "ask one question, with its evidence",
    },
    "Look deeper": {
        "probe": "find the failing layer of a URL, from here",
        "sql": "ask a database one read-only question",
        "reproduce": "write a failing request as files that you can run",
        "replay": "send a failing request to a target",
        "bisect-versions": "find the first bad version, from telemetry",
        "bisect": "find the first bad commit, with your test",
    },
    "Run the incident": {
        "incident": "open, show, assess, hand over, resolve, close",
        "note": "record what you saw or decided",
        "evidence": "show kept evidence, or run its query again",
        "hypothesis": "write down a suspected cause and check it",
        "act": "list what may help, or run your command for it",
        "snapshot": "keep the state as it is now",
        "verify": "measure whether an action worked",
        "update": "send an update, checked against the facts",
        "postmortem": "write it from the record",
        "actions": "follow-ups: add, done, verify, overdue",
    },
    "Ship and verify": {
        "canary": "compare a canary with its baseline",
        "watch-deploy": "watch a canary until that is decided",
        "report": "put a deploy or another change on the feed",
    },
    "Be ready": {
        "demo": "break a small shop on this machine and see the answer",
        "readiness": "what your telemetry could not answer tonight",
        "drill": "practise on an incident with a hidden cause",
        "review": "five minutes of questions a day",
        "learning": "what recurred, what fixed it, what was noise",
    },
    "Server and set-up": {
        "init": "write the first lastgood.toml",
        "check": "find what is wrong in lastgood.toml",
        "trust": "allow a lastgood.toml to run its commands",
        "doctor": "check that everything would work tonight",
        "load": "load files into the saved store",
        "fetch": "fetch from your systems, as files",
        "holdings": "what the saved store holds",
        "store": "maintain the saved store",
        "serve": "receive telemetry and alerts, and serve the pages",
        "key": "keys of the server",
        "mcp": "answer agents (Model Context Protocol)",
    },
}
START = """Lastgood answers what the person on call must know, from logs, traces, metrics and changes.

Start here:    lastgood triage PATH…     (PATH is a file, folder or archive)
No files yet?  lastgood demo             (breaks a small shop on this machine)
All commands:  lastgood --help
"""
_NOT_ONE_OF = re.compile(r"(?:Value error, )?(?P<reported>'(?P<given>.*)' is not one of (?P<known>'.*'))\.$")


def few_words(name: str) -> str:
    """What help says of a command, in its list."""
    return next(words[name] for words in MOMENTS.values() if name in words)


class Moments(TyperGroup):
    """The program, whose help lists its commands by moment."""

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """A section for each moment."""
        there = set(self.list_commands(ctx))
        for moment, commands in MOMENTS.items():
            if rows := [(name, words) for name, words in commands.items() if name in there]:
                with formatter.section(moment):
                    formatter.write_dl(rows)

    def invoke(self, ctx: Any) -> Any:
        """Run a command; a value that is not possible is answered with the one that may be meant."""
        try:
            return super().invoke(ctx)
        except typer.BadParameter as problem:
            if found := _NOT_ONE_OF.match(problem.message):
                near = nearest(found["given"], re.findall(r"'([^']*)'", found["known"]))
                problem.message = f"{found['reported']}." + (f" Did you mean {near!r}?" if near else "")
            raise
