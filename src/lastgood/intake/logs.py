"""Logs: lines of text, JSON or logfmt in any known format, several in one file and one inside the other."""

import re
from datetime import UTC
from functools import lru_cache

from lastgood.algorithms.timestamps import Reference
from lastgood.decoding.input import HEAD, Claim, Decoded, Input, Settings
from lastgood.decoding.text.decoder import decoder_for
from lastgood.decoding.text.envelope import planned
from lastgood.decoding.text.lines import BLOCK, block_of, blocks, clean, is_binary
from lastgood.decoding.text.plan import SAMPLE, Plan
from lastgood.intake._registry import Source
from lastgood.model.signal import Signal

_ANY_TIME = Reference(UTC, 4_102_444_800_000_000_000)  # while looking at the layout every time is fine
_DOCUMENT = re.compile(rb"\s*(?:\[\s*[\[{]|\{\s*\n)")  # one JSON value over many lines, not JSON lines


def recognise(given: Input) -> Claim | None:
    """A file whose lines begin with a time, or are objects or pairs with a time among them."""
    plan = _plan(given)
    if plan is None:
        return None
    return Claim(plan.title, 0.05 + 0.55 * plan.share, plan.because)


def decode(given: Input, claim: Claim, settings: Settings) -> Decoded:
    """The events, by blocks."""
    del claim
    yield from decoded(given, settings, BLOCK)


def decoded(given: Input, settings: Settings, size: int) -> Decoded:
    """The events, reading `size` bytes at a time; the size changes nothing but the memory."""
    plan = _plan(given)
    if plan is None:
        return
    decoder = decoder_for(given, plan, settings)
    with given.open() as stream:
        try:
            for block in blocks(stream, size):
                yield from decoder.read(block)
        except OSError:
            yield from decoder.end()  # what was read before the break stays
            raise
        yield from decoder.end()


def _plan(given: Input) -> Plan | None:
    return _plan_of(given.head)


@lru_cache(maxsize=4)  # recognising and decoding ask one after the other
def _plan_of(head: bytes) -> Plan | None:
    if not head.strip() or is_binary(head) or _DOCUMENT.match(head):
        return None
    if len(head) == HEAD and b"\n" in head:
        head = head[: head.rfind(b"\n") + 1]
    return planned(block_of(clean(head)).lines.slice(0, SAMPLE), _ANY_TIME)


SOURCE = Source("logs", frozenset({Signal.LOGS}), recognise, decode)
