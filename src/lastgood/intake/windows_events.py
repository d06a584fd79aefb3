"""Events of Windows as an XML document: what Event Viewer saves, and `wevtutil qe LOG /f:xml` prints.

Events one a line, and those inside fields of other exports, are read as log lines. An event that is cut off or broken is a reject.
"""

from datetime import UTC

import pyarrow as pa

from lastgood.algorithms.timestamps import Reference
from lastgood.decoding.input import REJECT_TEXT, Claim, Decoded, Input, Reject, Settings, Tally
from lastgood.decoding.text.decoder import decoder_for
from lastgood.decoding.text.envelope import planned
from lastgood.decoding.text.event_xml import XML_EVENT, events_in
from lastgood.decoding.text.lines import block_of, clean
from lastgood.decoding.text.plan import Plan
from lastgood.decoding.whole import read_whole
from lastgood.intake._registry import Source
from lastgood.model.signal import Signal

_ANY_TIME = Reference(UTC, 4_102_444_800_000_000_000)
_LAST = b"<Event"


def recognise(given: Input) -> Claim | None:
    """XML whose first elements are events."""
    plan = _plan(given)
    return Claim("Windows events", 0.97, "it begins with <Event> elements of Windows") if plan else None


def decode(given: Input, claim: Claim, settings: Settings) -> Decoded:
    """The events; the document is read whole."""
    del claim
    plan = _plan(given)
    with given.open() as stream:
        content, problem = read_whole(stream)
    if plan is None:
        return
    text = clean(_as_utf8(content))
    decoder = decoder_for(given, plan, settings)
    found = list(events_in(text))
    yield from decoder.read(block_of(b"\n".join(found)))
    yield from decoder.end()
    rest = text[text.rfind(b"</Event>") + len(b"</Event>") :] if found else text
    if _LAST + b" " in rest or _LAST + b">" in rest:
        cut = rest[rest.find(_LAST) :][:REJECT_TEXT].decode("utf-8", "replace")
        yield Reject(len(found) + 1, "the event is cut off", cut)
        yield Tally(lines=1)
    if problem is not None:
        raise problem


def _plan(given: Input) -> Plan | None:
    head = _as_utf8(given.head).lstrip(b"\xef\xbb\xbf \t\r\n")
    if not head.startswith(b"<") or b"<Event" not in head:
        return None
    events = [line for line in events_in(clean(head)) if XML_EVENT.read(line) is not None]
    return planned(pa.array(events[:50], pa.binary()), _ANY_TIME) if events else None


def _as_utf8(content: bytes) -> bytes:
    """PowerShell and Event Viewer write UTF-16."""
    if content[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        return content.decode("utf-16", "replace").encode()
    return content


SOURCE = Source("windows_events", frozenset({Signal.LOGS}), recognise, decode)
