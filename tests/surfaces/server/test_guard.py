"""What every request passes."""

import pytest

from lastgood.surfaces.server.guard import HEADERS, _place, hostname, trace_of


@pytest.mark.parametrize(
    ("host", "name"),
    [
        ("localhost:8080", "localhost"),
        ("[::1]:8080", "::1"),
        ("EVIL.example", "evil.example"),
        ("", ""),
        ("[", ""),
    ],
)
def test_a_host_is_known_by_its_name(host: str, name: str) -> None:
    """Whatever the port."""
    assert name == hostname(host)


def test_a_trace_goes_on_or_begins() -> None:
    """Only a well-formed traceparent is taken over."""
    assert "a" * 32 == trace_of(f"00-{'a' * 32}-{'b' * 16}-01")
    assert 32 == len(trace_of("00-x"))
    assert trace_of("") != trace_of("")


def test_pages_may_load_only_what_is_ours() -> None:
    """No inline script or style, no eval, no frame, no other site."""
    policy = HEADERS["content-security-policy"]

    assert policy.startswith("default-src 'none';")
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy


def test_an_origin_that_cannot_be_read_is_another_site() -> None:
    """It is refused, rather than a fault."""
    assert "" == _place("http://[::1") != _place("http://[::1]")
