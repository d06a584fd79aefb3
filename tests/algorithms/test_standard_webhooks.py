"""Signatures after Standard Webhooks: the published example, and keys that are none."""

import base64

import pytest

from lastgood.algorithms.standard_webhooks import headers, key_of


def test_the_published_example() -> None:
    """Secret, id, time and body as in the specification's reference libraries."""
    key = key_of("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")

    assert {
        "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
        "webhook-timestamp": "1614265330",
        "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    } == headers(key, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, b'{"test": 2432232314}')


@pytest.mark.parametrize(
    ("reason", "secret"),
    [
        ("does not begin", "hunter2hunter2hunter2hunter2"),
        ("not base64", "whsec_***"),
        ("has 5 bytes", "whsec_" + base64.b64encode(b"short").decode()),
    ],
)
def test_what_is_no_secret_is_said_without_saying_it(reason: str, secret: str) -> None:
    """The reason, never the value."""
    with pytest.raises(ValueError, match=reason) as caught:
        key_of(secret)
    assert secret not in str(caught.value)
