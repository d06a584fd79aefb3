"""E-mail by SMTP: one message for all recipients, as text and as HTML; those about one incident are one thread."""

import smtplib
import ssl
from contextlib import suppress
from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr

from lastgood.config import Mail
from lastgood.model.outgoing import Outgoing, Sent
from lastgood.outside.sinks import texts
from lastgood.outside.sinks.failure import NotSentError
from lastgood.outside.sinks.kind import ANNOUNCED
from lastgood.outside.sinks.secret import secret
from lastgood.outside.sinks.wire import ATTEMPTS, PAUSES, Wire

SUBJECT = 200  # characters
SECONDS = 10.0  # of one step of the protocol


def composed(settings: Mail, outgoing: Outgoing, earlier: str) -> EmailMessage:
    """The message.

    Raises:
        NotSentError: an address of the settings cannot be written.
    """
    message = EmailMessage()
    sender = address(settings.sender)
    message["From"] = sender
    message["To"] = [address(one) for one in settings.to]
    message["Subject"] = texts.line(outgoing.headline, SUBJECT)
    message["Date"] = format_datetime(outgoing.at)
    message["Message-ID"] = f"<{outgoing.id}@{sender.domain}>"
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: nothing answers it by itself
    if earlier:
        message["In-Reply-To"] = message["References"] = earlier
    link = f"\n{outgoing.link}\n" if outgoing.link else ""
    message.set_content(texts.seen(outgoing.text) + link, cte="quoted-printable")
    message.add_alternative(_html(outgoing), subtype="html", cte="quoted-printable")
    return message


def address(text: str) -> Address:
    """An address as `Name <user@host>` or `user@host`.

    Raises:
        NotSentError: it is none.
    """
    name, bare = parseaddr(text)
    user, _, domain = bare.rpartition("@")
    try:
        return Address(name, user, domain) if user and domain and text.isprintable() else _no_address()
    except (ValueError, IndexError):
        return _no_address()


def _no_address() -> Address:
    raise NotSentError("an address of its settings is none")


def _html(outgoing: Outgoing) -> str:
    rows = "".join(
        f'<tr><th align="left" valign="top">{texts.html(label)}</th><td>{texts.html(value)}</td></tr>'
        for label, value in outgoing.fields
    )
    said = f"<p>{texts.html(outgoing.said)}</p>" if outgoing.said else ""
    link = f'<p><a href="{texts.html(outgoing.link)}">Open the incident</a></p>' if outgoing.link else ""
    return f"<h2>{texts.html(outgoing.headline)}</h2>{said}<table>{rows}</table>{link}"


@dataclass(frozen=True, slots=True)
class ByMail:
    """A sink of messages by SMTP."""

    settings: Mail
    wire: Wire

    @property
    def name(self) -> str:
        """As the settings and the record have it."""
        return self.settings.name

    takes = ANNOUNCED

    def planned(self, outgoing: Outgoing, earlier: str = "") -> tuple[str, ...]:
        """The message as it would be handed over."""
        where = f"SMTP {self.settings.host}:{self.settings.port} ({self.settings.tls})"
        return (f"{where}\n{composed(self.settings, outgoing, earlier).as_string()}",)

    def send(self, outgoing: Outgoing, earlier: str = "") -> Sent:
        """The reference is that of the first message. What the server refuses for now is tried again.

        Raises:
            NotSentError: it was not taken.
        """
        message = composed(self.settings, outgoing, earlier)
        for attempt in range(1, ATTEMPTS + 1):
            try:
                with self._open() as server:
                    refused = server.send_message(message)
                    said = f"accepted for {len(self.settings.to) - len(refused)} of {len(self.settings.to)} addresses"
                    return Sent(said, earlier or str(message["Message-ID"]))
            except smtplib.SMTPResponseException as problem:
                if problem.smtp_code >= 500 or attempt == ATTEMPTS:
                    raise NotSentError(f"it answered {problem.smtp_code}") from None
            except smtplib.SMTPRecipientsRefused:
                raise NotSentError("it refuses every address") from None
            except (smtplib.SMTPException, OSError):
                raise NotSentError("it cannot be reached, or ended the connection") from None
            self.wire.pause(PAUSES[attempt - 1])
        raise AssertionError("the last attempt returns or raises")

    def reach(self) -> str:
        """Log in, and send nothing.

        Raises:
            NotSentError: that fails.
        """
        try:
            with self._open() as server:
                server.noop()
        except smtplib.SMTPResponseException as problem:
            raise NotSentError(f"it answered {problem.smtp_code}") from None
        except (smtplib.SMTPException, OSError):
            raise NotSentError("it cannot be reached") from None
        return "log-in accepted" if self.settings.user else "it answers"

    def _open(self) -> smtplib.SMTP:
        """A connection that is logged in. Its certificate is held to the host's name, whatever the address is by then."""
        one = self.settings
        self.wire.addresses(one.host, one.port)
        if one.tls == "none" and one.host not in one.allow:
            raise NotSentError("it is without TLS, and the host is not under `allow`")
        password = secret(one.password)
        try:
            context = ssl.create_default_context()
            server = (
                smtplib.SMTP_SSL(one.host, one.port, timeout=SECONDS, context=context)
                if one.tls == "tls"
                else smtplib.SMTP(one.host, one.port, timeout=SECONDS)
            )
        except ssl.SSLError:
            raise NotSentError("its certificate is invalid") from None
        try:
            if one.tls == "starttls":
                server.starttls(context=context)
            if one.user:
                server.login(one.user, password)
        except Exception as problem:
            with suppress(smtplib.SMTPException, OSError):
                server.close()
            if isinstance(problem, ssl.SSLError):
                raise NotSentError("its certificate is invalid") from None
            raise
        return server
