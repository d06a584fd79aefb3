"""HTTP to a system that is asked: limits, refusals and secrets."""

import gzip
from base64 import b64encode
from time import sleep

import pytest

from lastgood.errors import NotFetchedError
from lastgood.outside.connectors.wire import Access, Bounds, Wire
from systems import Answer, System, running

PASSWORD = "hun ter/2"  # noqa: S105 - an example
PAIR = b64encode(f"kim:{PASSWORD}".encode()).decode()
OK = {"/x": lambda _: {"a": 1}}


def drip(_: object) -> Answer:
    """An answer whose bytes come one by one, within every time-out."""
    return 200, {"X-Drip": "0.05"}, b"x" * 200


def asked(system: System, *, access: Access = Access(), **bounds: float) -> tuple[object, list[float], Wire]:  # noqa: B008 - frozen
    """The answer of /x, and how long was waited."""
    waited: list[float] = []
    with running(system) as url, Wire(url, access, Bounds(**bounds), sleep=waited.append) as wire:  # type: ignore[arg-type]
        return wire.get_json("x", empty=""), waited, wire


def test_a_rate_limit_is_waited_for() -> None:
    """As long as the server asks: seconds, or a date against its own clock."""
    date = {"Date": "Mon, 30 Nov 2026 02:00:00 GMT", "Retry-After": "Mon, 30 Nov 2026 02:00:03 GMT"}
    faults: list[Answer] = [(429, {"Retry-After": "2"}, b""), (503, date, b"")]

    answer, waited, wire = asked(System(OK, faults))

    assert ({"a": 1}, [2.0, 3.0], 3) == (answer, waited, wire.asked)


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"X-RateLimit-Reset": "4"}, 4.0),
        ({"RateLimit-Reset": "1796004002", "Date": "Mon, 30 Nov 2026 02:00:00 GMT"}, 2.0),
        ({"Retry-After": "1", "X-RateLimit-Reset": "4"}, 1.0),
        ({"X-RateLimit-Reset": "soon"}, 1.0),
    ],
)
def test_a_limit_that_is_reset_is_waited_for(headers: dict[str, str], seconds: float) -> None:
    """Its header counts seconds, or is a time since 1970 by the clock of the server."""
    assert [seconds] == asked(System(OK, [(429, headers, b"")]))[1]


def test_the_links_of_an_answer_are_kept() -> None:
    """By what they are to it, with all that they say."""
    link = '<https://x.test/?c=1>; rel="next"; results="true"; cursor="0:1:0"'
    with (
        running(System({"/x": lambda _: (200, {"Link": link}, b"{}"), "/y": lambda _: {}})) as url,
        Wire(url) as wire,
    ):
        wire.get("x")
        assert ("true", "0:1:0") == (wire.links["next"]["results"], wire.links["next"]["cursor"])
        wire.get("y")
        assert not wire.links


@pytest.mark.parametrize(
    "date", ["Mon, 30 Nov 99999999999 14:00:00 GMT", "Mon, 30 Nov 2026 14:00:00 +99999999999999"]
)
def test_a_date_that_no_clock_can_show_is_none(date: str) -> None:
    """It is waited as without one."""
    assert [1.0] == asked(System(OK, [(503, {"Retry-After": date, "Date": date}, b"")]))[1]


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        ((429, {"Retry-After": "600"}, b""), "429 Too Many Requests; it asks to wait 600 s"),
        ((401, {}, b""), "401 Unauthorized; check the token"),
        (
            (500, {}, b"<b>query</b> failed: token=abcdef"),
            "500 Internal Server Error: query failed: token=[redacted]",
        ),
        ((302, {"Location": "https://login.test/"}, b""), "it redirects to https://login.test/"),
        ((200, {}, b"<html>log in</html>"), "answers, but not with JSON"),
    ],
)
def test_a_refusal_says_what_to_do(fault: Answer, said: str) -> None:
    """The reason of the server is repeated without markup and secrets."""
    with pytest.raises(NotFetchedError) as problem:
        asked(System(OK, [fault]))

    assert said in problem.value.message


def test_requests_bytes_and_tries_are_bounded() -> None:
    """Each bound has its own sentence."""
    with running(System({"/x": lambda _: (200, {}, b"x" * (2 << 20))})) as url:
        with (
            Wire(url, bounds=Bounds(answer_bytes=1 << 20)) as wire,
            pytest.raises(NotFetchedError, match="larger than 1 MB"),
        ):
            wire.get("x")
        with Wire(url, bounds=Bounds(requests=1)) as wire:
            wire.get("x")
            assert not wire.left
            with pytest.raises(NotFetchedError, match="limit of 1 requests is used up"):
                wire.get("x")
    waited: list[float] = []
    with Wire(url, bounds=Bounds(tries=2), sleep=waited.append) as wire:
        with pytest.raises(NotFetchedError, match="no connection"):
            wire.get("x")
        assert (2, 1) == (wire.asked, len(waited))


def test_a_slow_answer_ends() -> None:
    """Within the time of a step."""
    system = System({"/x": lambda _: sleep(0.5)})
    bounds = Bounds(step_seconds=0.1, tries=1)
    with (
        running(system) as url,
        Wire(url, bounds=bounds) as wire,
        pytest.raises(NotFetchedError, match="no answer in time"),
    ):
        wire.get("x")


def test_who_asks_is_reported_to_the_system_only() -> None:
    """A token goes into a header; neither representation shows it."""
    system = System(OK)
    access = Access("s3cret", headers={"X-Scope-OrgID": "shop"})

    _, _, wire = asked(system, access=access)

    assert ("Bearer s3cret", "shop") == (
        system.headers[0]["Authorization"],
        system.headers[0]["X-Scope-OrgID"],
    )
    assert "s3cret" not in repr(access) + repr(wire)


@pytest.mark.slow
def test_a_server_that_drips_ends_with_the_time_of_all() -> None:
    """Though each single read is in time."""
    system = System({"/x": drip})
    bounds = Bounds(seconds=0.5, step_seconds=5, tries=1)
    with (
        running(system) as url,
        Wire(url, bounds=bounds) as wire,
        pytest.raises(NotFetchedError, match=r"limit of 0\.5 s is used up"),
    ):
        wire.get("x")


def test_a_bomb_is_not_unpacked() -> None:
    """Neither a large answer in a small one, nor codings that were not asked for."""
    bomb = gzip.compress(b"x" * (8 << 20))
    for headers, said in (
        ({"Content-Encoding": "gzip"}, "larger than 1 MB"),
        ({"Content-Encoding": "gzip, gzip"}, "coded as gzip, gzip"),
    ):
        with (
            running(System({"/x": lambda _, h=headers: (200, h, bomb)})) as url,  # type: ignore[misc]
            Wire(url, bounds=Bounds(answer_bytes=1 << 20)) as wire,
            pytest.raises(NotFetchedError, match=said),
        ):
            wire.get("x")


def test_a_secret_that_comes_back_is_not_shown() -> None:
    """Some systems repeat what they were given."""
    system = System({"/x": lambda _: (400, {}, b"unknown key hunter2")})
    with (
        running(system) as url,
        Wire(url, Access("hunter2")) as wire,
        pytest.raises(NotFetchedError) as problem,
    ):
        wire.get("x")

    assert "hunter2" not in problem.value.message


@pytest.mark.parametrize(
    "said",
    [
        f'{{"headers":{{"Authorization":["Basic {PAIR}"]}}}}',
        f"who is {PAIR.rstrip('=')}?",
        f"got {b64encode(PASSWORD.encode()).decode()}",
        "password hun%20ter%2F2",
        "password hun+ter%2F2",
    ],
)
@pytest.mark.parametrize("in_address", [False, True])
def test_a_password_that_comes_back_in_another_spelling_is_not_shown(said: str, in_address: bool) -> None:
    """As Base64 with its user, and as addresses have it."""
    system = System({"/x": lambda _: (400, {}, said.encode())})
    with running(system) as url:
        inside = url.replace("://", "://kim:hun%20ter%2F2@")
        with (
            Wire(
                inside if in_address else url,
                Access() if in_address else Access(user="kim", password=PASSWORD),
            ) as wire,
            pytest.raises(NotFetchedError) as problem,
        ):
            wire.get("x")

    assert not [
        part
        for part in (said.rsplit(maxsplit=1)[-1].strip('"]}?'), "hun ter")
        if part in problem.value.message
    ]
    assert "[redacted]" in problem.value.message
