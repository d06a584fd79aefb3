"""A test skeleton for each language."""

import ast
import json
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from lastgood.algorithms.diffs.grammars import grammar_of, parser_of
from lastgood.algorithms.stack_frames import Language
from lastgood.model.replay import CapturedRequest
from lastgood.model.reproduction import UNFILLED, FailingPlace
from lastgood.surfaces.skeletons import skeleton

ASKED = CapturedRequest("POST", "/orders", body="{}", status=500)
HOSTILE = "a'#{`id`}\\u000a\"$(id)*/\n"


@pytest.mark.parametrize("language", Language)
def test_it_names_place_error_and_payload(language: Language) -> None:
    """In the file that the test runner of the language looks for."""
    place = FailingPlace(
        language, "/app/src/shop/orders.x", 31, "place", "shop.Orders", "", "KeyError", "zip", "orders"
    )
    made = skeleton(place, "payload.json", ASKED)

    assert made
    assert made[0] == {
        "python": "test_place.py", "javascript": "place.test.js", "java": "OrdersTest.java", "go": "place_test.go", "ruby": "place_spec.rb",
    }[language]  # fmt: skip
    assert UNFILLED in made[1]
    for words in ("KeyError", "payload.json", "orders.x:31", "POST /orders"):
        assert words in made[1]


@pytest.mark.parametrize("function", ["place", "<lambda>", "<module>"])
def test_the_one_in_python_is_python(function: str) -> None:
    """Whatever the trace names, with a body and without."""
    place = FailingPlace(
        "python", "/app/2024-jobs/run.py", 3, function, "", 'say("x")', "ValueError", "", "jobs"
    )
    for request in (ASKED, CapturedRequest("GET", "/")):
        made = skeleton(place, "payload.txt", request)
        assert made
        assert 5 < len(ast.parse(made[1]).body)


ENDS = {
    Language.PYTHON: "py", Language.JAVASCRIPT: "js", Language.JAVA: "java", Language.GO: "go", Language.RUBY: "rb",
}  # fmt: skip


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("body", ["{}", None])
def test_each_is_code_of_its_language(language: Language, body: str | None) -> None:
    """Whatever the trace names; without a body none is read, and that it is missing is said."""
    grammar = grammar_of(f"x.{ENDS[language]}")
    assert grammar
    parser = parser_of(grammar)
    asked = replace(ASKED, body=body, missing=("no header was captured", HOSTILE))
    for function, scope in (
        ("place", "shop.Orders"),
        (HOSTILE, f"x.{HOSTILE}"),
        ("class", "9.9"),
        ("\U0001f600", ""),
        ("1a", "1"),
    ):
        place = FailingPlace(
            language, f"/app/{HOSTILE}/orders.js", 3, function, scope, HOSTILE, HOSTILE, "", "s"
        )
        _, text = skeleton(place, "payload.json", asked) or ("", "")
        assert not parser.parse(text.encode()).root_node.has_error, text
        assert "missing: no header was captured" in text
        assert ("payload.json" in text) is (body is not None)
        assert ("the body was not captured" in text) is (body is None)


@pytest.mark.parametrize(
    "file", ["child_process", "../../etc/x.js", "/app/node_modules/a.js", "fs.json", "/a/$(x).js"]
)
def test_a_trace_of_javascript_cannot_choose_a_library(file: str) -> None:
    """Only a file of the code that is there is loaded, by parts of its path that are plain names."""
    place = FailingPlace("javascript", file, 1, "execSync", "", "", "Error", "", "s")
    _, text = skeleton(place, "payload.json", ASKED) or ("", "")
    (parts,) = re.findall(r"const PLACE = (.*); //", text)

    assert "require(file)" in text
    assert 3 == text.count("require(")
    assert not {"..", "child_process", "fs.json", "$(x).js"} & {*json.loads(parts)}


def test_an_unknown_language_has_none() -> None:
    """Rather than a wrong one."""
    assert None is skeleton(FailingPlace("cobol", "", 0, "", "", "", "", "", ""), "payload.json", ASKED)


@pytest.mark.parametrize("language", Language)
def test_text_of_a_stack_trace_is_never_code(language: Language) -> None:
    """Whoever writes a log line chooses these words: none ends a string or comment, or is filled in."""
    place = FailingPlace(language, HOSTILE, 1, HOSTILE, f"x.{HOSTILE}", HOSTILE, "E", "", "s")
    asked = CapturedRequest("GET", f"/{HOSTILE}")
    name, text = skeleton(place, "payload.json", asked) or ("", "")

    assert re.fullmatch(r"[\w.]+", name)
    assert "\\u000a" not in text.replace("\\\\", "")
    if language is Language.RUBY:  # a string of ' fills nothing in
        code = "\n".join(line for line in text.splitlines() if not line.startswith("#"))
        assert "#{`" not in re.sub(r"'(?:[^'\\]|\\.)*'", "", code)


@pytest.mark.slow
def test_a_stack_trace_cannot_choose_what_of_a_library_is_called(tmp_path: Path) -> None:
    """`os.system` with the payload, also if the code there imports it; a function of the code there is called."""
    (tmp_path / "payload.json").write_text(f'"touch {tmp_path}/called"')
    (tmp_path / "orders.py").write_text(
        "from os import system\ndef place(payload): raise KeyError('reached')\n"
    )
    said = {}
    for file, function in (
        ("/app/os.py", "system"),
        ("/app/orders.py", "place"),
        ("/app/orders.py", "system"),
    ):
        place = FailingPlace("python", file, 1, function, "", "", "KeyError", "", "s")
        name, text = skeleton(place, "payload.json", ASKED) or ("", "")
        (tmp_path / name).write_text(text)
        command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", name]
        said[file, function] = subprocess.run(
            command, cwd=tmp_path, capture_output=True, text=True, check=False
        ).stdout

    assert not (tmp_path / "called").exists()
    assert "is a module of the code" in said["/app/os.py", "system"]
    assert "reached" in said["/app/orders.py", "place"]
    assert "it comes from elsewhere" in said["/app/orders.py", "system"]
