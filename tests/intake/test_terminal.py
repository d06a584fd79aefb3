"""What programs print at a terminal again and again."""

import pytest

from lastgood.decoding.input import Input
from lastgood.intake import terminal
from outcomes import Outcome, outcome


def metrics(found: Outcome) -> set[str]:
    """The names of all metrics."""
    return {
        row["MetricName"]
        for name, rows in found.rows.items()
        if name.startswith("otel_metrics")
        for row in rows
    }


def test_sysstat_with_several_sections() -> None:
    """The host is whose the figures are; a restart is a change."""
    found = outcome(
        b"Linux 6.1.0 (web-2) \t11/10/2026 \t_x86_64_\t(4 CPU)\n\n10:00:01 AM     CPU     %user   %iowait     %idle\n"
        b"10:10:01 AM     all     11.58      0.80     87.62\n10:12:40 AM  LINUX RESTART\t(4 CPU)\n\n"
        b"10:10:01 AM  DEV  tps  %util\n10:20:01 AM  sda  3.00  99.40\nAverage:     sda  3.00  99.40\n"
    )

    assert ("terminal output", (9, 3, 4, 2)) == (found.claim.format, found.tally)
    assert {"system.cpu.utilization", "system.disk.busy.utilization"} <= metrics(found)
    assert {("web-2", "web-2")} == {
        (row["ServiceName"], dict(row["ResourceAttributes"])["host.name"])
        for row in found.rows["otel_metrics_gauge"]
    }
    assert ["web-2 was started again"] == [row["Title"] for row in found.rows["lg_changes"]]


def test_a_loop_with_dates_between() -> None:
    """Pods are whose the figures are; what was said in place of a table is a log line."""
    found = outcome(
        b"$ while true; do date -u; kubectl top pods -n media --containers; sleep 30; done\nTue Nov 10 10:02:00 UTC 2026\n"
        b"POD                      NAME     CPU(cores)   MEMORY(bytes)\ncart-6f7c9d5b4d-2kq8z    cart     410m         612Mi\n"
        b"Tue Nov 10 10:02:31 UTC 2026\nerror: Metrics not available for pod media/cart-6f7c9d5b4d-2kq8z\n", "top.txt"
    )  # fmt: skip

    (cpu, memory) = found.rows["otel_metrics_gauge"]
    assert ("container.cpu.usage", 0.41, "cart") == (cpu["MetricName"], cpu["Value"], cpu["ServiceName"])
    assert ("container.memory.usage", "By", 612 * 2.0**20) == (
        memory["MetricName"],
        memory["MetricUnit"],
        memory["Value"],
    )
    assert "media" == dict(cpu["ResourceAttributes"])["k8s.namespace.name"]
    assert ["error: Metrics not available for pod media/cart-6f7c9d5b4d-2kq8z"] == [
        row["Body"] for row in found.rows["otel_logs"]
    ]


def test_counters_of_stores() -> None:
    """What only grows is a sum."""
    found = outcome(
        b"2026-11-10 10:02:00\n+-----------------+-------+\n| Variable_name   | Value |\n+-----------------+-------+\n"
        b"| Slow_queries    | 40    |\n| Threads_running | 94    |\n+-----------------+-------+\n2 rows in set (0.00 sec)\n", "status.txt"
    )  # fmt: skip

    assert ["mysql.global_status.slow_queries"] == [
        row["MetricName"] for row in found.rows["otel_metrics_sum"]
    ]
    assert [("mysql.global_status.threads_running", "mysql")] == [
        (row["MetricName"], row["ServiceName"]) for row in found.rows["otel_metrics_gauge"]
    ]


def test_whose_a_file_is() -> None:
    """By its name, less the program's; else it is of the machine where it was printed."""
    text = b"2026-11-10 10:02:00\n r  b us sy id wa\n 1  0 11  3 85  1\n"
    named, unnamed = outcome(text, "vmstat-ledger-db.txt"), outcome(text, "vmstat.txt")

    assert {"ledger-db"} == {row["ServiceName"] for row in named.rows["otel_metrics_gauge"]}
    assert {"localhost"} == {row["ServiceName"] for row in unnamed.rows["otel_metrics_gauge"]}


def test_figures_before_the_first_time_are_rejects() -> None:
    """Their time would be a guess."""
    found = outcome(
        b"NAME CPU(cores) MEMORY(bytes)\ncart-0 410m 612Mi\n"
        + b"2026-11-10T10:02:00Z\nNAME CPU(cores) MEMORY(bytes)\ncart-0 410m 612Mi\n" * 4
    )
    assert ["there is no time before it or in it"] == [reject.reason for reject in found.rejects]
    assert found.balanced


@pytest.mark.parametrize(
    "content",
    [
        b"", b"NAME CPU(cores) MEMORY(bytes)\ncart-0 410m 612Mi\n", b"2026-11-10 10:02:00 INFO retries: 3\n2026-11-10 10:02:01 INFO done: 4\n",
        b"2026-11-10 10:02:00\nFull thread dump:\n\nat a.b.c(D.java:12)\nat a.b.c(D.java:13)\n", b'{"time": "2026-11-10T10:02:00Z"}\n',
        b"# Time: 2026-11-10T10:02:00Z\n# User@Host: app[app] @ [10.0.0.1]\n# Query_time: 2.1  Lock_time: 0.0\nSET timestamp=1794304920;\nSELECT 1;\n",
    ],
)  # fmt: skip
def test_what_is_no_output_of_a_terminal(content: bytes) -> None:
    """No times, logs, dumps of threads, JSON, slow statements."""
    assert None is terminal.recognise(Input(None, "x.txt", content))


def test_a_short_log_with_figures_in_its_text_is_a_log() -> None:
    """Times and levels in front: none of its lines is a row of a table."""
    lines = b"2026-11-22T09:00:00Z ERROR user 17 failed\n2026-11-22T09:00:01Z ERROR GET /x?a=1 b=2\n2026-11-22T09:00:02Z ERROR transfer 17 refused for order 4111\n"

    found = outcome(lines, "app.log")

    assert ["otel_logs"] == [*found.rows]
    assert 3 == len(found.rows["otel_logs"])


@pytest.mark.parametrize("time", ["2026-11-22T14:41:01+0000", "Nov 22 14:41:01"])
def test_a_few_lines_of_syslog_are_no_table(time: str) -> None:
    """Two of them may have as many words, one a number."""
    text = (
        f"{time} web-1 pay[77]: no answer from the provider\n"
        f"{time} web-1 systemd[1]: pay.service: Main process exited, code=killed, status=9/KILL\n"
        f"{time} web-1 kernel: Out of memory: Killed process 77 (pay)\n"
    )
    found = outcome(text.encode(), "journal.txt")
    assert ["pay", "systemd", "kernel"] == [row["ServiceName"] for row in found.rows["otel_logs"]]


def test_a_log_of_one_program_is_no_table_whatever_figures_it_tells() -> None:
    """PostgreSQL's, as Amazon's RDS writes it: its lines have as many words, some of them numbers."""
    said = (
        "LOG:  duration: 5006.112 ms  statement: SELECT 1",
        "ERROR:  deadlock detected",
        "FATAL:  remaining connection slots are reserved",
    )
    lines = (
        f"2026-11-22 14:40:{second:02d} UTC:10.0.0.9(5000):shop@shop:[17]:{said[second % 3]}\n"
        for second in range(15)
    )
    found = outcome("".join(lines).encode(), "error/postgresql.log.2026-11-22-14")

    assert [9, 17, 21] * 5 == [row["SeverityNumber"] for row in found.rows["otel_logs"]]
