"""Requests that are refused, of many senders or of one."""

from datetime import timedelta
from math import sqrt

import pytest

from cases import case_of
from lastgood.inspections.confirm.refused import (
    _Senders,
    _serves_fewer,
    _serves_no_more,
    _theirs,
    by_refusals,
)
from lastgood.inspections.confirm.weights import (
    DISPLACED_LOST,
    DISPLACED_MORE,
    DISPLACED_SPREADS,
    REFUSED_MORE,
    REFUSED_SENDERS,
    REFUSED_SERVED,
    REFUSED_SURE,
    REFUSED_TIMES,
    REFUSED_USUALLY,
    SERVED_BEFORE,
    SERVED_STILL,
)
from lastgood.model.finding import Verdict
from lastgood.model.window import Comparison, Window
from lastgood.readings.compared import Compared, Counted
from lastgood.workbench.store import Store
from tiers import BAD_FROM, Request, Tier
from worlds import START

BREAK = START + timedelta(seconds=BAD_FROM)
COMPARISON = Comparison(Window(START, BREAK), Window(BREAK, START + timedelta(hours=1)), given=True)


def requests(status: int, senders: int, first: int = 0) -> list[Request]:
    """One a second of 90 senders; from the break on each tenth gets a status, and these are of so many senders."""
    return [
        Request(n, float(n), 0.01, "/sessions", status if late and n % 10 == 0 else 200, first + n // 10 % senders if n % 10 == 0 else n % 90, "free")
        for n in range(3600)
        for late in [n >= BAD_FROM]
    ]  # fmt: skip


@pytest.mark.parametrize("status", [422, 403, 404])
def test_many_senders_that_are_refused_are_harm(store: Store, status: int) -> None:
    """A tenth of the requests gets a status that no one got."""
    Tier("shop", says=lambda one: {"client.address": f"192.0.2.{one.user}"}).put(store, requests(status, 40))
    found = by_refusals(case_of(store, COMPARISON))

    assert found is not None
    assert (Verdict.YES, REFUSED_SURE) == (found.verdict, found.confidence)
    assert "are refused (4xx)" in found.because


@pytest.mark.parametrize(("method", "harm"), [("GET", True), ("POST", False)])
def test_pages_that_send_elsewhere_where_they_served_are_harm(
    store: Store, method: str, *, harm: bool
) -> None:
    """A form that is accepted may answer with another address as well."""
    Tier(
        "shop", says=lambda one: {"client.address": f"192.0.2.{one.user}", "http.request.method": method}
    ).put(store, requests(302, 40))

    assert harm == (by_refusals(case_of(store, COMPARISON)) is not None)


def test_strangers_who_are_refused_are_none(store: Store) -> None:
    """Who gets 404 and nothing else scans."""
    late = [one for one in requests(404, 40, first=100) if one.status == 404 or one.begin % 10]
    Tier("shop", says=lambda one: {"client.address": f"192.0.2.{one.user}"}).put(store, late)

    assert by_refusals(case_of(store, COMPARISON)) is None


def test_it_is_not_known_whether_customers_are_refused_where_nobody_is_named(store: Store) -> None:
    """Neither yes nor none: the sentence says what would tell."""
    Tier("shop").put(store, requests(404, 40))
    found = by_refusals(case_of(store, COMPARISON))

    assert found is not None
    assert Verdict.UNKNOWN is found.verdict
    assert "scanners" in found.limits[0]


@pytest.mark.parametrize(("status", "senders"), [(404, 1), (422, 1), (200, 40)])
def test_one_sender_is_none(store: Store, status: int, senders: int) -> None:
    """One sender may be wrong."""
    Tier("shop", says=lambda one: {"client.address": f"192.0.2.{one.user}"}).put(
        store, requests(status, senders)
    )

    assert by_refusals(case_of(store, COMPARISON)) is None


def test_a_share_that_rises_for_want_of_others_is_none(store: Store) -> None:
    """Robots go on while people sleep: as many refusals in the time are no more of them."""
    made = [
        Request(n, float(n), 0.01, "/sessions", 404 if n % 10 == 0 else 200, n % 90, "free")
        for n in range(3600)
        if n < BAD_FROM or n % 10 == 0 or n % 10 == 1
    ]
    Tier("shop", says=lambda one: {"client.address": f"192.0.2.{one.user}"}).put(store, made)

    assert by_refusals(case_of(store, COMPARISON)) is None


@pytest.mark.parametrize(
    ("before", "refused", "senders", "harm"),
    [
        (0, REFUSED_MORE, 30, True),
        (0, REFUSED_MORE - 1, 30, False),
        (0, 50, REFUSED_SENDERS, True),
        (0, 50, REFUSED_SENDERS - 1, False),
        (400, int(400 * REFUSED_TIMES * 1.05), 90, True),
        (400, int(400 * REFUSED_TIMES * 0.95), 90, False),
    ],
)
def test_refusals_are_harm_from_enough_of_enough_senders_on(
    store: Store, before: int, refused: int, senders: int, *, harm: bool
) -> None:
    """REFUSED_MORE, of REFUSED_SENDERS, and REFUSED_TIMES as many in the same time."""
    made = [
        Request(n, first + n * BAD_FROM / 4000, 0.01, "/sessions", status, n % (senders if status == 422 else 90), "free")
        for first, wrong in ((0.0, before), (BAD_FROM, refused))
        for n in range(2000)
        for status in [422 if n < wrong else 200]
    ]  # fmt: skip
    Tier("shop", says=lambda one: {"client.address": f"192.0.2.{one.user}"}).put(store, made)

    assert harm is (by_refusals(case_of(store, COMPARISON)) is not None)


def test_refusals_that_may_be_right_are_judged_by_who_gets_them() -> None:
    """REFUSED_SERVED of them are served elsewhere, of a place that refused REFUSED_USUALLY at most."""
    most = 1000 * REFUSED_SERVED
    known = [_Senders(1000, 0, int(n), 0).known for n in (most, most - 1)]
    served = [_Senders(2000, 0, 1000, int(n)).served for n in (most, most - 1)]
    usual = [
        _theirs(Compared((), Counted(1000, n), Counted(1000, 900)), _Senders(900, 0, 900, 900))
        for n in (1000 * REFUSED_USUALLY, 1000 * REFUSED_USUALLY + 1)
    ]

    assert [[True, False]] * 3 == [known, served, usual]


def test_refusals_are_judged_where_most_may_be_right() -> None:
    """Where as many are wrong by their content, they are the service's."""
    assert [True, False] == [_Senders(n, 10, 0, 0).judged for n in (11, 10)]


@pytest.mark.parametrize(
    ("good", "bad", "harm"),
    [
        (Counted(100, 1), Counted(200, 200), True),
        (Counted(100, 1), Counted(400, 400 - int(99 * SERVED_STILL) - 2), False),  # some are served as before
        (Counted(100, 0), Counted(400, 400 - round(100 * SERVED_STILL)), True),
        (Counted(SERVED_BEFORE, 0), Counted(200, 200), True),
        (Counted(SERVED_BEFORE - 1, 0), Counted(200, 200), False),
    ],
)
def test_an_operation_that_serves_no_more_is_at_fault(good: Counted, bad: Counted, *, harm: bool) -> None:
    """Whoever is refused, and whoever asks besides."""
    assert harm == _serves_no_more(Compared((("hooks", "/"),), good, bad), 1.0)


LETTERS = str.maketrans("0123456789", "abcdefghij")


def widget(
    attribute: str, *, agent: str = "Mozilla/5.0", senders: int = 3600, served: str = "https://a.example"
) -> Tier:
    """A widget of two sites, whose paths hold names of shows and whose senders ask once; refused are those with this site."""
    return Tier(
        "widget",
        says=lambda one: {
            "url.path": f"/shows/{str(one.number % 700).translate(LETTERS)}/seats",
            "client.address": f"10.{one.number % senders // 250}.0.{one.number % senders % 250}",
            "user_agent.original": agent,
            attribute: f"https://b.example/page/{one.number % 40}"
            if one.status == 403 or (one.begin < BAD_FROM and one.number % 3 == 0)
            else served,
        },
    )


def of_one_site() -> list[Request]:
    """A third of the requests is refused from the break on."""
    return [
        Request(n, float(n), 0.01, "", 403 if n >= BAD_FROM and n % 3 == 0 else 200, n % 90, "free")
        for n in range(3600)
    ]


@pytest.mark.parametrize(
    ("attribute", "senders", "harm"),
    [
        ("http.request.header.referer", 3600, True),
        ("tenant", 3600, True),
        ("user_agent.original", 3600, False),  # a program that is blocked on purpose
        ("http.request.header.referer", 3, False),
    ],
)
def test_those_of_one_site_who_are_served_no_more_are_harm(
    store: Store, attribute: str, senders: int, *, harm: bool
) -> None:
    """Each sender asks once, and each path is asked for a few times."""
    widget(attribute, senders=senders).put(store, of_one_site())
    found = by_refusals(case_of(store, COMPARISON))

    assert harm is (found is not None)
    assert not harm or (found is not None and Verdict.YES is found.verdict)


@pytest.mark.parametrize("harm", [True, False])
def test_those_who_are_refused_at_one_operation_alone_are_harm(store: Store, *, harm: bool) -> None:
    """Its other pages are served to them still; where nothing is common to them, they may be strangers who come besides."""
    tier = Tier(
        "edge",
        says=lambda one: {
            "url.path": "/api/tickets" if one.number % 2 else "/start",
            "client.address": f"10.{one.number // 250}.0.{one.number % 250}",
            "country": "ch" if harm and one.number % 3 == 0 else "de",
        },
    )
    requests = [
        Request(n, n * 0.5 if n < 2 * BAD_FROM else BAD_FROM + (n - 2 * BAD_FROM) * 0.25, 0.01, "",
                403 if n >= 2 * BAD_FROM and n % 6 == 3 else 200, n % 90, "free")
        for n in range(10_800)
    ]  # fmt: skip
    tier.put(store, requests)

    assert harm is (by_refusals(case_of(store, COMPARISON)) is not None)


def test_a_site_that_was_never_served_is_no_harm(store: Store) -> None:
    """Whoever copies the widget to another site is refused from the first request on."""
    late = [one for one in of_one_site() if one.begin >= BAD_FROM or one.number % 3]
    widget("http.request.header.referer").put(store, late)

    assert by_refusals(case_of(store, COMPARISON)) is None


def test_refusals_in_the_place_of_what_was_served_are_harm() -> None:
    """As many requests as before, and fewer are served; scanners come besides."""
    before, refused = Counted(10_000, 0), 6000.0
    chance = DISPLACED_SPREADS * sqrt(20_000)
    besides = DISPLACED_MORE * refused - chance

    def instead(more: float, served: float = 4000) -> bool:
        return _serves_fewer(
            Compared((), before, Counted(served + refused, refused)), (served + refused - more) / 10_000
        )

    assert instead(0)
    assert [True, False] == [instead(besides * near) for near in (0.9, 1.1)]
    lost = (1 - DISPLACED_LOST) * refused  # so many more come, and all who were served are
    assert not instead(refused)
    assert not _serves_fewer(Compared((), before, Counted(10_000 + lost, lost * 2)), 1.0)
