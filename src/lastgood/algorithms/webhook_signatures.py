"""Signatures of webhooks that come in: Standard Webhooks and GitHub's, compared in constant time over the raw body."""

import hashlib
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


def github_is_right(secret: bytes, signature: str, body: bytes) -> bool:
    """Whether `sha256=…` is the HMAC of the body. GitHub signs no time: deliveries count once instead."""
    wanted = "sha256=" + hmac.new(secret, body, hashlib.sha256).hexdigest()
    return hmac.compare_digest(wanted.encode(), signature.encode("utf-8", "replace"))
