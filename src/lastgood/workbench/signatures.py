"""Signatures: whether a webhook that came in is signed with the secret that was agreed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from lastgood.algorithms.standard_webhooks import key_of
from lastgood.algorithms.webhook_signatures import digest_is_right, standard_is_right, token_is_right
from lastgood.errors import UsageError


@dataclass(frozen=True, slots=True)
class Sender:
    """How one sender proves that it is itself: the header, and what is in it before the HMAC."""

    header: str
    algorithm: str = "sha256"  # empty: the header is the secret itself
    before: str = ""

    def signed(self, secret: str, given: str, body: bytes) -> bool:
        """Whether it sent a body; never without a secret."""
        if not secret:
            return False
        if not self.algorithm:
            return token_is_right(secret.encode(), given)
        return digest_is_right(secret.encode(), self.algorithm, self.before, given, body)


GITHUB = Sender("x-hub-signature-256", before="sha256=")
# Those of changes; the secret of each is in `LASTGOOD_…_SECRET`.
SENDERS = {
    "flagsmith": Sender("x-flagsmith-signature"),
    "gitlab": Sender("x-gitlab-token", algorithm=""),
    "launchdarkly": Sender("x-ld-signature"),
    "terraform": Sender("x-tfe-notification-signature", algorithm="sha512"),
}
PAGERDUTY = Sender("x-pagerduty-signature", before="v1=")  # of alerts


def secret_of(environment: Mapping[str, str], name: str) -> str:
    """The secret that was agreed with a sender; empty without one."""
    return environment.get(f"LASTGOOD_{name.upper()}_SECRET", "")


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
