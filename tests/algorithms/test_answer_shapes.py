"""Whether a server can be the one whose answer was recorded."""

import json
from dataclasses import replace

import pytest

from lastgood.algorithms.answer_shapes import SAME_FIELDS, identity, shape_of
from lastgood.model.replay import AnswerShape, CapturedRequest, HttpAnswer, Replayed, ReplayReport

JSON = {"content-type": "application/json; charset=utf-8"}
RECORDED = {"id": 7, "total": {"value": 3, "unit": "EUR"}, "lines": [{"sku": "a"}]}
SHAPE = shape_of(JSON, json.dumps(RECORDED))
BAD = CapturedRequest("POST", "/orders", status=500, version="2.46.0")
GOOD = CapturedRequest("POST", "/orders", status=200, answer=SHAPE)


def answer(document: object, headers: dict[str, str] = JSON, status: int = 200) -> HttpAnswer:
    """One answer."""
    return HttpAnswer(status, headers, document if isinstance(document, str) else json.dumps(document), 0.01)


def report(
    one: HttpAnswer, working: CapturedRequest | None = GOOD, elsewhere: HttpAnswer | None = None
) -> ReplayReport:
    """A failing request that is answered so, and the working one likewise."""
    beside = (one,) if working else ()
    return ReplayReport(
        "http://localhost:1", BAD, working, (), (one,), beside, (), (), Replayed.NOT_REPRODUCED, "", elsewhere
    )


def test_a_shape_has_names_and_no_values() -> None:
    """Places in lists are one; names that are personal data are left out."""
    found = shape_of(JSON, json.dumps({"a": [{"b": "Ana"}, {"b": 2}], "ana@example.com": 1}))

    assert AnswerShape("application/json", ("$.a[*].b",)) == found
    assert not shape_of({}, "")
    assert AnswerShape("text/html") == shape_of({"content-type": "Text/HTML"}, "<p>")


@pytest.mark.parametrize(
    ("kept", "same"), [(4, True), (int(4 * SAME_FIELDS), True), (int(4 * SAME_FIELDS) - 1, False)]
)
def test_a_release_may_change_some_fields(kept: int, *, same: bool) -> None:
    """Fewer than half of them are another service."""
    flat = {f"f{n}": n for n in range(4)}
    working = replace(GOOD, answer=shape_of(JSON, json.dumps(flat)))
    left = {name: flat[name] for name in [*flat][:kept]} | {"new": 1}

    assert same is identity(report(answer(left), working))[0]


def test_another_type_of_content_is_another_server() -> None:
    """A default page answers 200 as well."""
    same, why = identity(report(answer("<html>", {"content-type": "text/html"})))

    assert same is False
    assert "text/html, recorded application/json" in why


@pytest.mark.parametrize("working", [None, replace(GOOD, answer=AnswerShape())])
def test_what_was_not_recorded_is_not_checked_and_that_is_said(working: CapturedRequest | None) -> None:
    """It is not claimed to be the service."""
    same, why = identity(report(answer(RECORDED), working))

    assert same is None
    assert "not checked" in why
    assert "its version was not checked" in why


def test_the_version_that_failed_is_not_the_one_with_the_fix() -> None:
    """Where the target states its version, in a header or its body."""
    old = answer(RECORDED, {**JSON, "x-app-version": "2.46.0"})
    new = answer({**RECORDED, "version": "2.46.1"})

    assert (False, "the target states version 2.46.0, which is the one that failed") == identity(report(old))
    assert identity(report(new)) == (
        True,
        "the working request is answered in the recorded shape, it states version 2.46.1",
    )


def test_a_server_that_answers_any_path_alike_is_no_service() -> None:
    """Also where nothing was recorded to compare with; one that knows its paths is not suspected."""
    same, why = identity(report(answer({"ok": True}), None, elsewhere=answer({"ok": False})))
    other, _ = identity(report(answer({"ok": True}), None, elsewhere=answer({"ok": True}, status=404)))

    assert (False, None) == (same, other)
    assert "any path alike" in why
