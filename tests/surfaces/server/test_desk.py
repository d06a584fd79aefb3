"""What routes work with."""

import asyncio
from time import monotonic
from types import SimpleNamespace

import pytest
from starlette.requests import Request

from lastgood.errors import UsageError
from lastgood.model.access import NOBODY, Caller
from lastgood.model.signal import Holdings
from lastgood.surfaces.server.desk import (
    HELD_SECONDS,
    LARGEST_BODY,
    DeniedError,
    Desk,
    bounded,
    caller_of,
    number_in,
)


def asked(number: str = "1", **state: object) -> Request:
    return Request({"type": "http", "path_params": {"number": number}, "state": state, "headers": []})


def test_a_caller_that_the_guard_did_not_see_is_nobody() -> None:
    """What is forgotten does not open a door."""
    assert NOBODY == caller_of(asked())
    assert "kim" == caller_of(asked(caller=Caller("kim"))).name


@pytest.mark.parametrize("text", ["", "x", "-1", "1.5", "٣", "9" * 10])
def test_a_number_that_is_none_is_refused(text: str) -> None:
    """Or larger than any that is kept."""
    assert 12 == number_in(asked("12"))
    with pytest.raises(UsageError):
        number_in(asked(text))


def test_a_body_is_read_up_to_its_bound() -> None:
    """By whatever reads it: piece by piece, so that no more than that is ever held."""

    async def piece() -> dict[str, object]:
        return {"type": "http.request", "body": b"x" * (LARGEST_BODY // 2), "more_body": True}

    async def read() -> None:
        receive = bounded(piece)
        assert LARGEST_BODY == sum([len((await receive())["body"]) for _ in range(2)])
        with pytest.raises(DeniedError, match="larger than 1 MiB"):
            await receive()

    asyncio.run(read())


def test_what_is_held_is_looked_at_once_in_some_seconds() -> None:
    """However many pages are loaded at the same time."""
    looks = list[int]()

    class Held:
        def survey(self) -> tuple[Holdings, None]:
            looks.append(1)
            return Holdings(()), None

    async def load() -> None:
        desk = Desk(*[SimpleNamespace(store=Held())] * 7, frozenset(), {})  # type: ignore[call-arg, arg-type] # only the store is read
        assert Holdings(()) == (await asyncio.gather(*(desk.holdings() for _ in range(5))))[4]
        assert [1] == looks
        desk.held = (monotonic() - HELD_SECONDS - 1, Holdings(()))
        await desk.holdings()

    asyncio.run(load())
    assert [1, 1] == looks
