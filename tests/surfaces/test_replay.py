"""A replay in words."""

from dataclasses import replace

from lastgood.model.replay import (
    CapturedRequest,
    Difference,
    HttpAnswer,
    Part,
    Replayed,
    ReplayReport,
    Shrunk,
)
from lastgood.surfaces.replay import exit_status, replay_document, replay_text

ASKED = CapturedRequest("POST", "/orders", body="{}", status=500, missing=("no header was captured",))
REPORT = ReplayReport(
    "http://localhost:1", ASKED, replace(ASKED, status=200), (Difference(Part.BODY, "$.zip", "null", '"80"'),),
    (HttpAnswer(500, {}, "", 0.012),), (HttpAnswer(200, {}, "", 0.011),), (Difference(Part.STATUS, "", "500", "200"),),
    ("body $.id",), Replayed.REPRODUCED, "the failing request is answered 500",
)  # fmt: skip


def test_all_of_it_is_shown() -> None:
    """Verdict first; each difference with both values; noise; what is missing."""
    text = replay_text(REPORT)

    assert text.startswith("REPRODUCED: the failing request is answered 500\n")
    for words in ("$.zip", "null", "MASKED", "body $.id", "MISSING   no header", "status", "12 ms"):
        assert words in text.replace("\u00a0", " ")
    assert "none to compare with" in replay_text(replace(REPORT, working=None))
    many = replace(REPORT, differences=REPORT.differences * 40)
    assert "and 10 more" in replay_text(many)


def test_no_answer_is_no_status() -> None:
    """And a request that was not sent is not answered."""
    silent = replace(REPORT, answers=(HttpAnswer(None, {}, "", 0.002, "connection refused"),), beside=())
    text = replay_text(silent).replace("\u00a0", " ")

    assert "failing   POST /orders  no answer: connection refused in 2 ms" in text
    assert "working   POST /orders  not sent" in text


def test_values_that_differ_only_where_they_are_hidden() -> None:
    """Two addresses, say, of which neither is shown."""
    one = Difference(Part.BODY, "$.email", '"[e-mail address]"', '"[e-mail address]"')

    assert "$.email                 two values, hidden" in replay_text(replace(REPORT, sent=(one,)))


def test_a_program_gets_the_same() -> None:
    """With an exit status for each verdict."""
    document = replay_document(REPORT)

    assert [{"part": "body", "field": "$.zip", "failing": "null", "working": '"80"'}] == document[
        "requests_differ"
    ]
    assert None is replay_document(replace(REPORT, working=None))["working"]
    assert [0, 1, 3] == sorted(exit_status(replace(REPORT, verdict=one)) for one in Replayed)


def test_the_smallest_request_is_shown_with_what_limits_it() -> None:
    """On one line, cut where it is long; and whole in the document."""
    smallest = Shrunk(
        replace(ASKED, body='{"a":\n' + "1" * 3000 + "}"), 9, 2, 34, 3.4, ("nothing more can be left out",)
    )
    report = replace(REPORT, shrunk=smallest)
    lines = replay_text(report).replace("\u00a0", " ").splitlines()
    place = next(n for n, line in enumerate(lines) if line.startswith("SMALLEST"))

    assert lines[place].startswith('SMALLEST  POST /orders {"a": 111')
    assert lines[place].endswith("1…")
    assert "2 of 9 parts left, 34 requests in 3.4 s" == lines[place + 1].strip()
    assert "nothing more can be left out" == lines[place + 2].strip()
    document = replay_document(report)["smallest"]
    assert (smallest.request.body, 9, 2) == (document["body"], document["parts"], document["left"])
    assert None is replay_document(REPORT)["smallest"]
