"""A test skeleton for each language."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

from lastgood.algorithms.stack_frames import Language
from lastgood.model.replay import CapturedRequest
from lastgood.model.reproduction import FailingPlace
from lastgood.surfaces.skeletons import skeleton

ASKED = CapturedRequest("POST", "/orders", body="{}", status=500)


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


def test_an_unknown_language_has_none() -> None:
    """Rather than a wrong one."""
    assert None is skeleton(FailingPlace("cobol", "", 0, "", "", "", "", "", ""), "payload.json", ASKED)


HOSTILE = "a'#{`id`}\\u000a\"$(id)*/\n"


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
    """`os.system` with the payload; a function of the code there is called."""
    (tmp_path / "payload.json").write_text(f'"touch {tmp_path}/called"')
    (tmp_path / "orders.py").write_text("def place(payload): raise KeyError('reached')\n")
    said = {}
    for file, function in (("/app/os.py", "system"), ("/app/orders.py", "place")):
        place = FailingPlace("python", file, 1, function, "", "", "KeyError", "", "s")
        name, text = skeleton(place, "payload.json", ASKED) or ("", "")
        (tmp_path / name).write_text(text)
        command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", name]
        said[function] = subprocess.run(
            command, cwd=tmp_path, capture_output=True, text=True, check=False
        ).stdout

    assert not (tmp_path / "called").exists()
    assert "is a module of the code" in said["system"]
    assert "reached" in said["place"]
