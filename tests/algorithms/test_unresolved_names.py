"""Names that could not be looked up, in the words of resolvers and runtimes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lastgood.algorithms.unresolved_names import DNS, at_fault, unresolved_name

LABEL = st.from_regex(r"[a-z]{2,6}", fullmatch=True)
REPORTED = [
    "dial tcp: lookup {} on 10.96.0.10:53: no such host",
    'Get "http://x/": dial tcp: lookup {}: i/o timeout',
    "java.net.UnknownHostException: {}: Temporary failure in name resolution",
    "getaddrinfo ENOTFOUND {}",
    "Error: getaddrinfo EAI_AGAIN {} at GetAddrInfoReqWrap",
    "curl: (6) Could not resolve host: {}",
    "Failed to resolve '{}' ([Errno -2] Name or service not known)",
    'Unable to resolve host "{}": No address associated with hostname',
    "HTTPSConnectionPool(host='{}', port=443): Max retries exceeded (NameResolutionError)",
    "php_network_getaddresses: getaddrinfo for {} failed: Name or service not known",
    "mount failed: {}: Name or service not known",
    "** server can't find {}: NXDOMAIN",
]


@pytest.mark.parametrize("said", REPORTED)
@given(labels=st.lists(LABEL, min_size=2, max_size=4))
def test_the_name_is_found(said: str, labels: list[str]) -> None:
    """As each runtime words it."""
    name = ".".join(labels)

    assert name == unresolved_name(said.format(name))


@pytest.mark.parametrize(
    "said", ["connection refused", "Temporary failure in name resolution", "lookup failed"]
)
def test_no_name_is_made_up(said: str) -> None:
    """Nothing tells it."""
    assert not unresolved_name(said)


@pytest.mark.parametrize(
    ("expected", "names"),
    [
        ("a.example", ["a.example", "a.example"]),
        ("internal.example", ["a.internal.example", "b.internal.example"]),
        (DNS, ["a.example", "b.example"]),
        (DNS, ["a.example", "b.test"]),
        (DNS, ["", ""]),
    ],
)
def test_one_name_a_zone_or_all(expected: str, names: list[str]) -> None:
    """One name is at fault by itself; several in one zone blame the zone; others, name resolution."""
    assert expected == at_fault(names)
