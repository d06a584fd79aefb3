"""What lies between two machines, and errors of connections that are not made."""

import pytest

from lastgood.algorithms.network_paths import network_path, unreached_name


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("firewall: egress rules tidied up", "firewall"),
        ("aws_security_group.workers: Modifications complete", "aws_security_group"),
        ("k8s/NetworkPolicy-payments.yaml", "networkpolicy"),
        ("route table of the NAT", "route table"),
        ("checkout: proxy pattern for the cart", ""),
        ("natural sort of names", ""),
    ],
)
def test_what_a_change_is_about(text: str, what: str) -> None:
    """As infrastructure is described; no design of code."""
    assert what == network_path(text)


@pytest.mark.parametrize(
    ("text", "host"),
    [
        ("TimeoutError('timed out connecting to smtp.mailhub.example:587')", "smtp.mailhub.example"),
        ("dial tcp api.tax.example:443: i/o timeout", "api.tax.example"),
        ("connect ECONNREFUSED redis:6379", "redis"),
        ("POST https://api.tax.example/v2 answered 503", ""),
        ("no route to host", ""),
    ],
)
def test_who_is_not_reached(text: str, host: str) -> None:
    """Named, and without an answer."""
    assert host == unreached_name(text)
