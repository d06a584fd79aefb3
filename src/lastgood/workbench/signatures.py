"""Signatures: whether a webhook that came in is signed with the secret that was agreed."""

from datetime import datetime

from lastgood.algorithms.standard_webhooks import key_of
from lastgood.algorithms.webhook_signatures import github_is_right, standard_is_right
from lastgood.errors import UsageError


def github_signed(secret: str, signature: str, body: bytes) -> bool:
    """Whether GitHub signed a body; never without a secret."""
    return bool(secret) and github_is_right(secret.encode(), signature, body)


def standard_signed(secret: str, given: tuple[str, str, str], body: bytes, now: datetime) -> bool:
    """Whether id, timestamp and signature are of this body, sent not long ago; never without a secret.

    Raises:
        UsageError: the secret of the server is not one.
    """
    if not secret:
        return False
    try:
        key = key_of(secret)
    except ValueError as problem:
        raise UsageError(f"LASTGOOD_WEBHOOK_SECRET cannot be used: {problem}.") from problem
    message, timestamp, signatures = given
    return standard_is_right(key, message, timestamp, signatures, body, now)
