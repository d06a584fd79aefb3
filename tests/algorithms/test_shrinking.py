"""The smallest request that still fails, by tests that are functions."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from lastgood.algorithms.shrinking import BoundReached, Cut, alike, parts_of, shrunk, without
from lastgood.model.replay import CapturedRequest

ORDER = {
    "email": "ana@example.com",
    "address": {"city": "Brno", "zip": None},
    "items": [{"sku": "A-1", "n": 2}, {"sku": "B-1", "n": 0}, {"sku": "C-1", "n": 1}],
    "note": "please, ring the bell",
}
ASKED = CapturedRequest("POST", "/orders?src=web&page=2&page=3", body=json.dumps(ORDER))


def smallest(request: CapturedRequest, fails: Any) -> tuple[str, Any]:
    """Its path, and its body as a document."""
    cut, complete = shrunk(request, lambda one: fails(without(request, one)))
    left = without(request, cut)
    assert complete
    return left.path, json.loads(left.body or "null")


def body(request: CapturedRequest) -> Any:
    """As a document."""
    return json.loads(request.body or "")


def test_one_field_deep_inside() -> None:
    """All around it goes; what it is in stays."""
    found = smallest(ASKED, lambda one: body(one).get("address", {}).get("zip", 1) is None)

    assert ("/orders", {"address": {"zip": None}}) == found


def test_one_item_of_a_list() -> None:
    """Items before it go as well."""
    found = smallest(ASKED, lambda one: any(item.get("n") == 0 for item in body(one).get("items", ())))

    assert ("/orders", {"items": [{"n": 0}]}) == found


def test_two_things_that_fail_only_together() -> None:
    """A parameter of the query, the second of its name, and letters of a string."""
    found = smallest(ASKED, lambda one: "page=3" in one.path and "," in body(one).get("note", ""))

    assert ("/orders?page=3", {"note": ","}) == found


def test_whatever_is_sent_fails() -> None:
    """Nothing is left, after few requests."""
    asked: list[Cut] = []

    def fails(one: Cut) -> bool:
        asked.append(one)
        return True

    cut, complete = shrunk(ASKED, fails)

    assert (True, True) == (complete, len(asked) < 10)
    assert ("/orders", "{}") == (without(ASKED, cut).path, without(ASKED, cut).body)


def test_a_form_is_parted_by_its_fields() -> None:
    """Its text stays as it was written."""
    form = CapturedRequest(
        "POST", "/a", headers={"content-type": "application/x-www-form-urlencoded; charset=utf-8"}, body="a=%20&b=2&c="
    )  # fmt: skip
    cut, _ = shrunk(form, lambda one: "b=2" in (without(form, one).body or ""))

    assert "b=2" == without(form, cut).body


def test_a_body_that_is_no_document_stays_as_it_is() -> None:
    """Text, a number, nothing, nested deeper than can be walked; and JSON of which nothing was cut."""
    for text in ("not JSON", "17", None, "[" * 100_000, '{"a" :1.50}'):
        request = CapturedRequest("POST", "/a?b=1", body=text)
        cut, _ = shrunk(request, lambda one, request=request: without(request, one).body == request.body)  # type: ignore[misc]
        assert ("/a", text) == (without(request, cut).path, without(request, cut).body)


def test_no_cut_is_asked_for_twice_and_a_bound_keeps_the_best() -> None:
    """What was found before it."""
    asked: list[tuple[Any, ...]] = []

    def fails(one: Cut) -> bool:
        if len(asked) == 8:
            raise BoundReached
        asked.append((one.parts, tuple(one.texts.items())))
        return any(item.get("n") == 0 for item in body(without(ASKED, one)).get("items", ()))

    cut, complete = shrunk(ASKED, fails)

    assert not complete
    assert len(set(asked)) == len(asked)
    assert {"items"} == body(without(ASKED, cut)).keys()


def test_places_that_another_request_lacks_are_passed_over() -> None:
    """A working request is cut as the failing one is."""
    cut, _ = shrunk(ASKED, lambda one: "src" in without(ASKED, one).path)
    other = CapturedRequest("POST", "/orders?page=9&x=1", body='{"email": "b", "more": 1}')

    assert ("/orders?x=1", '{"more": 1}') == (without(other, cut).path, without(other, cut).body)


@pytest.mark.parametrize(
    ("other", "text", "expected"),
    [
        ("please, ring the bell", ",", ","),  # the same in both: the same letters
        ("please do not ring", "ring", "plea"),
        ("hush", "please", "hus"),  # shorter than the cut: by one letter
        ("hush", "", ""),
        ("h", "please", None),
        (7, "please", None),
    ],
)
def test_a_text_is_cut_alike_in_another_request(other: object, text: str, expected: str | None) -> None:
    """To the same letters, to as many, or not at all."""
    place = ("json", "note")
    found = alike(
        ASKED, CapturedRequest("POST", "/", body=json.dumps({"note": other})), Cut(texts={place: text})
    )

    assert expected == (found and found.texts[place])
    assert Cut(frozenset({place})) == alike(ASKED, ASKED, Cut(frozenset({place}), {place: text}))


VALUES = some.recursive(
    some.none() | some.integers(0, 9) | some.text("ab", max_size=4),
    lambda inner: (
        some.lists(inner, max_size=4) | some.dictionaries(some.sampled_from("abcd"), inner, max_size=4)
    ),
    max_leaves=12,
)


@given(some.dictionaries(some.sampled_from("xyz"), VALUES, min_size=1, max_size=3), some.integers(0, 30))
def test_no_single_part_can_be_left_out_of_the_smallest(document: Any, number: int) -> None:
    """It still fails; without any one of its parts it does not (1-minimal)."""
    request = CapturedRequest("POST", "/", body=json.dumps(document))
    places = parts_of(request)
    wanted = {place for n, place in enumerate(places) if (number >> (n % 5)) & 1}

    def fails(cut: Cut) -> bool:
        return not any(place[:end] in cut.parts for place in wanted for end in range(2, len(place) + 1))

    cut, complete = shrunk(request, fails)

    assert (True, True) == (complete, fails(cut))
    for place in places:
        if not any(place[:end] in cut.parts for end in range(2, len(place) + 1)):
            assert not fails(Cut(cut.parts | {place}))
