"""In which way calls of a host fail."""

import pytest

from lastgood.inspections.us_or_them.natures import Nature, failing_as, nature_of


@pytest.mark.parametrize(
    ("nature", "status", "text"),
    [
        (Nature.FAULT, "503", "503 503"),
        (Nature.DENIED, "401", "401 401 Unauthorized"),
        (Nature.LIMITED, "429", "429 "),
        (Nature.WRONG, "404", "404 NotFound"),
        (Nature.WRONG, "402", "402 card_declined"),
        (Nature.TIMEOUT, "", "0 ReadTimeout timed out"),
        (Nature.REFUSED, "", "0 ECONNREFUSED connection refused"),
        (Nature.NETWORK, "", "0 read: connection reset by peer"),
        (Nature.UNRESOLVED, "", "0 getaddrinfo ENOTFOUND api.example"),
        (Nature.THEIR_CERTIFICATE, "", "0 x509: certificate has expired or is not yet valid"),
        (Nature.OUR_CERTIFICATE, "", "0 remote error: tls: bad certificate"),
        (Nature.TLS, "", "0 TLS handshake failed"),
        (Nature.FAULT, "502", "0 voice call failed: status 502"),
        (Nature.LIMITED, "429", "0 store=x Gateway::Limited 429 retry-after=19"),
        (Nature.OTHER, "", "0 EPROTO"),
    ],
)
def test_the_way_in_which_a_call_fails(nature: Nature, status: str, text: str) -> None:
    """By its status, and by words where it has none or where they say more."""
    assert (nature, status) == nature_of(text)


def test_most_calls_decide() -> None:
    """The most frequent way, its share, and its most frequent status."""
    found = failing_as({"503 ": 6, "500 ": 2, "0 timed out": 2})

    assert found is not None
    assert (Nature.FAULT, 0.8, "503") == (found.nature, found.share, found.status)
    assert failing_as({}) is None
