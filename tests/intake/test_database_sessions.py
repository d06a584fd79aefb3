"""What the sessions of a database were doing."""

from outcomes import outcome

MYSQL = b"Id\tUser\tHost\tdb\tCommand\tTime\tState\tInfo\n7\tshop\tweb-1\tNULL\tQuery\t604\tWaiting for table metadata lock\tALTER TABLE orders ADD x int\n"
POSTGRES = b""" pid | usename | query_start | state | wait_event_type | query
-----+---------+-------------+-------+-----------------+-------
 7 | shop | 2026-11-22 14:02:11.123+00 | active | Lock | UPDATE orders SET state = 2
 8 | shop | 2026-11-22 14:03:40.456+00 | idle | | COMMIT
"""


def test_a_session_is_a_line_and_no_change() -> None:
    """At the time that stands above the table."""
    found = outcome(b"# show full processlist, 2026-11-22 14:12:00 UTC\n" + MYSQL, "processlist.txt")
    (line,) = found.rows["otel_logs"]
    assert (
        "session 7 of shop: Waiting for table metadata lock for 604 s; ALTER TABLE orders ADD x int"
        == line["Body"]
    )
    assert ("mysql", "14:12") == (line["ServiceName"], f"{line['Timestamp']:%H:%M}")
    assert (["otel_logs"], True) == (list(found.rows), found.balanced)


def test_the_name_of_a_part_of_a_pasted_session_may_state_the_time() -> None:
    """It is the command above the table."""
    found = outcome(
        MYSQL, "processlist.txt!/1 mysql -e show full processlist primary 2026-11-22 14:12:00 UTC"
    )

    assert ["14:12"] == [f"{line['Timestamp']:%H:%M}" for line in found.rows["otel_logs"]]


def test_the_newest_time_in_the_table_is_when_it_was_printed() -> None:
    """Where no line above says it."""
    found = outcome(POSTGRES, "pg_stat_activity.txt")
    assert ["14:03:40", "14:03:40"] == [f"{row['Timestamp']:%H:%M:%S}" for row in found.rows["otel_logs"]]
    assert (
        "session 7 of shop: active, waits: Lock; UPDATE orders SET state = 2"
        == found.rows["otel_logs"][0]["Body"]
    )
    assert found.balanced


def test_without_any_time_sessions_are_rejects() -> None:
    """Fields may stand below each other."""
    vertical = (
        b"*** 1. row ***\n"
        + b"\n".join(b"%s: x" % name for name in MYSQL.split(b"\n")[0].split(b"\t"))
        + b"\n"
    )
    for text in (MYSQL, vertical):
        found = outcome(text, "processlist.txt")
        assert (True, 1, {}) == (found.balanced, len(found.rejects), found.rows)
