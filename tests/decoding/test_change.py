"""Changes and alerts as rows, and the documents they are read from."""

from datetime import UTC
from pathlib import Path

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from intake.changed import NOW, written
from lastgood.decoding.change import at, change, first_field, folded, glimpses, names
from lastgood.decoding.input import Batch, Claim, Input, Reject, Settings, Tally
from lastgood.intake import annotations, cdevents, crontab, flags, github, kubernetes, statuspage
from lastgood.intake._registry import Source

SOURCES = tuple(
    module.SOURCE for module in (annotations, cdevents, flags, github, kubernetes, statuspage, crontab)
)


@pytest.mark.parametrize(
    "text",
    ["2026-11-22T14:41:00Z", "1795358460", 1795358460000, "2026-11-22T15:41:00+01:00"],
)
def test_times_of_every_spelling_are_one(text: object) -> None:
    """ISO 8601, or numbers in seconds and milliseconds."""
    assert 1795358460 * 10**9 == at(text)


@pytest.mark.parametrize("text", ["", "soon", None, "-5", {"a": 1}])
def test_what_is_no_time_is_said_so(text: object) -> None:
    """As an error that becomes a reject."""
    with pytest.raises(ValueError, match="not a time"):
        at(text)


def test_an_end_is_never_before_its_start() -> None:
    """A clock that ran backwards makes an instant of it."""
    _, row = change("deploy", 100, until=50)
    assert (100, 100) == (row["Timestamp"], row["EndTimestamp"])


def test_objects_are_seen_in_a_document_that_goes_on(tmp_path: Path) -> None:
    """Only its beginning is looked at."""
    path = written(tmp_path, '{"items": [{"a": 1}, {"b": 2}, {"c": ')
    assert [{"a": 1}, {"b": 2}] == glimpses(Input(path, "x"))


NAMES = st.sampled_from(
    [
        "context",
        "subject",
        "content",
        "type",
        "id",
        "timestamp",
        "time",
        "data",
        "service",
        "environment",
        "deployment",
        "state",
        "sha",
        "ref",
        "created_at",
        "deployment_status",
        "items",
        "kind",
        "metadata",
        "involvedObject",
        "regarding",
        "reason",
        "message",
        "lastTimestamp",
        "count",
        "spec",
        "template",
        "containers",
        "image",
        "ownerReferences",
        "conditions",
        "status",
        "incident_updates",
        "impact",
        "components",
        "name",
        "page",
        "started_at",
        "tags",
        "text",
        "flag",
        "flagKey",
        "date",
        "target",
        "resources",
        "member",
        "before",
        "after",
        "items",
        "custom_data",
        "body",
        "creator",
        "login",
        "labels",
    ]
)
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**40), 2**40)
    | st.text(max_size=12)
    | st.just("2026-11-22T14:00:00Z"),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=5),
    max_leaves=20,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.dictionaries(NAMES, VALUES, max_size=8), max_size=4), st.sampled_from(SOURCES))
def test_no_json_crashes_a_source_of_changes(tmp_path: Path, rows: list[object], source: Source) -> None:
    """Whatever has the right names and the wrong shape is a reject, and every element is accounted for."""
    given_ = Input(written(tmp_path, orjson.dumps(rows)), "given.json")
    claim = source.recognise(given_) or Claim("", 0, "")
    rejects, tally = 0, Tally()
    for item in source.decode(given_, claim, Settings(NOW, UTC)):
        match item:
            case Batch():
                assert len(item.rows) > 0
            case Reject():
                rejects += 1
            case Tally():
                tally = item
    assert tally.lines == tally.events + tally.blanks + tally.continuations + rejects


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=200), st.sampled_from(SOURCES))
def test_no_bytes_crash_recognition(tmp_path: Path, content: bytes, source: Source) -> None:
    """A claim or none."""
    given_ = Input(written(tmp_path, content), "given.json")
    source.recognise(given_)


def test_fields_are_found_by_folded_names() -> None:
    """Case and signs do not count; the first object and the first name with a value win."""
    fields = folded({"Deployed-At": "", "app_name": "pay"}, {"deployedAt": "later", "when": 5})

    assert {"deployedat": "", "appname": "pay", "when": 5} == fields
    assert [5, ""] == [first_field(fields, names(text)) for text in ("deployedat when", "deployedat actor")]
