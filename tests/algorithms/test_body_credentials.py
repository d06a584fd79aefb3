"""Credentials in bodies, by the names of fields and by their form."""

import json
from urllib.parse import parse_qs

import pytest

from lastgood.algorithms.body_credentials import IN_TEXT, without_body_credentials

TOKEN = "ghp_" + "a1B2c3D4e5" * 4
CAPTURED = "Hunter2x!"


@pytest.mark.parametrize(
    ("body", "places"),
    [
        (json.dumps({"user": "ana", "password": CAPTURED, "n": 2}), {"$.password"}),
        (json.dumps({"a": [{"accessToken": CAPTURED}]}), {"$.a[0].accessToken"}),
        (
            json.dumps({"credentials": {"name": "ana", "pin": 9271}}),
            {"$.credentials.name", "$.credentials.pin"},
        ),
        (json.dumps({"note": TOKEN, "more": [f"Bearer {TOKEN}"]}), {"$.note", "$.more[0]"}),
        ("user=ana&user%5Bpassword%5D=Hunter2x%21&n=2", {"user[password]"}),
        (f"grant=x&assertion={TOKEN}", {"assertion"}),
        (f'{{"user": "ana", "password": "{CAPTURED}", "cut', {"password"}),
        (f"<login><user>ana</user><password>{CAPTURED}</password></login>", {"password"}),
        (f"please use {TOKEN} here", {IN_TEXT}),
    ],
)
def test_a_captured_credential_is_not_left(body: str, places: set[str]) -> None:
    """In any form of a body; the rest stays as it was, and where it was is reported."""
    found = without_body_credentials(body, {})

    assert places == {*found.other}
    assert not found.given
    assert not any(one in found.body for one in (CAPTURED, TOKEN, "Hunter2x", "9271"))
    assert len(body) == len(found.body) or IN_TEXT in places or "%21" in body
    assert ("ana" in body and "credentials" not in body) <= ("ana" in found.body)


@pytest.mark.parametrize(
    "body",
    [
        "",
        "{}",
        '{"a" :  1.0, "token": null, "secret": ""}',
        "a=1&b=2",
        "[[1, 2]]",
        "plain text",
        "[" * 50_000,
    ],
)
def test_without_credentials_not_a_byte_changes(body: str) -> None:
    """Spaces and numbers are written as they were."""
    found = without_body_credentials(body, {"token": "x"})

    assert (body, {}, {}) == (found.body, found.given, found.other)


def test_a_given_value_is_sent_in_its_place() -> None:
    """Written as the body encodes it; a number stays one."""
    values = {"password": 'a&"b', "pin": "4711"}
    document = without_body_credentials(json.dumps({"password": CAPTURED, "secret": {"pin": 9271}}), values)
    form = without_body_credentials("x=1&user%5Bpassword%5D=Hunter2x%21", values)
    cut = without_body_credentials(f'{{"password": "{CAPTURED}", "x', values)

    assert {"password": 'a&"b', "secret": {"pin": 4711}} == json.loads(document.body)
    assert {"$.password": "password", "$.secret.pin": "pin"} == document.given
    assert ['a&"b'] == parse_qs(form.body)["user[password]"]
    assert cut.body.startswith('{"password": "a&\\"b"')
    assert [{}, {}, {}] == [one.other for one in (document, form, cut)]
