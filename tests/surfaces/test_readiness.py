"""Readiness in words."""

from dataclasses import replace

import pytest

from lastgood.model.deploy_practice import Practice, PracticeCount
from lastgood.model.readiness import Lacked, Measured, Piece, Readiness
from lastgood.surfaces.readiness import (
    LONGEST_NAME,
    WORDS,
    readiness_document,
    readiness_markdown,
    readiness_text,
    unanswered,
    why,
)
from lastgood.surfaces.readiness_page import readiness_html
from model.test_readiness import HOUR

FOUND = Readiness(
    HOUR, (Measured(Piece.USERS, 40, 1000, "checkout"), Measured(Piece.DEPLOYS, 1, 1)), {"checkout": "java"}
)


def test_a_gap_says_the_question_the_number_and_the_way_out() -> None:
    """In each format."""
    for written in (readiness_text(FOUND), readiness_markdown(FOUND)):
        for words in (
            "Who is affected?",
            "user.id is on 4 % of the requests to checkout",
            "minutes",
            "Java",
            "Span.current().setAttribute",
        ):
            assert words in written.replace("\u202f", " ").replace("\u00a0", " ")


HOSTILE = "\x1b[31mweb\u202e\nREADINESS 100 of 100 | <img src=x> " + "x" * 500


def test_a_name_of_the_telemetry_steers_no_terminal_and_forges_nothing() -> None:
    """In each format: no control character, no line, cell or markup of its own, and no longer than a sentence bears."""
    deploys = (PracticeCount(Practice.REVIEW, 0, 1, 0, (f"{HOSTILE} v1",)),)
    found = replace(
        FOUND,
        measured=(Measured(Piece.USERS, 0, 9, HOSTILE),),
        languages={HOSTILE: "\x1b[5m"},
        deploys=deploys,
    )
    text, marked = readiness_text(found), readiness_markdown(found)

    for written in (text, marked, readiness_html(found, (), ())):
        assert not any(one in written for one in ("\x1b", "\u202e"))
        assert not any(line.startswith("READINESS 100") for line in written.splitlines())
        assert "x" * LONGEST_NAME not in written
    assert "\\| \\<img src=x>" in marked
    assert "<img" not in marked.replace("\\<img", "")


def test_without_a_language_it_is_said_and_shown_neutrally() -> None:
    """In each format; a gap of all services has their language, where they share one."""
    unseen, mixed = replace(FOUND, languages={}), {"checkout": "java", "web": "go"}
    deploys = Measured(Piece.DEPLOYS, 0, 1)

    assert "any language: none was seen): set the attribute user.id" in readiness_text(unseen)
    assert "| not seen | `set the attribute user.id" in readiness_markdown(unseen)
    assert readiness_document(unseen)["gaps"][0]["language"] is None
    assert ("java", "") == (FOUND.language_of(deploys), replace(FOUND, languages=mixed).language_of(deploys))


def test_what_is_not_known_is_said() -> None:
    """Pieces without data are not counted as there."""
    assert "UNKNOWN   no data about: spans" in readiness_text(FOUND)


def test_that_money_and_lateness_are_not_known_is_said_with_the_way_out() -> None:
    """In each format, in the language of the system; what is measured is not said to be unknown."""
    money, late = "lost money is not known", "how late they come is not known"
    text, marked = readiness_text(FOUND), readiness_markdown(FOUND)
    for written in (text, marked, readiness_html(FOUND, (), ())):
        for words in (money, late, "app.order.amount", "lastgood serve"):
            assert words in written
    assert 'Span.current().setAttribute("app.order.amount", amount);' in text
    assert ["order_values", "arrival"] == [one["piece"] for one in readiness_document(FOUND)["not_known"]]
    known = replace(
        FOUND,
        measured=(
            *FOUND.measured, Measured(Piece.VALUES, 9, 10, "checkout", "POST /pay"),
            Measured(Piece.ARRIVAL, 99, 100, "checkout", "spans", 4.0),
        ),
    )  # fmt: skip
    assert [] == readiness_document(known)["not_known"]
    for written in (readiness_text(known), readiness_markdown(known), readiness_html(known, (), ())):
        assert money not in written
        assert late not in written


def test_a_program_gets_the_same() -> None:
    """Score, parts, and gaps whose points make up what the score lacks."""
    document = readiness_document(FOUND)

    assert ["users"] == [gap["piece"] for gap in document["gaps"]]
    assert pytest.approx(100, abs=0.1) == document["score"] + sum(gap["points"] for gap in document["gaps"])


@pytest.mark.parametrize("piece", Piece)
def test_every_piece_has_its_words(piece: Piece) -> None:
    """Without a hole left in them."""
    reported = why(Measured(piece, 1, 4, "checkout", "email"))

    assert reported
    assert "{" not in reported
    assert WORDS[piece].question


def test_flips_of_a_file_are_compared_with_the_feed() -> None:
    """With its name; without one, nothing is compared."""
    filed = Measured(Piece.FLAGS, 1, 3, "", "config/flags.yaml")

    assert "1 flag change is recorded; 3 commits are in the history of config/flags.yaml" == why(filed)
    assert "no flag change is recorded" == why(Measured(Piece.FLAGS, 0, 1))


def test_a_feed_without_changes_says_how_long_was_looked() -> None:
    """And late telemetry, how late."""
    fortnight = Measured(Piece.DEPLOYS, 0, 1, seconds=14 * 86400)
    late = Measured(Piece.ARRIVAL, 900, 1000, "web", "log lines", 240)
    reported = [why(one).replace("\u202f", " ").replace("\u00a0", " ") for one in (fortnight, late)]

    assert "no deploy is recorded in 14 d" == reported[0]
    assert "99 % of the log lines of web arrive within 4 min; 10 % take more than 1 min" == reported[1]
    text = readiness_text(Readiness(HOUR, (late,))).replace("\u202f", " ").replace("\u00a0", " ")
    assert "ARRIVAL   99 % arrive within 4 min (latest: log lines of web)" in text
    assert "how late they come is not known" in readiness_text(FOUND)


def test_gaps_that_are_closed_alike_are_one() -> None:
    """Each with its numbers; the points are the sum; past incidents of any of them are named once."""
    two = Readiness(HOUR, tuple(Measured(Piece.INSTANCES, 0, 9, name) for name in ("mail", "web")))
    past = (Lacked(3, ("web",), (Piece.INSTANCES,), 1440),)
    text = readiness_text(two, past).replace("\u202f", " ").replace("\u00a0", " ")

    assert 1 == text.count("Is it one instance?  (100 points)"), text
    assert "what mail sends" in text
    assert "what web sends" in text
    assert 1 == text.count("no answer in past incidents: #3 (24 min)")
    (mail, web) = readiness_document(two, past)["gaps"]
    assert ([], [{"incident": 3, "seconds_affected": 1440}]) == (
        mail["past_incidents"],
        web["past_incidents"],
    )


def test_each_service_has_its_score_and_what_is_not_answered_there() -> None:
    """In text and for programs."""
    silent = Readiness(HOUR, (Measured(Piece.LINES, 0, 1, "checkout"), Measured(Piece.USERS, 9, 9, "web")))
    text, (checkout, web) = readiness_text(silent), readiness_document(silent)["services"]

    assert (
        "SERVICES  checkout    0 of 100 without the change feed; if it breaks, no answer to: What do the logs show?"
        in text
    )
    assert "          web       100 of 100 without the change feed; no gap" in text
    assert ("checkout", 0, 100) == (checkout["service"], checkout["score"], web["score"])
    assert "Which errors are new?" in checkout["unanswered"]


def test_nothing_missing_has_no_table() -> None:
    """Only the score."""
    assert "|" not in readiness_markdown(Readiness(HOUR, (Measured(Piece.DEPLOYS, 1, 1),)))


def test_deploys_are_counted_in_each_format() -> None:
    """Beside the score, of which they are no part; without deploys nothing is said."""
    counted = replace(FOUND, deploys=(PracticeCount(Practice.REVIEW, 1, 2, 0, ("web v2",)),))

    assert "DEPLOYS   review: 1 with, 2 without, 0 not reported (without: web v2)" in readiness_text(counted)
    assert "- review: 1 with, 2 without" in readiness_markdown(counted)
    (given,) = readiness_document(counted)["deploys"]
    assert ("review", 1, 2, 0) == (given["practice"], given["with"], given["without"], given["not_reported"])
    assert FOUND.score == counted.score
    assert "DEPLOYS" not in readiness_text(FOUND)


def test_a_piece_costs_all_questions_that_need_it() -> None:
    """Without lines there are no errors in them either."""
    silent = Readiness(HOUR, (Measured(Piece.LINES, 0, 1, "checkout"), Measured(Piece.USERS, 9, 9, "web")))

    assert (
        "What do the logs show?", "What do the logs of a failing request show?", "Which errors are new?",
    ) == unanswered(silent, "checkout")  # fmt: skip
    assert () == unanswered(silent, "web")


def test_what_breaks_a_trace_costs_its_users_and_its_lines() -> None:
    """Where a service above sends no spans, the trace id still leads to the lines."""
    entry = Measured(Piece.USERS, 9, 9, "web")
    torn = Readiness(HOUR, (entry, Measured(Piece.TRACES, 0, 9, "web", "mail")))
    hidden = Readiness(HOUR, (entry, Measured(Piece.SPANS, 0, 1, "checkout")))
    users, lines = "Who is affected?", "What do the logs of a failing request show?"

    assert [(users, lines), (users,)] == [unanswered(found, "mail") for found in (torn, hidden)]
    assert () == unanswered(hidden, "web")
