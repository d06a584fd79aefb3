"""Paths between machines: words for what lies on them, and errors that say that no connection is made."""

import re

from lastgood.algorithms.called_names import called_name

# What lies between two machines, as infrastructure is described: not a proxy that serves, nor a list of what a user may.
_WAY = re.compile(
    r"\b(?:egress|fire-?walls?|iptables|nftables|ufw|security[ _-]?groups?|aws_security_group\w*|network[ _-]?polic(?:y|ies)|networkpolic(?:y|ies)"
    r"|n?acls?|nat[ _-]?gateways?|nat|rout(?:e|ing)[ _-]?tables?|static routes?|outbound|forward proxy|http_proxy|https_proxy|no_proxy|squid"
    r"|service[ _-]?entr(?:y|ies)|vpn|vpc[ _-]?peering|peering|transit gateway|subnets?|cidr)\b",
    re.IGNORECASE,
)
# No connection is made: what answers with an error has been reached.
_UNREACHED = re.compile(
    r"connect(?:ion|ing)?\b.{0,60}(?:timed? ?-?out|timeout|refused)|(?:timed? ?-?out|timeout).{0,20}\bconnect|connect ?timeout|ETIMEDOUT|ECONNREFUSED"
    r"|EHOSTUNREACH|ENETUNREACH|no route to host|(?:host|network) is unreachable|dial tcp\b.{0,60}(?:i/o timeout|refused)|could not connect|failed to connect|unable to connect",
    re.IGNORECASE,
)


def network_path(text: str) -> str:
    """What on a path a text is about, in lower case: `egress`, `security group`; empty where it is about none."""
    found = _WAY.search(text)
    return found[0].lower() if found else ""


def unreached_name(text: str) -> str:
    """The host to which an error says that no connection is made; empty where it names none or was answered."""
    return called_name(text) if _UNREACHED.search(text) else ""
