"""Signatures of webhooks that come in: Standard Webhooks and those of single senders, compared in constant time over the raw body."""

import hmac
from datetime import datetime, timedelta

from lastgood.algorithms.standard_webhooks import headers

WINDOW = timedelta(minutes=5)


def standard_is_right(
    key: bytes, message: str, timestamp: str, signatures: str, body: bytes, now: datetime
) -> bool:
    """Whether one of the signatures is of this message, which was sent not long ago."""
    if not timestamp.isascii() or not timestamp.isdigit() or len(timestamp) > 12:
        return False
    if abs(now.timestamp() - int(timestamp)) > WINDOW.total_seconds():
        return False
    wanted = headers(key, message, int(timestamp), body)["webhook-signature"].encode()
    given = [one.encode("utf-8", "replace") for one in signatures.split(" ")]
    return any([hmac.compare_digest(wanted, one) for one in given])  # noqa: C419 - all of them, whatever is found


def digest_is_right(secret: bytes, algorithm: str, before: str, given: str, body: bytes) -> bool:
    """Whether one of some signatures, with commas between, is the HMAC of the body in hexadecimal after `before`.

    No time is signed. What is sent again is recognised by its delivery, or by what it tells of.
    """
    wanted = (before + hmac.new(secret, body, algorithm).hexdigest()).encode()
    signatures = [one.strip().encode("utf-8", "replace") for one in given.split(",")]
    return any([hmac.compare_digest(wanted, one) for one in signatures])  # noqa: C419 - all of them, whatever is found


def token_is_right(secret: bytes, given: str) -> bool:
    """Whether the sender repeats the secret, as GitLab does."""
    return hmac.compare_digest(secret, given.encode("utf-8", "replace"))
