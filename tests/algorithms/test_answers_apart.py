"""Fields of answers that differ."""

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from lastgood.algorithms.answers_apart import differences, fields_of, noise, sent_apart
from lastgood.algorithms.body_fields import body_fields
from lastgood.model.replay import CapturedRequest, HttpAnswer, Part

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=8,
)


def answer(body: Any, status: int = 200, seconds: float = 0.01, **headers: str) -> HttpAnswer:
    """An answer with a JSON body."""
    return HttpAnswer(status, headers, json.dumps(body), seconds)


@given(JSON)
def test_an_answer_does_not_differ_from_itself(body: Any) -> None:
    """Nor has it noise."""
    assert () == differences([answer(body)] * 2, [answer(body)] * 2)
    assert frozenset() == noise([answer(body)] * 2)


def test_noise_is_masked() -> None:
    """What differs between two answers to one request says nothing; an absent field is distinguished from null."""
    failing = [answer({"id": n, "zone": None, "n": 1}, 500, x="1") for n in range(2)]
    working = [answer({"id": n + 2, "n": 1, "deep": [{"a": 2}]}, x="1", date="now") for n in range(2)]

    found = {(one.part, one.field): (one.failing, one.working) for one in differences(failing, working)}

    assert {
        (Part.STATUS, ""): ("500", "200"), (Part.BODY, "$.zone"): ("null", None), (Part.BODY, "$.deep[0].a"): (None, "2"),
    } == found  # fmt: skip


def test_times_differ_only_where_they_are_apart() -> None:
    """Twice as long at least in every sending, and more than a moment."""
    fast, slow = [answer(1, seconds=s) for s in (0.02, 0.05)], [answer(1, seconds=s) for s in (0.2, 0.3)]

    assert [("200 to 300 ms", "20 to 50 ms")] == [
        (one.failing, one.working) for one in differences(slow, fast)
    ]
    assert () == differences(slow, [*fast, answer(1, seconds=0.15)])
    assert () == differences([answer(1, seconds=0.01)], [answer(1, seconds=0.001)])


def test_no_secret_or_address_is_shown() -> None:
    """They are blotted out after they were compared."""
    ask = CapturedRequest(
        "POST", "/a?token=abc123def", headers={"x-api-key": "k1"}, body='{"mail": "a@b.example", "n": 1}'
    )
    other = CapturedRequest(
        "POST", "/a?token=zzz", headers={"x-api-key": "k2"}, body='{"mail": "c@d.example", "n": 1}'
    )

    found = sent_apart(ask, other)

    assert {"?token", "x-api-key", "$.mail"} == {one.field for one in found}
    assert not any(word in str(found) for word in ("abc123", "k1", "a@b"))


def test_a_session_is_a_secret_too() -> None:
    """In a body and in a header."""
    mine, theirs = (
        [HttpAnswer(200, {"x-forwarded-user": one}, f'{{"session": "{one}"}}', 0.0)] for one in ("abc", "xyz")
    )

    assert {("[redacted]", "[redacted]")} == {(one.failing, one.working) for one in differences(mine, theirs)}


def test_text_is_one_field() -> None:
    """And no answer is its problem."""
    assert [("", "oops")] == list(body_fields("oops"))
    assert [] == list(body_fields(""))
    assert "timed out" == fields_of(HttpAnswer(None, {}, "", 1, "timed out"))[Part.STATUS, ""]


def test_a_body_too_deep_or_wide_to_take_apart_is_one_text() -> None:
    """Its paths would be far larger than itself, or their reading would not end."""
    deep = "[" * 100_000
    wide = '{"' + "k" * 10_000 + '":[' + "0," * 2_000 + "0]}"

    for body in (deep, deep + "]" * 100_000, wide):
        assert [("", body)] == [*body_fields(body)]
