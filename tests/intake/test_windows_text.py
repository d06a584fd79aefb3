"""Windows' events as text: every block is one event, and every line is accounted for."""

from datetime import UTC, datetime

from lastgood.decoding.input import Batch, Input, Settings, Tally
from lastgood.intake import windows_text

NOW = datetime(2026, 11, 22, 15, 0, tzinfo=UTC)
LIST = """
Index              : 7
EntryType          : Error
InstanceId         : 41
Message            : The system has rebooted.
                     Power was lost.
Source             : Kernel-Power
TimeGenerated      : 11/22/2026 8:11:40 AM
TimeWritten        : 11/22/2026 8:11:40 AM

Index              : 8
EntryType          : Warning
Message            : slow
Source             : Disk
TimeGenerated      : 11/22/2026 8:11:41 AM

"""


def test_a_list_of_the_older_command_is_read() -> None:
    """The message goes on over lines; the program that writes is the service."""
    given = Input(None, "events.txt", LIST.encode())
    claim = windows_text.recognise(given)
    assert claim is not None

    items = list(windows_text.decode(given, claim, Settings(NOW, UTC)))
    rows = [row for item in items if isinstance(item, Batch) for row in item.rows.to_pylist()]
    assert [row["SeverityNumber"] for row in rows] == [17, 13]
    assert [row["ServiceName"] for row in rows] == ["Kernel-Power", "Disk"]
    assert rows[0]["Body"] == "The system has rebooted.\nPower was lost."
    tallies = [item for item in items if isinstance(item, Tally)]
    assert sum(tally.lines for tally in tallies) == LIST.count("\n")
    assert sum(tally.events for tally in tallies) == 2


def test_other_text_is_not_taken() -> None:
    """Names and values alone are no events."""
    assert windows_text.recognise(Input(None, "x.txt", b"Name : x\nAge : 7\n")) is None
