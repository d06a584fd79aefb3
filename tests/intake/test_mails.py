"""Single mails."""

from lastgood.decoding.input import Input
from lastgood.intake._registry import best_claim
from lastgood.intake.mails import recognise
from outcomes import outcome

HEAD = b"From: ops@shop.test\nDate: Sun, 22 Nov 2026 15:02:00 +0100\nSubject: "


def test_a_mail_is_a_line() -> None:
    """With its subject and text."""
    found = outcome(HEAD + b"Scheduled maintenance\n\nNot available on Tuesday.\n", "mail.txt")
    (line,) = found.rows["otel_logs"]
    assert ("Scheduled maintenance\nNot available on Tuesday.", "14:02") == (
        line["Body"],
        f"{line['Timestamp']:%H:%M}",
    )
    assert (["otel_logs"], True) == (list(found.rows), found.balanced)


def test_work_in_the_subject_is_a_change() -> None:
    """Without the marks in front of it."""
    found = outcome(HEAD + b"Re: [DONE] tariffs 2.2 deployed\n\nHi\n", "mail.eml")
    (one,) = found.rows["lg_changes"]
    assert ("deploy", "tariffs", "2.2", "tariffs 2.2 deployed") == (
        one["Kind"],
        one["Service"],
        one["Version"],
        one["Title"],
    )


def test_a_date_that_is_none_is_a_reject() -> None:
    """Nothing goes missing."""
    found = outcome(b"From: a@b.test\nDate: soon\nSubject: x\n\ny\n", "mail.eml")
    assert (True, 1) == (found.balanced, len(found.rejects))


def test_fields_of_a_log_are_no_mail() -> None:
    """They have other names."""
    assert best_claim(Input(None, "a.txt", b"Date: 2026-11-22\nLevel: info\n\nx\n")) is None


def test_a_head_without_end_is_no_mail() -> None:
    """Parsing a field takes far more room than the field."""
    assert recognise(Input(None, "a.txt", HEAD + b"=?utf-8?q?a?= " * 60_000 + b"\n\ny\n")) is None


def test_a_sender_that_cannot_be_read_is_a_reject() -> None:
    """However deep its comments are."""
    found = outcome(b"From: " + b"(" * 20_000 + HEAD.partition(b"test")[2] + b"x\n\ny\n", "mail.eml")
    assert (True, 1) == (found.balanced, len(found.rejects))
