"""E-mail against a real server: as text and HTML, in one thread, over TLS, with its password kept."""

from dataclasses import replace
from email import message_from_string, policy
from email.message import EmailMessage
from typing import Any

import pytest

from contracts.test_sink_contract import LONG, NASTY, OUT
from lastgood.config import Mail
from lastgood.outside.sinks.failure import NotSentError
from lastgood.outside.sinks.mail import ByMail, composed
from lastgood.outside.sinks.wire import PAUSES, Wire
from mailboxes import Mailbox, mailbox
from webhooks import CERTIFICATE

MAIL = Mail(
    name="mail",
    host="localhost",
    sender="Lastgood <lastgood@example.com>",
    to=("cto@example.com", "Support <support@example.com>"),
    tls="none",
    allow=("localhost",),
)


def by_mail(server: Mailbox, pauses: list[float] | None = None, **changed: Any) -> ByMail:
    """A sink at a server."""
    settings = Mail(
        **{**{name: getattr(MAIL, name) for name in MAIL.__struct_fields__}, "port": server.port, **changed}
    )
    return ByMail(settings, Wire(settings.allow, (pauses if pauses is not None else []).append))


def parsed(text: str) -> EmailMessage:
    """A message as a reader's program has it."""
    found = message_from_string(text, policy=policy.default)
    assert isinstance(found, EmailMessage)
    return found


def test_a_message_arrives_in_a_thread() -> None:
    """As it was shown; the second one answers the first."""
    with mailbox() as server:
        sink = by_mail(server)
        (shown,) = sink.planned(OUT)
        sent = sink.send(OUT)
        again = sink.send(replace(OUT, id="msg_2"), sent.reference)

    first, second = map(parsed, server.got)
    assert shown.startswith(f"SMTP localhost:{server.port} (none)\n")
    assert parsed(shown.partition("\n")[2])["Subject"] == first["Subject"] == OUT.headline
    assert "accepted for 2 of 2 addresses" == sent.detail
    assert ("<msg_1@example.com>", "<msg_1@example.com>") == (sent.reference, again.reference)
    assert first["Message-ID"] == second["In-Reply-To"] == sent.reference
    html = first.get_body(("html",))
    assert html is not None
    assert "5.6 % of requests fail" in html.get_content()


@pytest.mark.parametrize("tls", ["tls", "starttls"])
def test_over_tls_the_host_must_be_who_it_says(tls: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A certificate that no one trusts ends it before the password is said."""
    monkeypatch.setenv("PASSWORD", "right")
    with mailbox(tls=tls) as server:
        sink = by_mail(server, tls=tls, user="lastgood", password="$PASSWORD")  # noqa: S106 - the name of a variable
        with pytest.raises(NotSentError, match="certificate is invalid"):
            sink.send(OUT)
        assert ([], []) == (server.got, server.logged_in)

        monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))
        sink.send(OUT)
        assert "log-in accepted" == sink.reach()
    assert ["lastgood", "lastgood"] == server.logged_in
    assert 1 == len(server.got)


def test_a_wrong_password_is_said_without_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """By the server's status."""
    monkeypatch.setenv("PASSWORD", "hunter2")
    with mailbox() as server:
        sink = by_mail(server, user="lastgood", password="$PASSWORD")  # noqa: S106 - the name of a variable
        for ask in (lambda: sink.send(OUT), sink.reach):
            with pytest.raises(NotSentError, match="it answered 535") as caught:
                ask()
            assert "hunter2" not in str(caught.value) + repr(sink)


def test_what_is_refused_for_now_is_tried_again() -> None:
    """A status of 4xx; of 5xx not."""
    pauses: list[float] = []
    with mailbox("451 later", "250 kept") as server:
        by_mail(server, pauses).send(OUT)
        assert (2, list(PAUSES[:1])) == (len(server.got), pauses)
    with mailbox("554 no") as server, pytest.raises(NotSentError, match="it answered 554"):
        by_mail(server).send(OUT)
    with mailbox(*["451 later"] * 3) as server, pytest.raises(NotSentError, match="it answered 451"):
        by_mail(server).send(OUT)


@pytest.mark.parametrize(
    ("reason", "changed"),
    [
        ("not public", {"allow": ()}),
        ("without TLS", {"allow": ("127.0.0.0/8", "::1")}),
        ("is not set", {"user": "x", "password": "$NOT_THERE"}),
        ("an address", {"sender": "nobody"}),
        ("an address", {"to": ("a@b\nBcc: c@d",)}),
    ],
)
def test_what_must_not_be_sent_is_not(reason: str, changed: dict[str, Any]) -> None:
    """And why is said."""
    with mailbox() as server, pytest.raises(NotSentError, match=reason):
        by_mail(server, **changed).send(OUT)
    assert [] == server.got


def test_where_nobody_listens() -> None:
    """It cannot be reached."""
    with mailbox() as server:
        sink = by_mail(server)
    for ask in (lambda: sink.send(OUT), sink.reach):
        with pytest.raises(NotSentError, match="cannot be reached"):
            ask()


def test_a_text_is_shown_as_it_is() -> None:
    """No tag, and no header of its own."""
    text = f"{NASTY}\r\nBcc: all@example.com"
    message = composed(
        MAIL, replace(OUT, headline=text, said=text, text=text, fields=(("Impact", text),)), ""
    )

    html = message.get_body(("html",))
    assert html is not None
    assert "<b>" not in html.get_content()
    assert "\u202e" not in message.as_string() + html.get_content()
    assert None is message["Bcc"]
    assert len(composed(MAIL, replace(OUT, headline=LONG), "")["Subject"]) <= 200
