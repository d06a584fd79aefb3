"""Levels in the heads of records, on second lines and in dying words; never in prose."""

from datetime import UTC, datetime

import pytest

from lastgood.decoding.input import Batch, Input, Settings
from lastgood.decoding.text.leveled import may_tell
from lastgood.decoding.text.plan import Plan, candidates
from lastgood.intake import logs

NOW = datetime(2026, 11, 22, 15, 0, tzinfo=UTC)

LEVELLED = [
    ("[12][warning][upstream] [source/a.cc:160] closed", 13),
    ("[ 812 ] {q-7} <Error> Handler: no", 17),
    ("{user=u1} *WARN* [exec-1] Orders slow", 13),
    ("exec-1;shop.Orders;ERROR;failed", 17),
    ("[main] [shop.Orders] |INFO| taken", 9),
    ("pid=7 tid=gq3 class=Job WARN: late", 13),
    ("till-db [error] gone", 17),
    ("[0.012s][debug][gc] used", 5),
    ("[7] LOG:  ready", 9),
    ("[FATAL] leaving", 21),
    ("shop.Till pay\nSCHWERWIEGEND: nicht bezahlt", 17),
    ("shop.Till pay\n警告: 遅い", 13),
    ("shop.Till pay\nFINEST: in", 1),
    ("message behind a pair, level=warn", 13),
    ("panic: no store", 24),
    ("thread 'main' panicked at src/main.rs:4:5:", 17),
    ("java.io.IOException: gone", 17),
]
PROSE = [
    "the error of yesterday is back",
    "user asks about INFO pages",
    "no ERROR was found in 7 files",
    "warned twice of WARNING signs",
    "retry after [error] from upstream",
    "level of water is 7",
    "GET /error HTTP/1.1",
    "alerting about errors: none",
    "rates of error: 0.1",
    "shop.Till pay\nno WARNING: here",
]


@pytest.mark.parametrize(("text", "level"), [*LEVELLED, *((text, 0) for text in PROSE)])
def test_a_level_is_found_where_no_prose_has_it(text: str, level: int) -> None:
    """Behind brackets, names and numbers, on the second line, in pairs; what is behind a word of prose is none."""
    assert _numbers(f"2026-11-22 08:11:40.123 {text}\n") == [level]


def test_what_stands_before_the_time_tells_too() -> None:
    """Reports of Erlang, and brackets that the time ends."""
    lines = "[web:warn,2026-11-22T08:11:40.123Z,n1:<0.7.0>]slow\n[web:info,2026-11-22T08:11:41.123Z,n1:<0.7.0>]up\n"
    assert _numbers(lines) == [13, 9]


def test_a_format_without_levels_is_asked_for_none() -> None:
    """An access log costs nothing, and its paths are no levels."""
    access = next(f for f in candidates() if f.name == "nginx access")
    assert not may_tell(Plan((access,), 1.0, 1))
    assert _numbers('10.0.0.4 - - [22/Nov/2026:08:11:40 +0000] "GET /ERROR HTTP/1.1" 200 7\n') == [0]


def _numbers(text: str) -> list[int]:
    given = Input(None, "x.log", text.encode())
    batches = [b for b in logs.decoded(given, Settings(NOW, UTC), 1 << 20) if isinstance(b, Batch)]
    return [number for b in batches for number in b.rows["SeverityNumber"].to_pylist()]
