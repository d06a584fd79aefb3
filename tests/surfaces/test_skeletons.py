"""A test skeleton for each language."""

import ast

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
