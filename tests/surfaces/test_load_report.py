"""What loading did, in words."""

from dataclasses import replace

from lastgood.model.loading import EMPTY, Aside, Loaded, LoadReport, Rejected
from lastgood.surfaces.load_report import account_document, account_text, summary, troubles
from sitreps import WINDOW

GOOD = Loaded(
    "app.log", "lines", "log4j", "97 of 100 lines fit", lines=1200, events=1000, continuations=190, blanks=9, rejects=1,
    first_rejects=(Rejected(17, "no time", "??\x00"),), services=("orders",), window=WINDOW, rows={"otel_logs": 1000},
)  # fmt: skip
UNKNOWN = Loaded("x.bin", "", "", "no source recognises it", 0, 0, 0, 0, 0, (), (), None, {})


def test_every_line_is_accounted_for() -> None:
    """The sum is printed as a sum."""
    text = account_text(LoadReport((GOOD, UNKNOWN)))

    assert "  lines   1 200 = 1 000 events + 190 continuations + 9 blanks + 1 reject" in text
    assert "  is      log4j (lines): 97 of 100 lines fit" in text
    assert "  reject  line 17: no time" in text
    assert "  is      nothing known: no source recognises it" in text


def test_the_summary_is_one_line() -> None:
    """Inputs, lines, events, rejects, rows."""
    assert "1 input: 1 200 lines, 1 000 events, 1 reject; 1 000 rows stored" == summary(LoadReport((GOOD,)))


def test_troubles_are_named() -> None:
    """What was not recognised, broke off or was rejected."""
    broken = replace(GOOD, name="cut.gz", problem="reading stopped: truncated", rejects=0)

    chat = replace(GOOD, name="chat.txt", ahead=True, rejects=0)

    assert [
        "not recognised: x.bin",
        "cut.gz: reading stopped: truncated",
        "chat.txt: times after now: their zone is not known; give --tz",
        "1 line rejected in app.log",
    ] == list(troubles(LoadReport((GOOD, broken, UNKNOWN, chat))))


def test_what_was_left_aside_is_named_and_no_input() -> None:
    """Another name of a file is no trouble; links out and odd members of archives say what to do."""
    same = replace(UNKNOWN, name="b.log", problem="same file as app.log", aside=Aside.SAME)
    link = replace(
        UNKNOWN, name="etc", problem="a link that leads out, to /etc: not followed", aside=Aside.LINK
    )
    device = replace(UNKNOWN, name="b.tar!/x", problem="a device or pipe: not read", aside=Aside.MEMBER)
    locked = replace(UNKNOWN, name="l", problem="it cannot be read: Permission denied")
    report = LoadReport((GOOD, same, link, device, locked))

    assert summary(report).startswith("2 inputs: 1 200 lines")
    assert summary(report).endswith("; 1 other name of the same files not read again")
    assert [
        "not followed: 1 link out of what was named: etc. Pass --follow-links, or name what they lead to as well.",
        "not read: 1 member of archives: b.tar!/x. See why with load --explain.",
        "l: not read, because it cannot be read: Permission denied",
        "1 line rejected in app.log",
    ] == list(troubles(report))
    assert "b.log\n  is      left aside: same file as app.log" in account_text(report)
    assert [None, "same", "link", "member", None] == [d["aside"] for d in account_document(report)]


def test_what_could_not_be_read_says_why() -> None:
    """Once for all inputs with the same reason; what no source knows is listed apart."""
    unread = [
        replace(UNKNOWN, name=name, because="", problem="a fault of Lastgood: X") for name in ("a", "b")
    ]
    empty = replace(UNKNOWN, name="c", because="", problem=EMPTY)

    assert [
        "not recognised: c",
        "a, b: not read, because a fault of Lastgood: X",
    ] == list(troubles(LoadReport((*unread, empty))))
    assert "  is      not read, because a fault of Lastgood: X" in account_text(LoadReport((unread[0],)))


def test_the_document_has_null_for_nothing() -> None:
    """An input that no one recognises has no source, times or rows."""
    (document,) = account_document(LoadReport((UNKNOWN,)))

    assert document["source"] is document["from"] is document["problem"] is None
