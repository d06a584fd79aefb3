"""Signatures of webhooks after the Standard Webhooks specification, version 1 (HMAC-SHA256, `v1,`)."""

import base64
import binascii
import hashlib
import hmac

PREFIX = "whsec_"
_SHORTEST, _LONGEST = 24, 64  # bytes of a secret, by the specification


def key_of(secret: str) -> bytes:
    """The key in a secret such as `whsec_MfKQ…`.

    Raises:
        ValueError: it is not one; says why without repeating it.
    """
    if not secret.startswith(PREFIX):
        raise ValueError(f"it does not begin with {PREFIX}")
    try:
        key = base64.b64decode(secret.removeprefix(PREFIX), validate=True)
    except binascii.Error as problem:
        raise ValueError(f"what follows {PREFIX} is not base64") from problem
    if not _SHORTEST <= len(key) <= _LONGEST:
        raise ValueError(f"its key has {len(key)} bytes, not {_SHORTEST} to {_LONGEST}")
    return key


def headers(key: bytes, message: str, timestamp: int, body: bytes) -> dict[str, str]:
    """The three headers of a message: its id, the time of sending in Unix seconds, the signature of both and the body."""
    signed = hmac.new(key, f"{message}.{timestamp}.".encode() + body, hashlib.sha256).digest()
    return {
        "webhook-id": message,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": f"v1,{base64.b64encode(signed).decode()}",
    }
