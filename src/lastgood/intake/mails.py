"""Single mails as text (RFC 5322): a note of what was written, by whom and when, and a change where the subject says that one was made.

A notice of a vendor, an announcement of a release. Lists of mails and parts of MIME beyond the text are not read.
"""

import re
from email import message_from_bytes, policy
from email.utils import parsedate_to_datetime

from lastgood.decoding.change import change, logged
from lastgood.decoding.input import REJECT_TEXT, Claim, Decoded, Input, Reject, Settings, Tally
from lastgood.decoding.rows import BAD, Rows
from lastgood.decoding.tables.spoken import told
from lastgood.decoding.whole import read_whole
from lastgood.intake._registry import Source
from lastgood.model.clock import to_nanoseconds
from lastgood.model.signal import Signal

_HEADER = re.compile(rb"^(?P<name>[A-Za-z][A-Za-z-]*):[ \t]", re.MULTILINE)
_NEEDED = {b"from", b"date", b"subject"}
_LOOKED = 65_536  # bytes in which a head ends
_READ = 1 << 21  # bytes: what is behind is attached
_IN_FRONT = re.compile(r"^(?:\s*(?:\[[^\]]*\]|(?:re|fwd?|aw|wg|tr|rv|sv|vs)\s*:))+\s*", re.IGNORECASE)


def recognise(given: Input) -> Claim | None:
    """A head with who wrote, when, and about what, before the first blank line."""
    looked = given.head[:_LOOKED].lstrip().replace(b"\r\n", b"\n")
    head, end, _ = looked.partition(b"\n\n")
    if not end and len(given.head) > _LOOKED:
        return None
    if not _HEADER.match(head) or not {found["name"].lower() for found in _HEADER.finditer(head)} >= _NEEDED:
        return None
    return Claim("mail", 0.9, "it has the head of a mail")


def decode(given: Input, claim: Claim, settings: Settings) -> Decoded:
    """One line, and perhaps one change; every other line continues it."""
    del claim
    with given.open() as stream:
        content, problem = read_whole(stream)
    lines = content.splitlines()
    if not content.strip():
        yield Tally(len(lines), 0, 0, len(lines))
        return
    blanks = sum(not line.strip() for line in lines)
    try:
        mail = message_from_bytes(content.lstrip()[:_READ], policy=policy.default)
        time = to_nanoseconds(parsedate_to_datetime(str(mail["date"])))
        body = mail.get_body(("plain", "html"))
        text = str(body.get_content()).strip() if body else ""
        subject, who = _IN_FRONT.sub("", str(mail["subject"])).strip(), str(mail["from"])
    except (*BAD, LookupError) as wrong:
        yield Reject(1, f"not understood: {wrong}", content[:REJECT_TEXT].decode("utf-8", "replace"))
        yield Tally(len(lines), 0, max(0, len(lines) - 1 - blanks), blanks)
        return
    rows = Rows()
    rows.add(
        *logged(
            f"{subject}\n{text}".strip(), time, service="mail", source="mail", attributes={"user.name": who}
        ),
        1,
    )
    if work := told(subject, settings.services):
        rows.add(*change(work.kind, time, title=subject, actor=who, source="mail", service=work.service, version=work.version), 1)  # fmt: skip
    yield from rows.rest()
    yield Tally(len(lines), 1, max(0, len(lines) - 1 - blanks), blanks)
    if problem is not None:
        raise problem


SOURCE = Source("mails", frozenset({Signal.CHANGES, Signal.LOGS}), recognise, decode)
