"""Signatures of webhooks that come in."""

import hashlib
import hmac
from datetime import UTC, datetime, timedelta

import pytest

from lastgood.algorithms.standard_webhooks import headers
from lastgood.algorithms.webhook_signatures import WINDOW, digest_is_right, standard_is_right, token_is_right

NOW = datetime(2026, 11, 22, 14, 45, tzinfo=UTC)
KEY, BODY = b"k" * 32, b'{"a": 1}'


def standard(
    *, body: bytes = BODY, sent: datetime = NOW, key: bytes = KEY, message: str = "m1", more: str = ""
) -> bool:
    given = headers(KEY, "m1", int(sent.timestamp()), BODY)
    signatures = f"{more}{given['webhook-signature']}"
    return standard_is_right(key, message, given["webhook-timestamp"], signatures, body, NOW)


def test_a_standard_signature_is_of_id_time_and_body() -> None:
    """Any of them changed, or another key, and it is not right; one right one among several is enough."""
    assert standard()
    assert standard(more="v1,b3RoZXI= v2,x ")
    assert not standard(body=BODY + b" ")
    assert not standard(key=b"o" * 32)
    assert not standard(message="m2")


@pytest.mark.parametrize("sent", [NOW - WINDOW - timedelta(seconds=1), NOW + WINDOW + timedelta(seconds=1)])
def test_an_old_or_early_message_is_refused(sent: datetime) -> None:
    """A person may have recorded it."""
    assert not standard(sent=sent)
    assert standard(sent=NOW - WINDOW + timedelta(seconds=1))


@pytest.mark.parametrize("timestamp", ["", "x", "-1", "1" * 40, "١٢٣"])
def test_a_timestamp_that_is_none_is_refused(timestamp: str) -> None:
    """And raises nothing."""
    assert not standard_is_right(KEY, "m1", timestamp, "v1,x", BODY, NOW)


def test_github_signs_the_body() -> None:
    """As `sha256=` and hexadecimal digits; any character may come."""
    right = "sha256=" + hmac.new(b"secret", BODY, hashlib.sha256).hexdigest()

    assert digest_is_right(b"secret", "sha256", "sha256=", right, BODY)
    assert not digest_is_right(b"secret", "sha256", "sha256=", right, BODY + b" ")
    assert not digest_is_right(b"secret", "sha256", "sha256=", "sha256=é", BODY)
    assert digest_is_right(b"secret", "sha256", "sha256=", f"sha256=0, {right}", BODY)


def test_a_token_is_the_secret() -> None:
    """Any character may come."""
    assert token_is_right(b"secret", "secret")
    assert not token_is_right(b"secret", "sécret")
