"""Text formats: the samples of every TOML are read as it says, and the expressions are understood by RE2."""

from datetime import UTC, datetime
from typing import Any

import pyarrow as pa
import pytest

from lastgood.algorithms.timestamps import Reference
from lastgood.decoding.input import Batch, Input, Settings
from lastgood.decoding.text.formats import OWN, SHORT, TextFormat, formats, nanoseconds, read_format
from lastgood.intake import logs

NOW = datetime(2026, 11, 22, 15, 0, tzinfo=UTC)
ANY_TIME = Reference(UTC, 4_102_444_800_000_000_000)
SAMPLES = [pytest.param(f, s, id=f"{f.name}-{n}") for f in formats() for n, s in enumerate(f.samples)]
COLUMNS = {"level": "SeverityText", "severity": "SeverityNumber", "service": "ServiceName", "logger": "ScopeName",
           "trace": "TraceId", "span": "SpanId", "event": "EventName", "body": "Body"}  # fmt: skip


@pytest.mark.table
@pytest.mark.parametrize(("found", "sample"), SAMPLES)
def test_a_sample_is_read_as_the_format_says(found: TextFormat, sample: dict[str, Any]) -> None:
    """The format is recognised by itself and gives time, level, names, body and attributes."""
    given = Input(None, "<stdin>", sample["line"].encode())
    claim = logs.recognise(given)
    assert claim is not None
    assert found.name == claim.format.split(" > ")[0]

    batches = [b for b in logs.decoded(given, Settings(NOW, UTC), 1 << 20) if isinstance(b, Batch)]
    (row,) = batches[0].rows.to_pylist()

    time = sample["time"] if "T" in sample["time"] else f"{NOW:%Y-%m-%d}T{sample['time']}Z"
    assert datetime.fromisoformat(time) == row["Timestamp"].to_pydatetime(warn=False).astimezone(UTC)
    for key, column in COLUMNS.items():
        if key in sample:
            assert sample[key] == row[column]
    if "attributes" in sample:
        assert sample["attributes"] == dict(row["LogAttributes"])
    for key, value in sample.get("resource", {}).items():
        assert value == dict(row["ResourceAttributes"])[key]


@pytest.mark.parametrize("found", formats(), ids=lambda f: f.name)
def test_every_group_of_a_format_has_a_meaning(found: TextFormat) -> None:
    """A group that nothing names would be lost in silence; a name without its group is a slip."""
    groups = set(found.groups).union(*(read_format_groups(d) for d in (*found.details, *found.tails)))
    named = {*found.attributes, *found.resource, *found.durations, *found.of_upstream, *found.queued}

    levels = {name for name in groups if name.startswith("level_")}
    assert set() == groups - named - set(OWN) - levels - {"time", "priority", "pairs"}
    assert set() == named - groups
    assert found.samples
    assert found.about


def read_format_groups(regex: str) -> set[str]:
    """The names of the groups of an expression."""
    return set(TextFormat("", "", 1, regex).groups)


def test_an_unknown_key_is_refused() -> None:
    """A misspelt key must not be ignored."""
    with pytest.raises(TypeError):
        read_format('name = "x"\nabout = "y"\nrank = 1\nregex = "(?P<time>x)"\nsevrity = {}')


def test_durations_become_whole_nanoseconds() -> None:
    """Whatever is no number stays empty."""
    assert ["250000000", "", ""] == nanoseconds(pa.array(["0.250", "-", ""]), "s").to_pylist()


@pytest.mark.slow
@pytest.mark.parametrize("found", formats(), ids=lambda f: f.name)
def test_a_few_lines_looked_at_one_by_one_give_the_same_and_end(found: TextFormat) -> None:
    """Samples of all formats, pieces of them over and over, and signs in a row: the same as by columns."""
    samples = [str(s["line"]).partition("\n")[0].encode() for f in formats() for s in f.samples]
    hostile = [(line[:n] + line[n // 2 : n] * 60)[:SHORT] for line in samples for n in (9, 30, 60)]
    hostile += [
        (line[:25] + sign * SHORT)[:SHORT]
        for line in samples[::4]
        for sign in (b" ", b"[", b"a.", b"0:", b"/")
    ]
    lines = [*samples, *hostile, b"", b"\xff\xfe"]
    expected = found.match(pa.array(lines, pa.binary()), ANY_TIME)[0]

    assert expected.tolist() == [
        found.reads_any(pa.array([one], pa.binary()), [one], ANY_TIME) for one in lines
    ]


@pytest.mark.parametrize("what", ["order", "Invoice no.", "account id:", "user=", "ticket #"])
def test_the_number_of_a_thing_is_no_time(what: str) -> None:
    """Though it is as long as the seconds of these years; what only stands somewhere before the time says nothing."""
    assert logs.recognise(Input(None, "a.txt", f"{what} 1795358460 is paid\n".encode() * 3)) is None
    assert logs.recognise(Input(None, "a.txt", b"node-7 order.queue 1795358460 is full\n" * 3)) is not None
