"""Events of Windows as XML, as Event Viewer, wevtutil and agents write them: the fields of one.

Only one `<Event>` is parsed at a time, and none that declares entities: nothing can grow on its way in.
"""

import re
from collections.abc import Iterator
from typing import Any
from xml.etree import ElementTree as ET

from lastgood.decoding.text.structured import StructuredFormat

EVENT = re.compile(rb"<Event[ >].*?</Event>", re.DOTALL)
_BEGINS = (b"<Event ", b"<Event>")
# winmeta.xml: LogAlways, Critical, Error, Warning, Informational, Verbose
_LEVELS = {"0": "INFO", "1": "CRITICAL", "2": "ERROR", "3": "WARN", "4": "INFO", "5": "DEBUG"}
_AUDIT_FAILED = 0x0010_0000_0000_0000  # a keyword of the Security log, whose level is always 0


def xml_fields(line: bytes) -> dict[str, Any] | None:
    """The fields of a line that is one event."""
    text = line.strip()
    if not (text.startswith(_BEGINS) and text.endswith(b"</Event>")) or b"<!" in text.replace(
        b"<![CDATA[", b""
    ):
        return None
    try:
        event = ET.fromstring(text)  # noqa: S314 - see above
    except ET.ParseError:
        return None
    found = {_name(part): part for part in event}
    system = found.get("System")
    if system is None:
        return None
    return _system(system) | _reported(found)


def events_in(head: bytes) -> Iterator[bytes]:
    """Every whole event in some bytes, each as one line."""
    for event in EVENT.finditer(head):
        yield b" ".join(event[0].split())


def _system(system: ET.Element) -> dict[str, Any]:
    own = {_name(part): part for part in system}
    texts = {name: (part.text or "").strip() for name, part in own.items()}
    keywords = (
        int(texts.get("Keywords") or "0", 16)
        if re.fullmatch(r"0x[0-9a-fA-F]+", texts.get("Keywords", ""))
        else 0
    )
    provider, ran, time = (
        own[name].attrib if name in own else {} for name in ("Provider", "Execution", "TimeCreated")
    )
    return {
        "timestamp": time.get("SystemTime", ""),
        "level": "WARN" if keywords & _AUDIT_FAILED else _LEVELS.get(texts.get("Level", ""), ""),
        "ProviderName": provider.get("EventSourceName") or provider.get("Name", ""),
        "host.name": texts.get("Computer", ""),
        "event.id": texts.get("EventID", ""),
        "winlog.channel": texts.get("Channel", ""),
        "winlog.record_id": texts.get("EventRecordID", ""),
        "process.pid": ran.get("ProcessID", ""),
    }


def _reported(found: dict[str, ET.Element]) -> dict[str, Any]:
    data: dict[str, str] = {}
    for part in (found[name] for name in ("EventData", "UserData") if name in found):
        for number, one in enumerate(leaf for leaf in part.iter() if not len(leaf)):
            data[one.attrib.get("Name") or f"{_name(one)}{number or ''}"] = (one.text or "").strip()
    message = next((one.text for one in found.get("RenderingInfo", ()) if _name(one) == "Message"), None)
    said = message or ", ".join(f"{name}={value}" for name, value in data.items() if value)
    return {"message": " ".join(said.split()), "winlog.event_data": data}


def _name(element: ET.Element) -> str:
    return element.tag.rpartition("}")[2]


XML_EVENT = StructuredFormat("Windows event XML", "one <Event> a line (wevtutil, agents)", xml_fields)
