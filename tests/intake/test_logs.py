"""Log files: whole files in, events out, every line accounted for, however the bytes arrive."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lastgood.algorithms.timestamps import UNDECIDED
from lastgood.decoding.input import Batch, Input, Reject, Settings, Tally
from lastgood.decoding.moments import ORDER_UNKNOWN
from lastgood.decoding.text.whose import reference_for
from lastgood.intake import logs

SETTINGS = Settings(datetime(2026, 11, 22, 15, 0, tzinfo=UTC), UTC)
TRACEBACK = """2026-11-22T14:41:00Z ERROR payments Charge failed
Traceback (most recent call last):
  File "charge.py", line 7, in charge
    stripe.charge(card)
stripe.error.CardError: declined
2026-11-22T14:41:01Z INFO payments Retrying
"""


def read(
    text: bytes | str, name: str = "<stdin>", size: int = 1 << 20
) -> tuple[list[dict[str, Any]], list[Reject], Tally]:
    """The events, the rejects and the sum of the tallies of one input."""
    content = text.encode() if isinstance(text, str) else text
    source = Input(None, name, content)
    rows: list[dict[str, Any]] = []
    rejects: list[Reject] = []
    sums = [0, 0, 0, 0]
    for item in logs.decoded(source, SETTINGS, size):
        if isinstance(item, Batch):
            rows += item.rows.to_pylist()
        elif isinstance(item, Reject):
            rejects.append(item)
        else:
            parts = (item.lines, item.events, item.continuations, item.blanks)
            sums = [a + b for a, b in zip(sums, parts, strict=True)]
    return rows, rejects, Tally(*sums)


def test_a_stack_trace_belongs_to_the_event_before_it() -> None:
    """Four lines join the first event, which gets its exception."""
    rows, rejects, tally = read(TRACEBACK)

    assert Tally(lines=6, events=2, continuations=4) == tally
    assert [] == rejects
    assert "Charge failed" == rows[0]["Body"].splitlines()[0]
    assert "stripe.error.CardError" == dict(rows[0]["LogAttributes"])["exception.type"]
    assert "declined" == dict(rows[0]["LogAttributes"])["exception.message"]


@pytest.mark.parametrize("size", [1, 7, 64, 100, 1 << 20])
def test_the_size_of_the_reads_changes_nothing(size: int) -> None:
    """One byte at a time gives what the whole file gives."""
    assert read(TRACEBACK) == read(TRACEBACK, size=size)


def test_json_in_a_container_log_is_taken_out() -> None:
    """The inner level, message and service count, and the outer time."""
    line = (
        r'{"log":"{\"level\":\"warn\",\"msg\":\"slow\",\"service\":\"cart\",\"ts\":1795358400}\n",'
        r'"stream":"stderr","time":"2026-11-22T14:41:00.5Z"}'
    )
    (row,), _, _ = read(line)

    assert ("slow", 13, "cart") == (row["Body"], row["SeverityNumber"], row["ServiceName"])
    assert "2026-11-22T14:41:00.500000+00:00" == row["Timestamp"].isoformat()


def test_the_name_of_the_file_says_the_service() -> None:
    """A pod's log names service and pod."""
    (row,), _, _ = read("2026-11-22 14:41:00 ready\n", "payments-7f9c6d9f5b-x2x2l.log")

    assert "payments" == row["ServiceName"]
    assert [("k8s.pod.name", "payments-7f9c6d9f5b-x2x2l")] == row["ResourceAttributes"]


def test_the_name_of_the_file_is_no_service_where_the_lines_say_theirs() -> None:
    """The last line is cut off before its service."""
    said = [f"2026-11-22T14:41:00Z INFO {name} went on" for name in ("cart", "payments") * 3]
    rows, _, _ = read("\n".join([*said, "2026-11-22T14:41:00Z INF"]), "everything.log")

    assert {"cart", "payments", ""} == {row["ServiceName"] for row in rows}


def test_a_broken_object_among_json_lines_is_rejected() -> None:
    """It is kept with its place; the others go in."""
    rows, rejects, tally = read('{"time":"2026-11-22T14:41:00Z","msg":"a"}\n{"time":\n')

    assert 1 == len(rows)
    assert [2] == [r.line for r in rejects]
    assert (2, 1) == (tally.lines, tally.events)


def test_binary_and_empty_files_are_not_claimed() -> None:
    """No one guesses at them."""
    for content in (b"", b"\n\n", bytes(range(256)) * 8):
        assert logs.recognise(Input(None, "x.log", content)) is None


WORDS = [
    "2026-11-22T14:41:00Z ", "2026-11-22 14:41:00,123 ERROR ", "Nov 22 14:41:00 host app[1]: ", "\n", "\r\n", "  at x.Y(Z.java:3)",
    "Traceback (most recent call last):\n", "ValueError: bad", '{"time":"2026-11-22T14:41:00Z","msg":"a"}', '{"a":', "}",
    "level=info msg=hi time=2026-11-22T14:41:00Z", "\0", "\x1b[31m", "\ufffd", "ä", "2026-99-99T99:99:99Z INFO x y",
    "1795358460 ", '10.0.0.1 - - [22/Nov/2026:14:41:00 +0000] "GET / HTTP/1.1" 200 1', "message", " ", "\t",
    "2026-11-22T14:41:00Z stdout F ", "2026-11-22T14:41:00Z stderr P ", "# Time: 2026-11-22T14:41:00Z", "=", '"',
]  # fmt: skip
TEXTS = st.lists(st.sampled_from(WORDS), max_size=40).map("".join).map(str.encode)


def accounted(content: bytes, size: int = 1 << 20) -> tuple[list[dict[str, Any]], list[Reject], Tally]:
    """What `read` gives, once its account is seen to balance."""
    rows, rejects, tally = read(content, size=size)
    assert tally.lines == tally.events + tally.continuations + tally.blanks + len(rejects)
    assert tally.events == len(rows)
    return rows, sorted(rejects, key=lambda r: r.line), tally


@given(st.one_of(st.binary(max_size=400), TEXTS))
def test_no_bytes_crash_intake_and_every_line_is_accounted_for(content: bytes) -> None:
    """Random bytes, and everything that formats look for in a random order."""
    accounted(content)


@given(TEXTS, st.integers(1, 120))
def test_any_text_reads_alike_in_any_pieces(content: bytes, size: int) -> None:
    """The same events, the same rejects, the same account."""
    assert accounted(content) == accounted(content, size)


@given(st.lists(st.integers(0, 3_000_000_000), min_size=1, max_size=30))
def test_clocks_may_run_backwards(seconds: list[int]) -> None:
    """Events keep the times that they say, in the order of the file."""
    lines = [f"{datetime.fromtimestamp(s, UTC):%Y-%m-%dT%H:%M:%SZ} INFO cart went on\n" for s in seconds]
    rows, _, _ = accounted("".join(lines).encode())
    assert seconds == [row["Timestamp"].timestamp() for row in rows]


def test_a_container_log_is_joined_inside_its_envelope() -> None:
    """The runtime stamps every line of a stack trace; it is still one event."""
    stamp = "2026-11-22T14:41:00.{}Z stderr F {}\n"
    inner = [
        "2026-11-22 14:40:59,900 ERROR [main] com.shop.Cart: no stock", "java.lang.IllegalStateException: no stock",
        "\tat com.shop.Cart.add(Cart.java:7)", "2026-11-22 14:40:59,950 INFO [main] com.shop.Cart: next",
    ]  # fmt: skip
    rows, _, tally = accounted("".join(stamp.format(n, text) for n, text in enumerate(inner)).encode())

    assert Tally(lines=4, events=2, continuations=2) == tally
    assert ["ERROR", "INFO"] == [row["SeverityText"] for row in rows]
    assert "java.lang.IllegalStateException" == dict(rows[0]["LogAttributes"])["exception.type"]
    assert "com.shop.Cart" == rows[0]["ScopeName"]


COMBINED = '203.0.113.7 - - [22/Nov/2026:14:41:00 +0000] "GET /pay HTTP/1.1" 200 12 "-" "curl/8"\n'


@pytest.mark.parametrize(
    ("name", "text", "service"),
    [
        ("access.log", COMBINED, "web"), ("/var/log/nginx/access.log-20261122", COMBINED, "nginx"),
        ("error.log", "2026/11/22 14:41:00 [error] 7#7: *1 open() failed, client: 203.0.113.7\n", "nginx"),
        ("access.log.1", '{"time":"2026-11-22T14:41:00Z","method":"GET","status":200}\n', "web"),
        ("stdout.log", '{"time":"2026-11-22T14:41:00Z","level":"info","msg":"ok"}\n', ""),
        ("access.log", '{"time":"2026-11-22T14:41:00Z","service":"cart","msg":"ok"}\n', "cart"),
    ],
)  # fmt: skip
def test_an_access_log_without_an_owner_is_named_after_its_server(name: str, text: str, service: str) -> None:
    """A folder or the events may name it better; an application's log stays without a name."""
    assert [service] == [row["ServiceName"] for row in read(text, name)[0]]


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("22/11/26 14:40:58 INFO up\n22/11/26 14:40:59 ERROR down\n", [22, 22]),
        ("05/11/26 23:59:58 INFO up\n06/11/26 00:00:01 ERROR down\n", [5, 6]),
        ("[11/05/26 23:59:58] up\n[11/06/26 00:00:01] down\n", [5, 6]),
        ('{"time": "22/11/2026 14:40:58", "msg": "up"}\n', [22]),
    ],
)
def test_a_date_of_numbers_alone_is_read_as_its_neighbours_and_now_tell(text: str, days: list[int]) -> None:
    """Not as the year or the month first by habit."""
    rows, rejects, _ = read(text)

    assert [] == rejects
    assert [(2026, 11, day) for day in days] == [
        (row["Timestamp"].year, row["Timestamp"].month, row["Timestamp"].day) for row in rows
    ]


def test_a_date_that_nothing_decides_is_refused_with_a_reason() -> None:
    """The fifth of November and the eleventh of May are as likely: neither is taken."""
    rows, rejects, tally = read("05/11/26 14:40:58 INFO up\n05/11/26 14:40:59 ERROR down\n")

    assert [] == rows
    assert Tally(lines=2) == tally
    assert {ORDER_UNKNOWN} == {reject.reason for reject in rejects}


def test_the_end_of_a_file_decides_too(tmp_path: Path) -> None:
    """Its first lines are of one day; the last ones are of the next."""
    lines = b"05/11/26 14:40:58 INFO the queue has work to do\n" * 6_000
    path = tmp_path / "pay.log"
    path.write_bytes(lines + b"06/11/26 04:40:58 INFO the queue is empty\n")

    given = Input(path, path.name)
    assert ["dmy", UNDECIDED] == [
        reference_for(one, SETTINGS).order for one in (given, Input(None, "pay.log", lines))
    ]


@pytest.mark.parametrize(
    ("line", "level"),
    [
        ("Nov 22 14:41:00 sw-2 4711: %SYS-5-CONFIG_I: Configured from console", 10),
        ("Nov 22 2026 14:41:00 fw-2 : %ASA-2-106001: Inbound TCP connection denied", 21),
        ("Nov 22 14:41:00 mx-2 dovecot: pop3(bo)<77><Qw>: Warning: slow", 13),
        ("2026/11/22 14:41:00 kid2| WARNING! the disk is slow", 13),
        ("2026-11-22T14:41:00Z dyno web.1 Error R14 (Memory quota exceeded)", 0),  # behind words it is prose
        ("2026-11-22T14:41:00.000000+00:00 heroku[web.1]: Error R15 (Memory quota vastly exceeded)", 17),
        ("2026-11-22T14:41:00.000000+01:00\nErrors in file /u/x.trc:\nORA-07445: exception encountered", 17),
        ("2026-11-22 14:41:00 TLS Error: TLS handshake failed", 17),
        ("2026-11-22T14:41:00.000000+01:00\nThread 1 advanced to log sequence 7", 0),
        ("2026-11-22 14:41:00 INFO a\nfail: Shop.Holds[0]\n      no room", 9),
    ],
)
def test_a_level_is_found_where_a_tool_puts_it(line: str, level: int) -> None:
    """In the name of a message, behind who speaks, before an exclamation mark, in the number of an error."""
    rows, _, _ = read(line + "\n")

    assert level == rows[0]["SeverityNumber"]


FRAMES = """pay-1  | 2026-11-22T14:41:00.1Z {"level":"error","msg":"no answer"}
pay-1  | 2026-11-22T14:41:00.2Z TypeError: no answer
pay-1  | 2026-11-22T14:41:00.3Z     at Pool.get (/app/pool.js:7:1)
pay-1  | 2026-11-22T14:41:00.4Z     at async /app/pay.js:9:3
pay-2  | 2026-11-22T14:41:00.5Z     at Pool.get (/app/pool.js:7:1)
pay-2  | 2026-11-22T14:41:00.6Z at last it works
"""


@pytest.mark.parametrize("size", [40, 1 << 20])
def test_the_frames_of_a_trace_are_of_the_line_before_them(size: int) -> None:
    """Each has a name and a time of its own; of another process they are not."""
    rows, _, tally = read(FRAMES, size=size)

    assert [1, 3, 1, 1] == [row["Body"].count("\n") + 1 for row in rows]
    assert "TypeError" == dict(rows[1]["LogAttributes"])["exception.type"]
    assert Tally(lines=6, events=4, continuations=2) == tally


def test_the_router_of_heroku_says_the_client() -> None:
    """The last of those that a proxy lists: what stands before it the caller wrote."""
    line = '2026-11-22T14:41:00.1+00:00 heroku[router]: at=info method=POST path="/pay" host=shop.example fwd="10.9.9.9, 203.0.113.7" dyno=web.1 service=31ms status=200\n'
    rows, _, _ = read(line * 3)

    reported = dict(rows[0]["LogAttributes"])
    assert ("203.0.113.7", "31000000", "200") == tuple(
        reported[name] for name in ("client.address", "lg.duration_ns", "http.response.status_code")
    )


def test_a_console_of_dotnet_before_the_first_time_is_an_event() -> None:
    """It has the time of the line behind it, and its own level."""
    rows, rejects, tally = read(
        "warn: Shop.Keys[60]\n      the keys are not kept\n2026-11-22T14:41:00.123Z info: Shop.Holds[0]\n      up\n"
    )

    assert [13, 9] == [row["SeverityNumber"] for row in rows]
    assert [] == rejects
    assert Tally(lines=4, events=2, continuations=2) == tally


@pytest.mark.parametrize(
    ("line", "name", "service"),
    [
        ("2026-11-22 14:41:00 1sKq2a-0003oP-5i Completed", "mainlog", "exim"),
        ("22-Nov-2026 14:41:00.123 SEVERE [main] org.apache.catalina.Pipeline.invoke no", "catalina.out", "tomcat"),
        ("2026-11-22 14:41:00.12 spid51      the log is full", "ERRORLOG", "mssql"),
        ("2026-11-22T14:41:00.000000+01:00\nORA-00060: Deadlock detected.", "alert_till.log", "till"),
        ("2026-11-22T14:41:00.123Z [INFO]  core: post-unseal setup starting", "vault.log", "vault"),
        ("2026-11-22T14:41:00.123Z START RequestId: 7f-01 Version: 3", "charge.log", "charge"),
        ('{"projectName":"shopfront","timestamp":1795358460000,"message":"up"}', "drain.json", "shopfront"),
        (('{"t":{"$date":"2026-11-22T14:41:00.1Z"},"s":"I","c":"COMMAND","ctx":"conn1","msg":"Slow query",'
         '"attr":{"appName":"till"}}'), "mongod.log", "mongod"),
    ],
)  # fmt: skip
def test_whose_a_line_is_no_word_of_its_layout_says(line: str, name: str, service: str) -> None:
    """Neither a word for the kind of its file, nor a logger, a heading or a client."""
    rows, _, _ = read(line + "\n", name)

    assert [service] == [row["ServiceName"] for row in rows]


@pytest.mark.parametrize(
    ("line", "duration", "status"),
    [
        ('{"time":"2026-11-22T14:41:00Z","DownstreamStatus":502,"Duration":5006000000,"Overhead":1000000}', "5006000000", "502"),
        ("I, [2026-11-22T14:41:00.1 #7]  INFO -- : [9f] Completed 404 Not Found in 12ms (Views: 1.0ms)", "12000000", "404"),
        ("2026-11-22T14:41:00.123Z pid=7 tid=a class=Charge jid=9f elapsed=0.25 INFO: done", "250000000", None),
        ("2026-11-22T14:41:00Z REPORT RequestId: 7f-01\tDuration: 12.5 ms\tBilled Duration: 13 ms\tMemory Size: 128 MB", "12500000", None),
        ("2026-11-22 14:41:00.123456 W | etcdserver: request took too long (5.006s) to execute", "5006000000", None),
        ("2026-11-22T14:41:00Z INFO Completed 200 jobs in 12ms", "12000000", None),
    ],
)  # fmt: skip
def test_a_figure_has_the_unit_of_the_tool_that_prints_it(
    line: str, duration: str, status: str | None
) -> None:
    """Nanoseconds beside an overhead, seconds of a job; and two hundred jobs are no status."""
    rows, _, _ = read(line + "\n")

    attributes = dict(rows[0]["LogAttributes"])
    assert (duration, status) == (
        attributes.get("lg.duration_ns"),
        attributes.get("http.response.status_code"),
    )
