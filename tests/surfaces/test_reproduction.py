"""The files of a reproduction."""

import re
import subprocess
from dataclasses import replace
from pathlib import Path

from lastgood.model.replay import CapturedRequest
from lastgood.model.reproduction import FailingPlace, MixedRoute, Reproduction
from lastgood.surfaces.reproduction import called, curl, files_of, payload_name
from records import START

ASKED = CapturedRequest(
    "PUT", "/a b?c='d'", headers={"authorization": "[from the environment]"}, body="not JSON"
)
PLACE = FailingPlace("python", "/app/orders.py", 3, "place", "", "x", "KeyError", "'zip'", "orders")


def test_credentials_come_from_the_environment() -> None:
    """The script refuses to run without them; a body that is no JSON has another name."""
    script = curl(ASKED)

    assert "'authorization: '\"${AUTHORIZATION:?set AUTHORIZATION}\"" in script
    assert "'/a b?c='\"'\"'d'\"'\"''" in script
    assert "payload.txt" == payload_name(ASKED)


def test_the_page_lists_what_is_missing_and_replaced() -> None:
    """And the ladder; the load script has the mix with its rate."""
    route = MixedRoute("GET", "/", None, 0.75, 0.1)
    files = files_of(Reproduction(START, ASKED, None, ("$.email",), PLACE, (route,), 12.4, ("no body",)))

    assert {
        "README.md",
        "failing.sh",
        "load.js",
        "payload.txt",
        "requests.json",
        "test_place.py",
    } == files.keys()
    for words in ("- no body", "- $.email", "/app/orders.py:3", "k6 run load.js", "test_place.py"):
        assert words in files["README.md"]
    assert "rate: 12," in files["load.js"]
    assert '"share": 0.75' in files["load.js"]
    assert "place" == called(PLACE)


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


def test_the_page_shows_names_as_they_are() -> None:
    """What telemetry says is no Markdown, and no new line of it."""
    place = replace(PLACE, file="a`[x](http://e)\n# b")
    asked = CapturedRequest("GET", "/<img src=x>\n# c")
    page = files_of(Reproduction(START, asked, None, ("$.`\n# d",), place, (), 1, ("<b>\n# e",)))["README.md"]

    assert not {"# b", "# c", "# d", "# e"} & {*page.splitlines()}
    assert not re.search(r"(?<!\\)<(?:img|b)", page)
    assert "[x](" not in page.replace("\\[x\\](", "")
