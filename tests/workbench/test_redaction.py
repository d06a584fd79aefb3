"""What is loaded or sent to the server is redacted by one and the same means, under the key of the store."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import orjson
import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from lastgood.config import Redaction
from lastgood.model.redaction import Redacted
from lastgood.model.signal import Signal
from lastgood.workbench.load import load
from lastgood.workbench.logs import Asked, search
from lastgood.workbench.receive import MANY_SPANS, Body, receive
from lastgood.workbench.redaction import redactor_of
from lastgood.workbench.store import Store

NOW = datetime(2026, 11, 30, 3, tzinfo=UTC)
MAIL = "alice@example.com"


def log(folder: Path, users: Sequence[str]) -> Path:
    """A log in JSON with a line for each user."""
    lines = [
        {"time": f"2026-11-30T02:{at // 60:02}:{at % 60:02}Z", "level": "info", "service": "web", "msg": f"hello {user}", "user_id": user}
        for at, user in enumerate(users)
    ]  # fmt: skip
    (folder / "web.log").write_bytes(b"\n".join(map(orjson.dumps, lines)))
    return folder / "web.log"


def spans(users: Sequence[str]) -> bytes:
    """An export of OTLP with a span for each user."""
    request = ExportTraceServiceRequest()
    made = request.resource_spans.add()
    made.resource.attributes.add(key="service.name").value.string_value = "web"
    scope = made.scope_spans.add()
    start = int(NOW.timestamp()) * 10**9
    for at, user in enumerate(users, 1):
        span = scope.spans.add(
            trace_id=at.to_bytes(16, "big"), span_id=at.to_bytes(8, "big"), name="GET /", kind=2,
            start_time_unix_nano=start, end_time_unix_nano=start + 1000,
        )  # fmt: skip
        span.attributes.add(key="user.id").value.string_value = user
    return request.SerializeToString()


def kept(store: Store) -> Path:
    """The folder of the store."""
    assert store.engine.folder is not None
    return store.engine.folder


def test_a_file_is_redacted_counted_and_found_again(store: Store, tmp_path: Path) -> None:
    """People are counted as before; a search for the address finds its token."""
    path = log(tmp_path, [MAIL, "bob@example.com", MAIL])
    report = load(store, [path], now=NOW, zone=UTC)
    token = redactor_of(store).text(MAIL)
    stored = store.engine.query("SELECT Body, LogAttributes['user.id'] AS user FROM lastgood.otel_logs").rows
    by_body, by_field = (
        search(store, Asked(query, NOW, UTC), limit=9).matched for query in (MAIL, f"user.id:{MAIL}")
    )

    assert {Redacted.EMAIL: 6} == report.redacted
    assert {token, redactor_of(store).text("bob@example.com")} == {row["user"] for row in stored}
    assert "@" not in str(stored)
    assert (2, 2) == (by_body, by_field)


def test_a_reject_is_redacted_too(store: Store, tmp_path: Path) -> None:
    """Where it is kept, and where it is shown."""
    path = log(tmp_path, [MAIL])
    path.write_bytes(path.read_bytes() + b'\n{"time": "never", "user": "alice@example.com"')
    report = load(store, [path], now=NOW, zone=UTC)
    rejects = store.engine.query("SELECT Text FROM lastgood.lg_rejects").rows

    assert 1 == len(rejects)
    assert MAIL not in str(rejects) + str(report.inputs[0].first_rejects)


@pytest.mark.parametrize("many", [3, MANY_SPANS])
def test_what_the_server_is_sent_is_redacted_alike(store: Store, many: int) -> None:
    """Also where the engine would read the spans itself."""
    redactor = redactor_of(store)
    receive(store.engine, [Body(Signal.SPANS, spans([MAIL] * many))], redactor)
    users = store.engine.query(
        "SELECT SpanAttributes['user.id'] AS user, count() AS n FROM lastgood.otel_traces GROUP BY 1"
    ).rows

    assert [{"user": redactor.text(MAIL), "n": many}] == users


def test_the_settings_say_what_is_replaced(store: Store) -> None:
    """Nothing, some kinds, or more."""
    off, cards = (
        redactor_of(store, Redaction(kinds=())),
        redactor_of(store, Redaction(kinds=(Redacted.CARD,))),
    )

    assert [MAIL, MAIL] == [off.text(MAIL), cards.text(MAIL)]
    assert cards.text("4111111111111111").startswith("card:")


def test_a_store_that_is_thrown_away_has_the_key_of_its_user(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So that the same file gives the same answer twice; without a home that can be written to there is one for this run."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    fleeting = Store(store.engine, fleeting=True)
    first, again = redactor_of(fleeting).text(MAIL), redactor_of(fleeting).text(MAIL)
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "file"))

    assert first == again != redactor_of(store).text(MAIL)
    assert redactor_of(fleeting).text(MAIL).startswith("email:")
