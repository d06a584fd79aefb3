"""The failing request and a working one beside it."""

import json
from datetime import timedelta
from pathlib import Path

import pytest

from buggy import FAILING, WORKING, put_requests
from lastgood.errors import NoDataError, UsageError
from lastgood.model.window import Window
from lastgood.telemetry.tables import LOGS
from lastgood.workbench.captures import new_folder, pair_from, pair_in, pair_in_files, with_body
from lastgood.workbench.store import Store
from records import START

NOW = START + timedelta(hours=1)


def test_a_pair_of_one_route_is_found_in_telemetry(store: Store) -> None:
    """Both have the same route; bodies and headers are those that were recorded."""
    put_requests(store)

    failing, working, _ = pair_from(store, now=NOW, window=None)

    assert working
    assert ("POST", "/orders", 500, 200) == (failing.method, failing.path, failing.status, working.status)
    assert [FAILING, WORKING] == [json.loads(one.body or "") for one in (failing, working)]
    assert "application/json" == failing.headers["content-type"]


def test_what_was_not_captured_is_said(store: Store) -> None:
    """A body that no span or line has; an id that is not there."""
    put_requests(store, bodies=False)
    failing, _, _ = pair_from(store, now=NOW, window=None, trace_id=f"{4:032X}")

    assert f"{4:032x}" == failing.trace_id
    assert any("body" in one for one in failing.missing)
    with pytest.raises(NoDataError, match="trace id"):
        pair_from(store, now=NOW, window=None, trace_id="ff")


def test_packets_as_text(tmp_path: Path) -> None:
    """The failing request and a working one of the same route; a single one needs no answer; a binary file needs an export."""
    place = tmp_path / "stream.txt"
    bad, good = (
        "POST /orders HTTP/1.1\r\nContent-Length: 2\r\n\r\n{}",
        "POST /orders HTTP/1.1\r\nContent-Length: 2\r\n\r\n[]",
    )
    place.write_bytes(f"{good}\nHTTP/1.1 200 OK\r\n\r\n\n{bad}\nHTTP/1.1 502 Bad Gateway\r\n\r\n".encode())
    pair = pair_in(place)
    place.write_bytes(bad.encode())
    alone = pair_in(place)

    assert pair
    assert pair[1]
    assert ("{}", 502, "[]", 200) == (pair[0].body, pair[0].status, pair[1].body, pair[1].status)
    assert alone
    assert ("{}", None) == (alone[0].body, alone[1])
    place.write_bytes(bytes.fromhex("d4c3b2a1") + b"rest")
    with pytest.raises(UsageError, match="binary capture"):
        pair_in(place)


def test_captures_in_files(tmp_path: Path) -> None:
    """Curl text and a HAR; a second file is the working request; what is no capture is telemetry."""
    curl, log = tmp_path / "a.sh", tmp_path / "a.log"
    curl.write_text("# seen at 3\ncurl 'http://shop/orders?n=1' -H 'X-A: 1' --data-raw '{}'\n")
    log.write_text("2026-11-20 10:00:00 ERROR no\n")
    har = tmp_path / "a.har"
    har.write_text(json.dumps({"log": {"entries": []}}))

    found = pair_in_files([curl, curl])

    assert found
    assert found[1]
    assert ("POST", "/orders?n=1", "{}") == (found[1].method, found[1].path, found[1].body)
    assert [None, None, None] == [pair_in(log), pair_in(har), pair_in(tmp_path)]
    with pytest.raises(UsageError, match="neither"):
        pair_in_files([curl, log])


def test_places_and_bodies_that_cannot_be(tmp_path: Path, store: Store) -> None:
    """Nothing is overwritten, and a file that is not there is said."""
    (tmp_path / "x").write_text("")
    with pytest.raises(UsageError, match="not an empty folder"):
        new_folder(tmp_path)
    put_requests(store, bodies=False)
    failing, _, _ = pair_from(store, now=NOW, window=None)
    with pytest.raises(UsageError, match="is not a file"):
        with_body((failing, None), tmp_path / "none")
    assert "" == with_body((failing, None), tmp_path / "x")[0].body
    assert (failing, None) == with_body((failing, None), None)


def test_the_working_request_is_of_the_time_of_the_failure_and_another_one(store: Store) -> None:
    """The same request worked before and after: that shows nothing."""
    asked = [(0, "JPY", 200), (10, "JPY", 500), (11, "EUR", 200), (12, "JPY", 500), (30, "JPY", 200)]
    shared = {"http.request.method": "GET", "url.path": "/price"}
    rows = {
        "Timestamp": [START + timedelta(minutes=at) for at, _, _ in asked],
        "ServiceName": ["web"] * len(asked),
        "Body": ["GET /price"] * len(asked),
        "LogAttributes": [
            list({**shared, "url.query": f"c={money}", "http.response.status_code": str(status)}.items())
            for _, money, status in asked
        ],
    }
    store.engine.insert("otel_logs", LOGS.rows(rows), token="priced").result()  # noqa: S106 - of an insert
    window = Window(START + timedelta(minutes=9), START + timedelta(minutes=15))

    failing, working, _ = pair_from(store, now=NOW, window=window)

    assert working
    assert ("/price?c=JPY", "/price?c=EUR") == (failing.path, working.path)


def test_nothing_later_than_now_is_read(store: Store) -> None:
    """Of thirty requests, one a second: neither the failing one, nor the one beside it, nor the window."""
    put_requests(store)
    now = START + timedelta(seconds=5)
    asked = Window(START, START + timedelta(seconds=30))
    for window in (None, asked):
        failing, working, looked = pair_from(store, now=now, window=window)

        assert working
        assert (f"{4:032x}", f"{5:032x}") == (failing.trace_id, working.trace_id)
        assert now == looked.end
    with pytest.raises(NoDataError, match="trace id"):
        pair_from(store, now=now, window=None, trace_id=f"{7:032x}")
    with pytest.raises(NoDataError, match="is later than"):
        pair_from(store, now=START, window=None)
