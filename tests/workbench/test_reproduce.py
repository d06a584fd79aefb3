"""From telemetry to files, and from the files to the same failure."""

import json
import subprocess
import sys
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from buggy import FAILING, orders, put_requests
from lastgood.model.replay import CapturedRequest, Replayed
from lastgood.surfaces.reproduction import files_of
from lastgood.workbench.captures import pair_from, pair_in
from lastgood.workbench.replay import replay
from lastgood.workbench.reproduce import NO_DIFFERENCE, PLACEHOLDER, passed_on, reproduce
from lastgood.workbench.sending import Sending
from lastgood.workbench.store import Store
from records import START

NOW = START + timedelta(hours=1)


def test_the_files_reproduce_the_failure_without_personal_data(store: Store, tmp_path: Path) -> None:
    """The payload has another address of the same shape; the skeleton fails as the service did; replay finds the failure."""
    put_requests(store)
    failing, working, window = pair_from(store, now=NOW, window=None)

    found = reproduce((failing, working), START, store, window)
    files = files_of(found)
    for name, content in files.items():
        (tmp_path / name).write_text(content)
    pair = pair_in(tmp_path)
    assert pair
    with orders() as (target, _):
        report, _ = replay(pair, Sending(target), {})
        shown = subprocess.run(
            ["sh", tmp_path / "failing.sh"], capture_output=True, text=True, check=False,
            env={"TARGET": target, "AUTHORIZATION": "none", "PATH": "/usr/bin:/bin"},
        )  # fmt: skip

    payload = json.loads(files["payload.json"])
    assert {
        "README.md", "compose.yaml", "failing.sh", "load.js", "locustfile.py", "mix.json", "payload.json", "payloads.jsonl",
        "requests.hurl", "requests.json", "test_place.py", "working.json", "working.sh",
    } == files.keys()  # fmt: skip
    mixed = json.loads(files["mix.json"])["requests"]
    assert {(True, 0.333333), (False, 0.666667)} == {(one["failed"], one["share"]) for one in mixed}
    samples = [json.loads(line) for line in files["payloads.jsonl"].splitlines()]
    assert [True, False] == [one["failed"] for one in samples]
    assert None is json.loads(samples[0]["body"])["address"]["zip"]
    assert found.place
    assert ("place", "AttributeError") == (found.place.function, found.place.error)
    assert "ana@example.com" not in "".join(files.values())
    assert "abcdefgh" not in "".join(files.values())
    assert (len(FAILING["email"]), None) == (len(payload["email"]), payload["address"]["zip"])
    assert FAILING["items"] == payload["items"]
    assert "$.email" in found.replaced
    assert Replayed.REPRODUCED == report.verdict
    assert "500" in shown.stdout.splitlines()[0]


def test_the_skeleton_runs(store: Store, tmp_path: Path) -> None:
    """It fails by the recorded exception, once the module is where the trace says."""
    put_requests(store)
    failing, working, window = pair_from(store, now=NOW, window=None)
    for name, content in files_of(reproduce((failing, working), START, store, window)).items():
        (tmp_path / name).write_text(content)
    done = subprocess.run(
        [sys.executable, "-c", "import runpy; runpy.run_path('test_place.py')['test_place_of_the_failing_request']()"],
        cwd=tmp_path, capture_output=True, text=True, check=False, env={"PYTHONPATH": ":".join(sys.path)},
    )  # fmt: skip

    assert "AttributeError" in done.stderr


def test_what_is_missing_is_listed(store: Store) -> None:
    """No body, and a stack trace of another request."""
    put_requests(store, bodies=False)
    failing, working, window = pair_from(store, now=NOW, window=None, trace_id=f"{1:032x}")
    found = reproduce((failing, working), START, store, window)

    assert any("body" in one for one in found.missing)
    assert any("another failing request" in one for one in found.missing)
    assert any("no body is sent to POST /orders" in one for one in found.missing)
    assert "payload.json" not in files_of(found)


def test_headers_of_the_connection_are_not_passed_on() -> None:
    """Replaced data may have another length; and the request goes to another host."""
    headers = {
        "content-length": "99",
        "host": "shop.example",
        "accept-encoding": "br",
        "x-a": "1",
        "cookie": "c=1",
    }
    safe, _ = passed_on(CapturedRequest("POST", "/", headers=headers, body='{"email":"ana@example.com"}'))

    assert {"x-a": "1", "cookie": "[from the environment]"} == safe.headers


def test_a_working_request_of_another_version_is_said() -> None:
    """Then the version may be the difference."""
    failing = CapturedRequest("GET", "/", status=500, version="v2")
    working = CapturedRequest("GET", "/", status=200, version="v1")

    assert any(
        "version v1, the failing one by v2" in one for one in reproduce((failing, working), START).missing
    )
    assert () == reproduce((failing, replace(working, version="v2", path="/?a=1")), START).missing
    assert (NO_DIFFERENCE,) == reproduce((failing, replace(working, version="v2")), START).missing


def test_the_content_type_of_json_is_guessed_and_that_is_said() -> None:
    """A service refuses a body without one before it comes to the bug."""
    request = CapturedRequest("POST", "/", body='{"a": 1}', status=500)
    made = reproduce((request, request), START)

    assert "application/json" == made.failing.headers["content-type"]
    assert any("is a guess" in one for one in made.missing)
    other = reproduce((replace(request, body="a=1"), request), START).failing
    assert "content-type" not in other.headers


def test_parameters_and_headers_of_the_user_are_not_passed_on() -> None:
    """Whatever the language of their names: a signature, an address of a network, a name."""
    asked = CapturedRequest(
        "GET", "/a?sig=abcdef&nachname=Lopez&n=1", headers={"x-forwarded-for": "81.2.69.142", "x-forwarded-user": "lopez"}
    )  # fmt: skip
    safe, _ = passed_on(asked)

    assert not [one for one in ("abcdef", "Lopez") if one in safe.path]
    assert "&n=1" in safe.path
    assert "81.2.69.142" != safe.headers["x-forwarded-for"]
    assert PLACEHOLDER == safe.headers["x-forwarded-user"]
