"""Requests as files. A Hurl file is read back by its grammar (https://hurl.dev/docs/grammar.html), as far as it is used."""

import re
import subprocess
from dataclasses import replace
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as some

from lastgood.model.replay import CapturedRequest
from lastgood.surfaces.request_files import curl, flat, hurl, payload_name

ASKED = CapturedRequest(
    "PUT", "/a b?c='d'", headers={"authorization": "[from the environment]"}, body="not JSON"
)
BODIES = {"failing": "payload.json", "working": "working.json"}


def test_credentials_come_from_the_environment() -> None:
    """The script refuses to run without them; a body that is no JSON has another name."""
    script = curl(ASKED)

    assert "'authorization: '\"${AUTHORIZATION:?set AUTHORIZATION}\"" in script
    assert "'/a b?c='\"'\"'d'\"'\"''" in script
    assert "payload.txt" == payload_name(ASKED)


def test_no_part_of_a_request_is_code_of_the_shell(tmp_path: Path) -> None:
    """The script is run with a curl that prints its arguments: they are those of the request."""
    evil = "$(touch called)`touch called`"
    asked = CapturedRequest(
        f"GET;{evil}", f"/{evil}'\"[1-9]", body=f"{evil}'\n\"", missing=(f"a file:\ntouch called #{evil}",),
        headers={f"{evil}-token": "[from the environment]", "x-'a": evil, "x-token": "[from the environment]"},
    )  # fmt: skip
    (tmp_path / "curl").write_text("#!/bin/sh\nprintf '%s\\0' \"$@\"\n")
    (tmp_path / "curl").chmod(0o700)
    (tmp_path / "failing.sh").write_text(curl(asked))
    environment = {"PATH": f"{tmp_path}:/usr/bin:/bin", "X_TOKEN": evil}
    ran = subprocess.run(
        ["/bin/sh", "failing.sh"], cwd=tmp_path, env=environment, capture_output=True, check=True
    )
    words = ran.stdout.decode().split("\0")

    assert not (tmp_path / "called").exists()
    assert f"http://localhost:8000{asked.path}" == words[-2]
    assert {"--globoff", f"x-token: {evil}", asked.body, "GET"} <= {*words}


ESCAPED = re.compile(r"\\u\{([0-9a-f]+)\}")


def unescaped(text: str) -> str:
    """What Hurl reads: no sign that it gives a meaning stands there by itself."""
    assert not re.search(r"[{}#\\]", ESCAPED.sub("", text)), text
    return ESCAPED.sub(lambda one: chr(int(one[1], 16)), text)


def test_a_hurl_file_has_both_requests_and_their_bodies_beside_it() -> None:
    """The working one first: Hurl stops at the first that fails. Credentials are variables."""
    failing = CapturedRequest(
        "post", "/orders?x=1", headers={"x-token": "[from the environment]", "a": "b#c"}, body="{}", status=502, missing=("m\nGET http://e",)
    )  # fmt: skip
    lines = hurl(failing, replace(failing, body=None, status=200, missing=()), BODIES).splitlines()
    asked = [n for n, line in enumerate(lines) if line.startswith("POST ")]

    assert ["POST {{target}}/orders?x=1"] * 2 == [lines[n] for n in asked]
    assert '--variable x_token="$X_TOKEN"' in lines[0]
    assert ["x-token: {{x_token}}", "a: b\\u{23}c"] == lines[asked[1] + 1 : asked[1] + 3]
    assert ["file,payload.json;"] == [line for line in lines if line.startswith("file")]
    assert "# missing: m GET http://e" in lines
    assert ["status < 400", "status < 500"] == [line for line in lines if line.startswith("status")]
    assert 2 == lines.count("HTTP *")
    assert "# Hurl has no method M-SEARCH." in hurl(CapturedRequest("M-SEARCH", "/"), None, {})


def test_a_path_goes_out_as_it_was_and_a_head_does_not_wait_for_a_body() -> None:
    """Curl and Hurl resolve `..` unless an option says not to."""
    asked = CapturedRequest("HEAD", "/a/../b")
    lines = hurl(asked, None, {}).splitlines()

    assert ["[Options]", "path-as-is: true", "HTTP *"] == lines[-5:-2]
    assert "[Options]" not in hurl(replace(asked, path="/a.b"), None, {})
    assert "--path-as-is --head" in curl(asked)


@given(some.text(max_size=30), some.text(max_size=30))
def test_nothing_of_a_request_is_filled_in_by_hurl(path: str, value: str) -> None:
    """The path and the value of a header are read as they were, on one line each."""
    asked = CapturedRequest("GET", f"/{path}", headers={"x": value})
    lines = hurl(asked, None, {}).split("\n")
    place = lines.index("[Options]" if "[Options]" in lines else "HTTP *")

    if "x" in asked.headers:
        assert f"x: {asked.headers['x']}" == unescaped(lines[place - 1])
        place -= 1
    assert asked.path == unescaped(lines[place - 1].removeprefix("GET {{target}}"))


def test_a_comment_stays_on_its_line() -> None:
    """Whatever its language takes for the end of one."""
    assert "a\ufffdb\ufffd c\ufffdd" == flat("a\u2028b\r\nc\x0bd")


def test_a_request_without_its_body_is_not_sent(tmp_path: Path) -> None:
    """The script asks for one, and Hurl for its file."""
    asked = CapturedRequest("POST", "/orders", missing=("the body of the request was not captured",))
    (tmp_path / "curl").write_text("#!/bin/sh\ntouch called\nprintf '%s ' \"$@\"\n")
    (tmp_path / "curl").chmod(0o700)
    (tmp_path / "failing.sh").write_text(curl(asked))
    environment = {"PATH": f"{tmp_path}:/usr/bin:/bin"}
    command = ["/bin/sh", "failing.sh"]
    refused = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, check=False)
    called = (tmp_path / "called").exists()
    sent = subprocess.run(
        command, cwd=tmp_path, env={**environment, "BODY": "b.json"}, capture_output=True, check=True
    )
    text = hurl(asked, None, {"failing": payload_name(asked)})

    assert (True, False) == (refused.returncode != 0, called)
    assert b"set BODY" in refused.stderr
    assert b"--data-binary @b.json" in sent.stdout
    assert "# Write a body into payload.txt first." in text
    assert "file,payload.txt;" in text
