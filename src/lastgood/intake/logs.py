"""Logs: lines of text, JSON or logfmt in any known format, several in one file and one inside the other."""

import re
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC
from functools import lru_cache
from itertools import chain

from lastgood.algorithms.timestamps import Reference
from lastgood.decoding.input import HEAD, Batch, Claim, Decoded, Input, Reject, Settings, Tally
from lastgood.decoding.text.decoder import Decoder, decoder_for
from lastgood.decoding.text.envelope import planned
from lastgood.decoding.text.layout import layout
from lastgood.decoding.text.lines import BLOCK, block_of, blocks, clean, is_binary
from lastgood.decoding.text.plan import SAMPLE, Plan
from lastgood.decoding.text.together import Small, decoded_together
from lastgood.decoding.text.whose import reference_for
from lastgood.intake._registry import Source
from lastgood.model.signal import Signal

_ANY_TIME = Reference(UTC, 4_102_444_800_000_000_000)  # while looking at the layout every time is fine
_LEAST, _OF_SHARE = 0.05, 0.55  # confidence: any other source knows better what it takes
_DAY = 86_400_000_000_000
_DOCUMENT = re.compile(rb"\s*(?:\[\s*[\[{]|\{\s*\n)")  # one JSON value over many lines, not JSON lines


@dataclass(frozen=True, slots=True)
class _Alike:
    """A small text; equal to others of its layout."""

    layout: bytes
    text: bytes = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class _Known:
    """The plan of a small text, which holds for others of its layout if the same lines of them begin events."""

    plan: Plan | None
    begins: tuple[int, ...]


def recognise(given: Input) -> Claim | None:
    """A file whose lines begin with a time, or are objects or pairs with a time among them."""
    known = _known(given)
    plan = known.plan if known else _plan_of(given.head)
    if plan is None:
        return None
    return Claim(plan.title, _LEAST + _OF_SHARE * plan.share, plan.because)


def decode(given: Input, claim: Claim, settings: Settings) -> Decoded:
    """The events, by blocks."""
    del claim
    yield from decoded(given, settings, BLOCK)


def decoded(given: Input, settings: Settings, size: int) -> Decoded:
    """The events, reading `size` bytes at a time; the size changes nothing but the memory."""
    plan = _plan_of(given.head)
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


def alike(given: Input, settings: Settings) -> Hashable | None:
    """What small files have in common that are decoded together; None for a file that is decoded alone."""
    known = _known(given)
    if known is None or known.plan is None or any(f.changes or f.timeless for f in known.plan.formats):
        return None
    if given.size != len(given.head):
        return None
    reference = reference_for(given, settings)
    return layout(given.head), reference.day, reference.latest // _DAY, reference.order


def together(inputs: Sequence[Input], settings: Settings) -> Iterator[list[Batch | Reject | Tally] | None]:
    """What comes of each of some inputs that are alike; None for one that has to be decoded alone."""
    known = [known for given in inputs if (known := _known(given))]
    references = [reference_for(given, settings) for given in inputs]
    latest = max(reference.latest for reference in references)
    smalls = [Small(given, one.begins) for given, one in zip(inputs, known, strict=True)]
    plan = known[0].plan
    if plan is not None:
        yield from decoded_together(smalls, plan, replace(references[0], latest=latest), settings)


def _known(given: Input) -> _Known | None:
    """What is known of small texts that are laid out as this one; None where it is not small."""
    shape = layout(given.head)
    return _known_of(_Alike(shape, given.head)) if shape else None


@lru_cache(maxsize=1000)
def _known_of(alike: _Alike) -> _Known:
    plan = _plan_of(alike.text)
    if plan is None:
        return _Known(None, ())
    decoder = Decoder(plan, _ANY_TIME, "", {})
    lines = (
        decoder.lines.tolist()
        for item in chain(decoder.read(block_of(clean(alike.text))), decoder.end())
        if isinstance(item, Batch)
    )
    return _Known(replace(plan, figures=True), tuple(line for batch in lines for line in batch))


@lru_cache(maxsize=4)  # recognising and decoding ask one after the other
def _plan_of(head: bytes) -> Plan | None:
    if not head.strip() or is_binary(head) or _DOCUMENT.match(head):
        return None
    if len(head) == HEAD and b"\n" in head:
        head = head[: head.rfind(b"\n") + 1]
    return planned(block_of(clean(head)).lines.slice(0, SAMPLE), _ANY_TIME)


SOURCE = Source(
    "logs",
    frozenset({Signal.LOGS}),
    recognise,
    decode,
    surest=_LEAST + _OF_SHARE,
    alike=alike,
    together=together,
)
