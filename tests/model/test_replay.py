"""A captured request."""

from lastgood.model.replay import NO_METHOD, CapturedRequest


def test_its_name_is_method_and_path() -> None:
    """As people write it."""
    assert "GET /a?b=1" == CapturedRequest("GET", "/a?b=1").name


def test_parts_that_http_does_not_have_are_left_out() -> None:
    """A path cannot become part of the host; a method or header cannot end a line or a word; names are in lower case."""
    hostile = {"Authorization": "a", "x$(id)": "1", "x-a": "1\r\nx-b: 2", "X-C": "\u00e9"}
    made = CapturedRequest("GET; id", "@shop.example/a\n", headers=hostile)

    assert ("GET", "/@shop.example/a%0A") == (made.method, made.path)
    assert {"authorization": "a", "x-c": "\u00e9"} == made.headers
    assert [NO_METHOD] == [one for one in made.missing if "header" not in one]
    assert 3 == len(made.missing)
