"""Targets of a probe, and which addresses are private."""

import pytest

from lastgood.errors import UsageError
from lastgood.outside.probe.target import is_link_local, is_private, origin_of, target_of


@pytest.mark.parametrize(
    ("url", "shown", "authority"),
    [
        ("https://shop.example", "https://shop.example/", "shop.example"),
        ("http://[::1]:8080/a?b=c", "http://[::1]:8080/a?b=c", "[::1]:8080"),
        ("https://b\u00fccher.example/x", "https://xn--bcher-kva.example/x", "xn--bcher-kva.example"),
        ("https://a.example/?token=hunter22", "https://a.example/?token=[redacted]", "a.example"),
    ],
)
def test_a_url_is_shown_without_secrets(url: str, shown: str, authority: str) -> None:
    """And the port is left out where it is the usual one."""
    assert (shown, authority) == (str(target_of(url)), target_of(url).authority)


@pytest.mark.parametrize(
    "url",
    [
        "ftp://x/",
        "x",
        "https://",
        "https://kim:pw@x/",
        "https://x:0/",
        "https://x/ y",
        "https://x/\r\nHost: y",
        "https://" + "x" * 5000,
    ],
)
def test_what_is_no_url_is_refused(url: str) -> None:
    """And not repeated."""
    with pytest.raises(UsageError) as refused:
        target_of(url)

    assert "pw" not in refused.value.message + refused.value.hint


def test_a_redirect_is_read_from_where_it_was_given() -> None:
    """Relative, or whole."""
    at = target_of("https://a.example/x/y")

    assert ["https://a.example/x/z", "http://b.example/"] == [
        str(at.after(to)) for to in ("z", "http://b.example/")
    ]


@pytest.mark.parametrize(
    ("address", "private"),
    [
        ("93.184.216.34", False), ("2606:4700::1", False), ("10.0.0.1", True), ("127.0.0.1", True), ("169.254.169.254", True),
        ("::1", True), ("fe80::1%eth0", True), ("::ffff:10.0.0.1", True), ("2002:a00:1::", True), ("224.0.0.1", True), ("0.0.0.1", True),
        ("100.64.0.1", True),
    ],
)  # fmt: skip
def test_private_is_what_is_not_of_the_public_internet(address: str, private: bool) -> None:
    """Also inside an address of version 6."""
    assert private is is_private(address)
    assert is_link_local(address) is (address in {"169.254.169.254", "fe80::1%eth0"})


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("192.0.2.1", ("192.0.2.1", 443)),
        ("192.0.2.1:8443", ("192.0.2.1", 8443)),
        ("[2001:db8::1]:8443", ("2001:db8::1", 8443)),
        ("2001:db8::1", ("2001:db8::1", 443)),
        ("origin.test", None),
        ("192.0.2.1:99999", None),
        ("192.0.2.1:", None),
    ],
)
def test_an_origin_is_an_address_with_or_without_a_port(written: str, found: tuple[str, int] | None) -> None:
    """A name would be asked of DNS, which may answer with the edge."""
    if found is None:
        with pytest.raises(UsageError, match="no IP address"):
            origin_of(written, 443)
    else:
        assert found == origin_of(written, 443)
