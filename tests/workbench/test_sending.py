"""What is sent where, and what is refused. Refusals of a whole replay: test_replay."""

from dataclasses import replace

import pytest

from lastgood.errors import UsageError
from lastgood.model.replay import ROUTE_ONLY, CapturedRequest
from lastgood.workbench.sending import Sending, filled, refuse, secrets_of, sendable, unfilled
from lastgood.workbench.shrinking import ShrinkBounds

ASKED = CapturedRequest("POST", "/orders", body="{}")


def test_variables_are_filled() -> None:
    """Both ways to write them."""
    assert {"a": "x-y"} == filled(("A: ${B}-$C",), {"B": "x", "C": "y"})


def test_a_secret_is_in_no_message() -> None:
    """A value that cannot be sent is not shown; what comes from the environment is known, and so are credentials."""
    with pytest.raises(UsageError) as refused:
        filled(("X-Magic: $TOKEN",), {"TOKEN": "se\ncret"})

    assert "cret" not in str(refused.value)
    assert ("v-1", "w-1") == secrets_of(
        ("X-A: $A", "Accept: text/html"), {"x-a": "v-1", "accept": "text/html", "authorization": "Bearer w-1"}, {"A": "v-1"}
    )  # fmt: skip


def test_a_request_without_its_body_is_not_sendable() -> None:
    """Unless its method has none."""
    lacks = replace(ASKED, body=None, missing=("the body was not captured",))

    assert [True, False, True] == [*map(sendable, (ASKED, lacks, replace(lacks, method="GET")))]


@pytest.mark.parametrize(
    ("request_", "target", "allowed", "message"),
    [
        (ASKED, "http://localhost:1", (), "POST may change data at each"),
        (replace(ASKED, method="DELETE"), "http://localhost:1", ("POST",), "DELETE may change data at each"),
        (replace(ASKED, method="PUT"), "https://api.staging.example", (), "PUT may change data at each"),
        (
            CapturedRequest("GET", "/", headers={"x-http-method": "delete"}),
            "http://localhost:1",
            (),
            "DELETE",
        ),
        (ASKED, "https://api.shop.example", ("POST",), "Shrinking is not done there"),
    ],
)
def test_variants_are_sent_only_where_they_do_no_harm(
    request_: CapturedRequest, target: str, allowed: tuple[str, ...], message: str
) -> None:
    """PUT and DELETE are idempotent, but a variant of them is another request: one parameter less deletes more."""
    how = Sending(target, production=True, allowed=allowed, shrink=ShrinkBounds())
    with pytest.raises(UsageError, match=message):
        refuse(target, [request_], how)


def test_variants_of_an_allowed_method_are_sent() -> None:
    """And of harmless ones."""
    refuse(
        "http://localhost:1", [ASKED], Sending("http://localhost:1", allowed=("post",), shrink=ShrinkBounds())
    )
    get = replace(ASKED, method="GET")
    refuse("http://localhost:1", [get], Sending("http://localhost:1", shrink=ShrinkBounds()))


def test_a_route_without_its_values_is_not_sendable() -> None:
    """Whatever the framework's way to write them; a path that was captured is taken as it is."""
    for path, parts in {
        "/a/{id}/b": ("{id}",),
        "/a/:id": (":id",),
        "/a/<int:n>": ("<int:n>",),
        "/a": (),
    }.items():
        one = CapturedRequest("GET", path, missing=(ROUTE_ONLY,))
        assert (parts, not parts) == (unfilled(one), sendable(one))
    assert sendable(CapturedRequest("GET", "/a/{id}"))
