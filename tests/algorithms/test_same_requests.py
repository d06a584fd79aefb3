"""Same requests: numbers that agree, with the paths of one place behind a prefix."""

import numpy as np
import pytest

from lastgood.algorithms.same_requests import Place, Requests, agreeing, with_paths_alike, without


def asked(seed: int, *paths: str) -> Place:
    """Requests of these paths, at times that come by chance."""
    times = np.cumsum(np.random.default_rng(seed).exponential(0.3, 600))
    calls = [f"GET {paths[at % len(paths)]}" for at in range(600)]
    return Place(f"{paths}", Requests(times, np.zeros(600), calls, [200] * 600, {}))


@pytest.mark.parametrize(
    ("outer", "inner", "prefix"),
    [
        (("/api/cart", "/api/items"), ("/cart", "/items"), "/api"),
        (("/shop/v1", "/shop/v1/items"), ("/", "/items"), "/shop/v1"),
        (("/cart", "/items"), ("/internal/cart", "/internal/items"), "/internal"),
    ],
)
def test_a_prefix_is_found_at_whichever_place_has_it(
    outer: tuple[str, ...], inner: tuple[str, ...], prefix: str
) -> None:
    """Without it the numbers agree; with it no call is known to both."""
    a, b = asked(1, *outer), asked(1, *inner)
    (*_, (first, second, found)) = with_paths_alike(a, b)

    assert prefix == found
    assert agreeing(a, b, by_status=True) is None
    assert (1.0, 1.0) == agreeing(first, second, by_status=True)


def test_the_same_paths_need_no_prefix() -> None:
    """Nor do paths of which no prefix makes the other's."""
    cart = asked(1, "/cart", "/items")
    assert [""] == [prefix for _, _, prefix in with_paths_alike(cart, asked(2, "/cart", "/items"))]
    assert [""] == [prefix for _, _, prefix in with_paths_alike(cart, asked(2, "/api/users", "/api/plans"))]


def test_a_prefix_is_whole_parts() -> None:
    """Of /apis nothing is left out."""
    calls = without(asked(1, "/api/a", "/apis/a", "/api"), "/api").requests.calls
    assert ["GET /a", "GET /apis/a", "GET /"] == calls[:3]
