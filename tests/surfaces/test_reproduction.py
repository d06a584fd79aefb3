"""The files of a reproduction."""

import json
import re
from dataclasses import replace

from lastgood.model.replay import ROUTE_ONLY, CapturedRequest
from lastgood.model.reproduction import FailingPlace, MixedRequest, Reproduction, Sample
from lastgood.surfaces.reproduction import called, files_of, replay_command
from lastgood.surfaces.request_files import LOCAL
from records import START

ASKED = CapturedRequest(
    "PUT", "/a b?c='d'", headers={"authorization": "[from the environment]"}, body="not JSON"
)
PLACE = FailingPlace("python", "/app/orders.py", 3, "place", "", "x", "KeyError", "'zip'", "orders")


def test_the_page_lists_what_is_missing_and_replaced() -> None:
    """And the ladder; the load script has the mix with its rate."""
    mixed = MixedRequest("GET", "/", "GET /", None, "", 0.75, failed=True)
    found = Reproduction(
        START,
        ASKED,
        ASKED,
        ("$.email",),
        PLACE,
        (mixed,),
        12.4,
        ("no body",),
        (Sample("{}", failed=True),),
        ("redis",),
    )
    files = files_of(found)

    assert {
        "README.md", "compose.yaml", "failing.sh", "load.js", "locustfile.py", "mix.json", "payload.txt", "payloads.jsonl",
        "requests.hurl", "requests.json", "test_place.py", "working.sh", "working.txt",
    } == files.keys()  # fmt: skip
    for words in (
        "- no body",
        "- $.email",
        "/app/orders.py:3",
        "k6 run load.js",
        "test_place.py",
        "75 % of it",
        "1 failing payload",
    ):
        assert words in files["README.md"].replace("\u00a0", " ")
    for name in ("load.js", "locustfile.py"):
        assert "missing: no body" in files[name]
    assert {"failed": True, "body": "{}"} == json.loads(files["payloads.jsonl"])
    assert "place" == called(PLACE)


def test_what_is_not_known_has_no_file() -> None:
    """And the page says so."""
    files = files_of(Reproduction(START, replace(ASKED, body=None), None, (), None, (), 0, ()))

    assert {"README.md", "compose.yaml", "failing.sh", "requests.hurl", "requests.json"} == files.keys()
    assert "no test skeleton" in files["README.md"]


def test_a_replay_that_would_be_refused_is_announced() -> None:
    """With the option that is lacking; what can be sent has none."""
    lacking = replace(ASKED, body=None, missing=("the body of the request was not captured",))
    without, whole = (Reproduction(START, one, None, (), None, (), 0, ()) for one in (lacking, ASKED))

    assert "--body FILE" in files_of(without)["README.md"]
    assert "refuses to send" in files_of(without)["README.md"]
    assert "--body" not in files_of(whole)["README.md"]
    assert f"lastgood replay 'my repro' --target {LOCAL}" == replay_command(whole, "my repro")


def test_the_page_shows_names_as_they_are() -> None:
    """What telemetry says is no Markdown, and no new line of it."""
    place = replace(PLACE, file="a`[x](http://e)\n# b")
    asked = CapturedRequest("GET", "/<img src=x>\n# c")
    page = files_of(Reproduction(START, asked, None, ("$.`\n# d",), place, (), 1, ("<b>\n# e",)))["README.md"]

    assert not {"# b", "# c", "# d", "# e"} & {*page.splitlines()}
    assert not re.search(r"(?<!\\)<(?:img|b)", page)
    assert "[x](" not in page.replace("\\[x\\](", "")


def test_a_route_is_never_written_as_a_path() -> None:
    """The path is a variable in every file, and the page says which value is missing."""
    route = CapturedRequest("GET", "/product/{id}", missing=(ROUTE_ONLY,))
    files = files_of(Reproduction(START, route, route, (), None, (), 0, ()))

    assert "{id}" not in files["failing.sh"] + files["requests.hurl"]
    assert "${REQUEST_PATH:?" in files["failing.sh"]
    assert "GET {{target}}{{request_path}}" in files["requests.hurl"]
    assert "the value of {id} was not captured" in files["README.md"]
