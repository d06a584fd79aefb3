"""Whether a webhook is signed with the agreed secret."""

import base64
import hmac

import pytest

from lastgood.algorithms.standard_webhooks import headers
from lastgood.errors import UsageError
from lastgood.workbench.signatures import GITHUB, PAGERDUTY, SENDERS, secret_of, standard_signed
from records import START

SECRET = "whsec_" + base64.b64encode(b"k" * 32).decode()


def test_without_a_secret_nothing_is_signed() -> None:
    """An empty key would sign everything."""
    assert not GITHUB.signed(
        "", "sha256=b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad", b""
    )
    assert not any(sender.signed("", "", b"") for sender in SENDERS.values())
    assert not standard_signed("", ("", "", ""), b"", START)


@pytest.mark.parametrize(
    ("name", "algorithm"), [("launchdarkly", "sha256"), ("flagsmith", "sha256"), ("terraform", "sha512")]
)
def test_senders_sign_the_body(name: str, algorithm: str) -> None:
    """In hexadecimal, each with its own header and digest."""
    given = hmac.new(b"s", b"{}", algorithm).hexdigest()

    assert SENDERS[name].signed("s", given, b"{}")
    assert not SENDERS[name].signed("s", given, b"[]")
    assert not SENDERS[name].signed("other", given, b"{}")


def test_gitlab_repeats_the_secret_and_pagerduty_may_sign_twice() -> None:
    """While a secret is changed, PagerDuty signs with both."""
    right = f"v1={hmac.new(b's', b'{}', 'sha256').hexdigest()}"

    assert SENDERS["gitlab"].signed("s", "s", b"{}")
    assert not SENDERS["gitlab"].signed("s", "é", b"{}")
    assert PAGERDUTY.signed("s", f"v1=00,{right}", b"{}")
    assert not PAGERDUTY.signed("s", right.removeprefix("v1="), b"{}")
    assert "s" == secret_of({"LASTGOOD_PAGERDUTY_SECRET": "s"}, "pagerduty")
    assert not secret_of({}, "pagerduty")


def test_a_standard_webhook_is_recognised() -> None:
    """With the secret as it is written in settings."""
    sent = headers(b"k" * 32, "m1", int(START.timestamp()), b"{}")
    given = (sent["webhook-id"], sent["webhook-timestamp"], sent["webhook-signature"])

    assert standard_signed(SECRET, given, b"{}", START)
    assert not standard_signed(SECRET, given, b"[]", START)


def test_a_secret_that_is_none_is_an_error_that_does_not_repeat_it() -> None:
    """Whoever set it up finds out."""
    with pytest.raises(UsageError, match="LASTGOOD_WEBHOOK_SECRET") as problem:
        standard_signed("hunter2", ("m", "1", "v1,x"), b"", START)
    assert "hunter2" not in str(problem.value)
