"""What `terraform apply` (or `tofu apply`) prints, as JSON or with the times that a pipeline puts before lines: a change a resource.

A resource is changed when its line says that it is complete. What the plan showed of it becomes the title. Lines
without times are no record of when: such output is not read.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from lastgood.decoding.change import Row, at, change, inside, logged
from lastgood.decoding.input import REJECT_TEXT, Claim, Decoded, Input, Reject, Settings, Tally
from lastgood.decoding.moments import moment
from lastgood.decoding.rows import BAD, Rows
from lastgood.decoding.text.structured import json_fields
from lastgood.decoding.text.whose import reference_for
from lastgood.decoding.whole import lines as text_lines
from lastgood.intake._registry import Source
from lastgood.model.signal import Signal

_TIMED = re.compile(
    r"\[?(?P<time>\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d+)?(?:Z| ?[+-]\d\d:?\d\d)?)\]?:? "
)
_PLANNED = re.compile(r"\s*# (?P<address>\S+) (?:will|must) be (?P<how>[a-z -]+)")
# It begins where a word does: else each letter of a long word is a beginning, and a line takes the square of its length.
_DONE = re.compile(
    r"(?<![\w.\-\[\]\"/])(?P<address>[\w.\-\[\]\"/]+): (?P<how>Creation|Modifications|Destruction) complete after \S+(?: \[id=(?P<id>[^\]]*)\])?"
)
_AS_JSON = "terraform-apply, JSON lines"
_RUN = re.compile(r"\brun #?(?P<run>[\w-]*\d[\w-]*)|\bworkspace (?P<space>[\w.-]+)", re.IGNORECASE)
_CHANGED = re.compile(r"\s*(?P<sign>[~+-])\s+(?P<what>\S.*)")
_KINDS = (
    ("dns", re.compile(r"route53|dns|_record\b", re.IGNORECASE)),
    ("certificate", re.compile(r"certificate|_acm_|\btls_", re.IGNORECASE)),
    ("scaling", re.compile(r"autoscal|_asg\b|scale_set", re.IGNORECASE)),
)
# `terraform apply -json` (developer.hashicorp.com/terraform/internals/machine-readable-ui).
_JSON = re.compile(
    r'^\{.*"@module":\s*"(?:terraform|tofu)\.ui".*"type":\s*"apply_(?:complete|errored)"', re.MULTILINE
)
_HOW = {"create": "creation", "update": "modifications", "delete": "destruction", "replace": "replacement"}
_HEAD = 65_536
_SHOWN = 6  # changed lines of a resource in its title
_LONGEST = 300


def recognise(given: Input) -> Claim | None:
    """Resources that are complete, on lines that begin with a time, or as JSON."""
    head = given.head[:_HEAD].decode("utf-8", "replace")
    if _JSON.search(head):
        return Claim(_AS_JSON, 0.99, "it names resources that are complete, as JSON")
    done = [line for line in head.splitlines() if _DONE.search(line)]
    if done and all(_TIMED.match(line) for line in done):
        return Claim("terraform-apply", 0.97, "it names resources that are complete, with times")
    return None


@dataclass(slots=True)
class _Run:
    """What was planned, by address, and which run it is."""

    number: str = ""
    space: str = ""
    address: str = ""  # whose plan is read
    planned: dict[str, list[str]] = field(default_factory=dict)

    def read(self, line: str) -> None:
        """One line that is no completion."""
        if planned := _PLANNED.match(line):
            self.address = planned["address"]
            self.planned[self.address] = []
        elif not self.address:
            for run in _RUN.finditer(line):
                self.number, self.space = run["run"] or self.number, run["space"] or self.space
        elif (changed := _CHANGED.match(line)) and not changed["what"].endswith(("{", "[")):
            what = " ".join(changed["what"].rstrip(",").split())[:_LONGEST]
            if len(self.planned[self.address]) < _SHOWN:
                self.planned[self.address].append(f"{changed['sign']} {what}")

    def row(self, done: re.Match[str], time: int) -> Row:
        """The change of one resource."""
        return self.change_of(done["address"], done["how"].lower(), time, done["id"] or "")

    def change_of(self, address: str, how: str, time: int, thing: str, state: str = "") -> Row:
        """The change of one resource, done in some way; `thing` is the provider's id of it."""
        reported = "; ".join(self.planned.get(address, ())[:_SHOWN])
        kind = next((kind for kind, form in _KINDS if form.search(address)), "infrastructure")
        return change(
            kind, time, id=f"terraform/{self.number or time}/{address}", source="terraform",
            title=f"terraform {how} of {address}{f': {reported}' if reported else ''}"[:_LONGEST],
            version=f"#{self.number}" if self.number else "", state=state,
            attributes={"terraform.address": address, "terraform.workspace": self.space, "terraform.id": thing},
        )  # fmt: skip


def decode(given: Input, claim: Claim, settings: Settings) -> Decoded:
    """A change for each resource that is complete; all other lines belong to them."""
    if claim.format == _AS_JSON:
        yield from _decoded_json(given)
        return
    reference, table, run = reference_for(given, settings), Rows(), _Run()
    with given.open() as stream:
        for number, raw in enumerate(text_lines(stream), 1):
            line = raw.decode("utf-8", "replace").rstrip()
            timed = _TIMED.match(line)
            done = _DONE.search(line) if timed else None
            if timed and done:
                table.add(*run.row(done, moment(timed["time"], reference)), number)
                yield Tally(1, 1)
            else:
                run.read(line[timed.end() :] if timed else line)
                yield Tally(1, 0, 1 if line else 0, 0 if line else 1)
            yield from table.full()
    yield from table.rest()


def _decoded_json(given: Input) -> Decoded:
    table, run = Rows(), _Run()
    with given.open() as stream:
        for number, raw in enumerate(text_lines(stream), 1):
            event = json_fields(raw)
            try:
                row = _event(event or {}, run)
            except BAD as wrong:
                event, row = None, None
                reason = f"not understood: {wrong}"
            else:
                reason = "not a JSON object"
            if event is None and raw.strip():
                yield Reject(number, reason, raw[:REJECT_TEXT].decode("utf-8", "replace"))
            if row is not None:
                table.add(*row, number)
            yield Tally(1, row is not None, event is not None and row is None, not raw.strip())
            yield from table.full()
    yield from table.rest()


def _event(event: Mapping[str, Any], run: _Run) -> Row | None:
    """The change of a resource, or the line of an error; None for anything else."""
    kind = event.get("type")
    hook = event.get("hook")
    if kind in {"apply_complete", "apply_errored"} and isinstance(hook, Mapping):
        how = _HOW.get(str(hook.get("action")))
        address = inside(hook, "resource", "addr")
        state = "failed" if kind == "apply_errored" else ""
        return (
            run.change_of(str(address), how, at(event["@timestamp"]), str(hook.get("id_value") or ""), state)
            if how
            else None
        )
    if event.get("@level") == "error":
        return logged(
            str(event.get("@message") or ""),
            at(event["@timestamp"]),
            "ERROR",
            service="terraform",
            source="terraform",
        )
    return None


SOURCE = Source("terraform", frozenset({Signal.CHANGES}), recognise, decode)
