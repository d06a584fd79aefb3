"""Log lines in words and as JSON."""

import json
from dataclasses import replace
from datetime import timedelta

from lastgood.model.evidence import Provenance
from lastgood.model.figures import NBSP
from lastgood.surfaces.log_lines import (
    found_note,
    histogram_json,
    histogram_text,
    line_json,
    line_text,
    pattern_json,
    pattern_text,
)
from lastgood.workbench.logs import LogHistogram, LogLine, LogPattern, LogsFound
from sitreps import WINDOW, at

LINE = LogLine(at("14:45:23"), "payments", "error", "Charge failed\n  at pay()", "", "pay-1", {"k": "v"}, {})
FOUND = LogsFound((LINE,), 1, 2000, WINDOW, Provenance("", {}, WINDOW, 1, 0.0))


def test_a_line_keeps_its_continuations() -> None:
    """The first line has time, level and service; the others are indented; context is set off."""
    assert "2026-11-22 14:45:23.000 error payments  Charge failed\n      at pay()" == line_text(LINE)
    assert line_text(replace(LINE, matched=False)).startswith("  2026")
    assert "- -  " in line_text(replace(LINE, level="", service="")).replace("-     -", "- -")


def test_a_line_is_one_object() -> None:
    """One line of JSON, null for what is not there."""
    row = json.loads(line_json(LINE))

    assert "\n" not in line_json(LINE)
    assert ("error", None, {"k": "v"}) == (row["level"], row["trace_id"], row["attributes"])


def test_three_kinds_of_nothing() -> None:
    """No data, no match and a limit reached are said differently; a whole answer needs no note."""
    assert "" == found_note(FOUND)
    assert found_note(replace(FOUND, searched=0)).startswith(
        "no data: there are no lines from 2026-11-22T13:00:00Z"
    )
    assert found_note(replace(FOUND, matched=0, lines=())).startswith("no match: 2 000 lines searched")
    assert "limit reached: the newest 1 of 7 matching lines" == found_note(replace(FOUND, matched=7))


def test_a_histogram_has_a_bar_for_each_stretch() -> None:
    """The longest bar is the highest count; empty ones in a row are one line that says so."""
    histogram = LogHistogram(
        at("14:00"), timedelta(minutes=5), ({"error": 1, "info": 9}, {}, {}, {"": 5}), 15
    )

    lines = histogram_text(histogram).splitlines()
    assert f"11-22 14:00:00 {'█' * 50} 1 error, 9 info" == lines[0]
    assert "11-22 14:05:00 to 11-22 14:15:00: no matching line in 10 min" == lines[1].replace(NBSP, " ")
    assert f"{'█' * 25} " in lines[2]
    assert lines[2].endswith("5 without a level")
    assert 300.0 == histogram_json(histogram)["step_seconds"]


def test_a_pattern_is_one_line() -> None:
    """Count, level, service, pattern, and from when to when."""
    pattern = LogPattern(
        "p1", "Charge\nfailed <*>", "payments", "error", 1847, at("14:45:23"), at("15:15:59"), "x"
    )

    assert pattern_text(pattern).endswith(
        "1 847    error payments  Charge failed <*>  [2026-11-22 14:45:23 to 15:15:59]"
    )
    assert 1847 == pattern_json(pattern)["count"]


def test_a_line_cannot_steer_the_terminal() -> None:
    """Escape sequences in a body are shown, not obeyed."""
    hostile = replace(LINE, body="\x1b[2Jgone\x07 \x9b31m")

    assert line_text(hostile).endswith("\ufffd[2Jgone\ufffd \ufffd31m")
