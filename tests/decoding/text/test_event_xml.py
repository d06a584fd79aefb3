"""The fields of one event of Windows."""

import pytest

from lastgood.decoding.text.event_xml import events_in, xml_fields

EVENT = (
    b"<Event><System><Provider Name='App'/><EventID>1</EventID><Level>%s</Level><Keywords>%s</Keywords>"
    b"<TimeCreated SystemTime='2026-11-22T14:05:01Z'/></System></Event>"
)


@pytest.mark.parametrize(
    ("level", "keywords", "word"),
    [(b"1", b"", "CRITICAL"), (b"2", b"", "ERROR"), (b"3", b"", "WARN"), (b"4", b"", "INFO"), (b"0", b"0x8010000000000000", "WARN")],
)  # fmt: skip
def test_levels_are_words(level: bytes, keywords: bytes, word: str) -> None:
    """Those of winmeta.xml; an audit that failed warns, whatever its level."""
    fields = xml_fields(EVENT % (level, keywords))

    assert fields is not None
    assert word == fields["level"]


@pytest.mark.parametrize(
    "line", [b"", b"<Event>", b"<Event><Other/></Event>", b"<Event><System></Event>", b"<Events></Events>"]
)
def test_other_text_has_none(line: bytes) -> None:
    """Broken XML, and elements that are no events."""
    assert xml_fields(line) is None


def test_events_are_found_one_after_the_other() -> None:
    """However they are broken over lines."""
    assert 2 == len(list(events_in(b"<Events>\n" + EVENT.replace(b"><", b">\n<") * 2 + b"</Events>")))
