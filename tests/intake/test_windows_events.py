"""Events of Windows as XML: a document, one a line, and inside fields of other exports."""

import json

import pytest

from outcomes import outcome

EVENT = (
    '<Event xmlns="http://schemas.microsoft.com/win/2004/08/events/event"><System><Provider Name="Service Control Manager" '
    'EventSourceName="Service Control Manager"/><EventID Qualifiers="49152">7034</EventID><Level>2</Level>'
    '<Keywords>0x8080000000000000</Keywords><TimeCreated SystemTime="2026-11-22T14:05:01.1234567Z"/>'
    '<Execution ProcessID="612" ThreadID="9"/><Channel>System</Channel><Computer>WEB01</Computer></System>'
    '<EventData><Data Name="param1">Payment &amp; Co</Data><Data Name="param2">3</Data></EventData>{rendered}</Event>'
)
RENDERED = (
    '<RenderingInfo Culture="en-US"><Message>The Payment service\nterminated.</Message></RenderingInfo>'
)
DOCUMENT = (
    '<?xml version="1.0" encoding="utf-8"?>\n<Events>'
    + EVENT.format(rendered=RENDERED)
    + EVENT.format(rendered="").replace("14:05:01", "14:05:02")
    + "</Events>"
)
LINE = EVENT.format(rendered="")


@pytest.mark.parametrize(
    "content", [DOCUMENT.encode(), DOCUMENT.encode("utf-16"), DOCUMENT.replace("><", ">\r\n  <").encode()]
)
def test_a_document_gives_its_events(content: bytes) -> None:
    """Time to 100 ns, level, provider, host and data; the message is the rendered one, else the data."""
    first, second = outcome(content, "System.xml").rows["otel_logs"]

    assert ("2026-11-22T14:05:01.123456", 17, "Service Control Manager") == (
        first["Timestamp"].isoformat()[:26], first["SeverityNumber"], first["ServiceName"],
    )  # fmt: skip
    assert "The Payment service terminated." == first["Body"]
    assert "param1=Payment & Co, param2=3" == second["Body"]
    assert "WEB01" == dict(first["ResourceAttributes"])["host.name"]
    assert "7034" == dict(first["LogAttributes"])["event.id"]


@pytest.mark.parametrize(
    "content",
    [
        f"{LINE}\n{LINE}\n",
        "\n".join(json.dumps({"@timestamp": "2026-11-22T14:05:01Z", "message": LINE}) for _ in range(2)),
        '"_time","host","_raw"\n' + '"2026-11-22T14:05:01Z","WEB01","{}"\n'.format(LINE.replace('"', '""')) * 2,
    ],
)  # fmt: skip
def test_events_one_a_line_and_inside_other_exports_are_opened(content: str) -> None:
    """In JSON and in CSV as Splunk exports it."""
    rows = outcome(content.encode(), "an export").rows["otel_logs"]

    assert [("Service Control Manager", 17)] * 2 == [
        (row["ServiceName"], row["SeverityNumber"]) for row in rows
    ]


def test_an_event_that_is_cut_off_is_a_reject() -> None:
    """What is whole before it is read."""
    found = outcome(DOCUMENT[: DOCUMENT.rfind("<EventData>")].encode(), "cut.xml")

    assert (1, 1) == (len(found.rows["otel_logs"]), len(found.rejects))
    assert found.balanced


def test_entities_are_not_expanded() -> None:
    """What uses one of its own is not read as an event."""
    bomb = '<!DOCTYPE a [<!ENTITY b "bbbb">]><Events>' + LINE.replace("Payment", "&b;") + LINE + "</Events>"
    bodies = [row["Body"] for row in outcome(bomb.encode(), "bomb.xml").rows["otel_logs"]]

    assert not any("bbbb" in body for body in bodies)
