"""Check, sinks and recipients: what cannot be meant, and what this machine lacks."""

from pathlib import Path

import pytest

from lastgood.config import FileSink, Mail, Recipient, Settings, Slack, Team, WebhookSink
from lastgood.workbench.check_sinks import flaws_of_sinks, missing_secrets
from webhooks import SECRET

GOOD = Slack(name="ops", channel="#x", token="$OPS")  # noqa: S106 - the name of a variable


def test_what_is_well_has_no_flaws(monkeypatch: pytest.MonkeyPatch) -> None:
    """A secret that is there, a recipient of a sink that is there."""
    monkeypatch.setenv("OPS", "xoxb-1")
    good = Settings(
        sink=(GOOD,), recipient=(Recipient(name="CTO", sinks=("ops",)),), team=Team(url="https://h")
    )

    assert [] == [*flaws_of_sinks(good), *missing_secrets(good)]


def test_each_flaw_is_found_where_it_is() -> None:
    """Names twice, addresses that are none, sinks that are not there; a secret in the file is only warned of."""
    mail = Mail(name="mail", host="h", sender="nobody", to=("cto@example.com", "x"))
    hook = WebhookSink(name="ops", url="ftp://h", secret=SECRET)
    slack = Slack(name="s", channel="#x", token="$OPS", url="nowhere")  # noqa: S106 - the name of a variable
    recipients = (Recipient(name="CTO"), Recipient(name="CTO", sinks=("gone",)))
    settings = Settings(
        sink=(GOOD, hook, mail, slack, Mail(name="n", host="h", sender="a@b.c", to=())),
        recipient=recipients,
        team=Team(url="h"),
    )
    found = [*flaws_of_sinks(settings)]

    assert [
        ("sink[1].name", True),
        ("sink[1].url", True),
        ("sink[1].secret", False),
        ("sink[2].sender", True),
        ("sink[2].to", True),
        ("sink[3].url", True),
        ("sink[4].to", True),
        ("recipient[1].name", True),
        ("recipient[1].sinks", True),
        ("team.url", True),
    ] == [(where, fatal) for where, _, fatal in found]
    assert SECRET not in str(found)


def test_secrets_that_are_not_here_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Variables and files."""
    monkeypatch.delenv("OPS", raising=False)
    file = Slack(name="f", channel="#x", token=f"file:{tmp_path}/no")
    found = [*missing_secrets(Settings(sink=(FileSink(name="a", path="b"), GOOD, file)))]

    assert [
        ("sink[1].token", "the environment variable OPS is not set", False),
        ("sink[2].token", f"file:{tmp_path}/no cannot be read on this machine", False),
    ] == found
