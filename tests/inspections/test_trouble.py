"""Every runbook over worlds with its trouble, without it, and without the telemetry that would show it."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from cases import case_of, reported
from lastgood.inspections.trouble import live_questions_of, runbooks, trouble
from lastgood.inspections.trouble.checks import checks_of
from lastgood.inspections.trouble.weights import CERTIFICATE_LEFT
from lastgood.model.evidence import Table
from lastgood.model.figures import spaced
from lastgood.model.finding import Finding, Verdict
from lastgood.model.trouble import CheckVerdict, Runbook, System, Trouble, TroubleCheck, TroublesAsked
from lastgood.workbench.store import Store

YES, NO, CANNOT_TELL, ASK = CheckVerdict
SHOP = """
scenario  a shop
seed      3
time      2026-11-20 10:00 .. 10:10
service   web       instances=w-1
service   orders    instances=o-1
spans     web "POST /order"  rate=4/s latency=8ms
call      web "POST /order" -> orders Place  latency=10ms errors=0.2% {orders}
call      orders Place -> postgresql SELECT  external latency=5ms {database}
call      orders Place -> api.pay.example "POST /charges"  external latency=90ms errors=0.2% {outside}
logs      orders error "order failed: {said}"  each=failure:orders
logs      orders info "order placed"  rate=6/min
"""
BARE = {"orders": "", "database": "", "outside": "", "said": "no stock"}
AT = "at 10:05"
EXPIRES = datetime(2026, 11, 20, 10, 10, tzinfo=UTC)


def world(*lines: str, **bent: str) -> str:
    """The shop, its lines bent, with more lines."""
    return SHOP.format(**{**BARE, **bent}) + "".join(f"{line}\n" for line in lines)


def gauges(form: str, *levels: tuple[str, str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Lines of metrics in a world with trouble and in a healthy one: name with labels, and level before and after."""
    ill = tuple(f"metric {form} {name} every=10s {level.replace('AT', AT)}" for name, level in levels)
    well = tuple(f"metric {form} {name} every=10s {level.partition(' then')[0]}" for name, level in levels)
    return ill, well


def fails(message: str) -> dict[str, str]:
    """Half of the orders fail with a message, in spans and in lines."""
    return {"orders": f'then errors=50% message="{message}" {AT}', "said": "no stock"}


# Check: the metrics that show it (ill and healthy), how the shop is bent, and what the yes states.
METRICS = {
    ("memory-limit", "heap memory utilization of orders (o-1): 97 %, 40 % before"): gauges("orders", ("jvm_memory_used_bytes area=heap", "level=40 then level=97 AT"), ("jvm_memory_max_bytes area=heap", "level=100")),
    ("memory-kills", "out-of-memory kills"): gauges("node", ("node_vmstat_oom_kill counter", "level=0 then level=0.1 AT")),
    ("memory-swaps", "pages swapped in a second"): gauges("node", ("node_vmstat_pswpin counter", "level=0.1 then level=900 AT")),
    ("memory-evicts", "evicted keys a second of cache"): gauges("cache", ("redis_evicted_keys_total counter", "level=0 then level=50 AT")),
    ("memory-rises", "→ 900"): gauges("orders", ("process_memory_mb", "level=300 then level=900 AT")),
    ("gc-time", "gc pause memory ratio of orders (o-1): 40 %, 1 % before"): gauges("orders", ("jvm_gc_pause_seconds_sum counter", "level=0.01 then level=0.4 AT")),
    ("gc-heap", "heap memory utilization of orders (o-1): 97 %"): gauges("orders", ("jvm_memory_used_bytes area=heap", "level=40 then level=97 AT"), ("jvm_memory_max_bytes area=heap", "level=100")),
    ("cpu-busy", "cpu utilization"): gauges("node", ("node_cpu_seconds_total counter mode=idle", "level=0.8 then level=0.02 AT"), ("node_cpu_seconds_total counter mode=user", "level=0.2 then level=0.98 AT")),
    ("cpu-throttled", "throttled cpu ratio of orders (o-1): 60 %, 1 % before"): gauges("orders", ("container_cpu_cfs_throttled_periods_total counter k8s.pod.name=o-1", "level=0.1 then level=6 AT"), ("container_cpu_cfs_periods_total counter k8s.pod.name=o-1", "level=10")),
    ("cpu-stolen", "cpu steal utilization"): gauges("node", ("node_cpu_seconds_total counter mode=steal", "level=0.01 then level=0.3 AT"), ("node_cpu_seconds_total counter mode=idle", "level=0.9 then level=0.6 AT")),
    ("cpu-rises", "→ 0.95"): gauges("orders", ("process.cpu.utilization", "level=0.3 noise=1% then level=0.95 AT")),
    ("disk-full", "disk utilization /data of"): gauges("node", ("node_filesystem_avail_bytes mountpoint=/data", "level=50 then level=2 AT"), ("node_filesystem_size_bytes mountpoint=/data", "level=100")),
    ("disk-inodes", "inode disk utilization /data of"): gauges("node", ("node_filesystem_files_free mountpoint=/data", "level=50 then level=2 AT"), ("node_filesystem_files mountpoint=/data", "level=100")),
    ("disk-fills", "at the present pace"): gauges("node", ("node_filesystem_avail_bytes mountpoint=/data", "level=50 then level=20 over=5m AT"), ("node_filesystem_size_bytes mountpoint=/data", "level=100")),
    ("disk-busy", "disk busy utilization sda of"): gauges("node", ("node_disk_io_time_seconds_total counter device=sda", "level=0.1 then level=0.97 AT")),
    ("connections-limit", "connection pool utilization main of orders (o-1): 100 %, 30 % before"): gauges("orders", ("hikaricp_connections_active pool=main", "level=3 then level=10 AT"), ("hikaricp_connections_max pool=main", "level=10")),
    ("connections-wait", "requests that wait for a connection of orders (o-1): 25, 0 before"): gauges("orders", ("hikaricp_connections_pending", "level=0 then level=25 AT")),
    ("handles-limit", "file descriptor utilization of orders (o-1): 99 %, 10 % before"): gauges("orders", ("process_open_fds", "level=100 then level=990 AT"), ("process_max_fds", "level=1000")),
    ("database-lag", "replication lag of db (db-0): 45 s, 100 ms before"): gauges("db", ("pg_replication_lag_seconds", "level=0.1 then level=45 AT")),
    ("database-slow-rate", "slow statements a second of db (db-0): 5, 0 before"): gauges("db", ("mysql_global_status_slow_queries counter", "level=0 then level=5 AT")),
    ("database-waits", "sessions that wait for a row lock of db (db-0): 40, 0 before"): gauges("db", ("mysql_global_status_innodb_row_lock_current_waits", "level=0 then level=40 AT")),
    ("database-transaction", "longest transaction of db (db-0): 15 min, 2 s before"): gauges("db", ("pg_stat_activity_max_tx_duration", "level=2 then level=900 AT")),
    ("queue-backlog", "queue backlog orders of orders: 4 000, 5 before"): gauges("mq", ("rabbitmq_queue_messages_ready queue=orders", "level=5 then level=4000 AT")),
    ("queue-rises", "→ 900"): gauges("orders", ("worker_queue_length", "level=3 then level=900 AT")),
    ("dns-failures", "failed lookups a second of dns (dns-0): 4, 0 before"): gauges("dns", ("coredns_dns_responses_total counter rcode=SERVFAIL", "level=0 then level=4 AT")),
    ("race-deadlocks", "deadlocks a second of db (db-0): 1, 0 before"): gauges("db", ("pg_stat_database_deadlocks counter", "level=0 then level=1 AT")),
}  # fmt: skip
SPANS_AND_LINES = {
    ("memory-errors", "java heap space"): fails("java heap space"),
    ("gc-texts", "GC overhead"): fails("GC overhead limit exceeded"),
    ("disk-errors", "No space left"): fails("[Errno 28] No space left on device"),
    ("connections-errors", "QueuePool limit"): fails("QueuePool limit of size 5 overflow 10 reached"),
    ("database-locks", "lock timeout"): fails("canceling statement due to lock timeout"),
    ("database-lag-texts", "read-only transaction"): fails("cannot execute INSERT in a read-only transaction"),
    ("database-slower", "postgresql: p95"): {"database": f"then latency=400ms {AT}"},
    ("queue-texts", "queue is full"): fails("queue is full, message dropped"),
    ("external-fails", "api.pay.example: "): {"outside": f"then errors=60% status=503 {AT}"},
    ("external-slower", "api.pay.example: p95"): {"outside": f"then latency=2000ms {AT}"},
    ("external-errors", "connection refused"): fails("connection refused"),
    ("external-timeouts", "timed out"): fails("request timed out"),
    ("rate-limited", "calls return 429"): {"outside": f"then errors=40% status=429 {AT}"},
    ("rate-errors", "Too Many Requests"): fails("429 Too Many Requests"),
    ("dns-errors", "no such host"): fails("lookup stock.internal: no such host"),
    ("certificate-errors", "certificate has expired"): fails("certificate has expired"),
    ("race-errors", "could not serialize"): fails("could not serialize access due to concurrent update"),
    ("race-statuses", "calls return 409 or 412"): {"outside": f"then errors=40% status=409 {AT}"},
}  # fmt: skip
CHECKS = {check.name: check.trouble for check in checks_of(())}


def finding(store: Store, folder: Path, text: str, kind: Trouble) -> Finding:
    """The finding of one runbook over a world that is bent after five minutes."""
    case = case_of(store, reported(store, folder, text, 5), TroublesAsked((kind,)))
    (found,) = trouble.run(case)
    return found


def checked(found: Finding, name: str) -> TroubleCheck:
    """One check of it."""
    assert isinstance(found.answer, Runbook)
    return next(check for check in found.answer.checks if check.name == name)


@pytest.mark.slow
@pytest.mark.parametrize("key", METRICS, ids=lambda key: key[0])
def test_metrics_show_the_trouble_or_that_it_is_not_there(
    store: Store, tmp_path: Path, key: tuple[str, str]
) -> None:
    """Yes with the numbers of both windows, and a table that rests on a query."""
    (name, states), (ill, _) = key, METRICS[key]
    found = finding(store, tmp_path, world(*ill), CHECKS[name])
    check = checked(found, name)

    assert YES is check.verdict, check
    assert states in spaced(check.because)
    assert not check.decides or (found.verdict is Verdict.YES and found.evidence[0].provenance.sql)


@pytest.mark.slow
@pytest.mark.parametrize("key", METRICS, ids=lambda key: key[0])
def test_healthy_metrics_say_no(store: Store, tmp_path: Path, key: tuple[str, str]) -> None:
    """The same metrics without the bend."""
    (name, _), (_, well) = key, METRICS[key]

    assert NO is checked(finding(store, tmp_path, world(*well), CHECKS[name]), name).verdict


@pytest.mark.slow
@pytest.mark.parametrize("key", SPANS_AND_LINES, ids=lambda key: key[0])
def test_spans_and_lines_show_the_trouble(store: Store, tmp_path: Path, key: tuple[str, str]) -> None:
    """Yes with the number of errors or calls, and an example."""
    check = checked(finding(store, tmp_path, world(**SPANS_AND_LINES[key]), CHECKS[key[0]]), key[0])

    assert YES is check.verdict, check
    assert key[1] in spaced(check.because)


@pytest.mark.slow
@pytest.mark.parametrize("kind", Trouble)
def test_a_healthy_shop_has_none(store: Store, tmp_path: Path, kind: Trouble) -> None:
    """Checks of spans and lines say no, those without metrics that they cannot tell, and what would report it."""
    found = finding(store, tmp_path, world(), kind)
    assert isinstance(found.answer, Runbook)

    assert Verdict.YES is not found.verdict
    assert {NO, CANNOT_TELL, ASK} >= {check.verdict for check in found.answer.checks}
    for name, of in CHECKS.items():
        if of is kind and name in {key[0] for key in METRICS}:
            assert CANNOT_TELL is checked(found, name).verdict
            assert "no metric" in checked(found, name).because
        if of is kind and name in {key[0] for key in SPANS_AND_LINES}:
            assert NO is checked(found, name).verdict


def test_what_several_checks_read_is_shown_once(store: Store, tmp_path: Path) -> None:
    """The checks of texts read the same lines, of which one table is enough; a line without text is in none."""
    found = finding(store, tmp_path, world('logs orders error " " rate=60/min'), Trouble.DATABASE)
    read = [one for one in found.evidence if isinstance(one, Table) and one.title.startswith("What was read")]

    assert len(read) == len({one.provenance.sql for one in read}) > 0
    assert all(str(row[-1]).strip() for one in read for row in one.rows)


def test_slow_statements_are_logged_at_any_level(store: Store, tmp_path: Path) -> None:
    """PostgreSQL reports them as LOG; where it reports none, its threshold may not be set."""
    slow = (
        'logs postgresql info "duration: 3105.4 ms  statement: SELECT 1" rate=1/min then rate=60/min at 10:05'
    )

    said = checked(finding(store, tmp_path, world(slow), Trouble.DATABASE), "database-slow-texts")

    assert YES is said.verdict
    assert "slow statements (" in said.because
    assert "such as postgresql: “duration: " in said.because


@pytest.mark.slow
def test_without_spans_and_lines_texts_and_calls_cannot_tell(store: Store, tmp_path: Path) -> None:
    """A world of one metric: nothing is said of what is not there."""
    text = "scenario m\nseed 1\ntime 2026-11-20 10:00 .. 10:10\nservice db instances=d-1\n"
    text += "metric db pg_replication_lag_seconds every=10s level=0.1\n"
    found = finding(store, tmp_path, text, Trouble.DATABASE)

    assert Verdict.UNKNOWN is found.verdict
    assert NO is checked(found, "database-lag").verdict
    assert {CANNOT_TELL} == {checked(found, name).verdict for name in ("database-slower", "database-locks")}


@pytest.mark.slow
@pytest.mark.parametrize(("days", "verdict"), [(-1, YES), (1, NO)])
def test_a_certificate_that_expires_soon_is_found(
    store: Store, tmp_path: Path, days: int, verdict: CheckVerdict
) -> None:
    """Just inside the limit, and just beyond it."""
    at = (EXPIRES + CERTIFICATE_LEFT + timedelta(days=days)).timestamp()
    line = f"metric probe probe_ssl_earliest_cert_expiry every=10s level={at:.0f}"
    check = checked(finding(store, tmp_path, world(line), Trouble.CERTIFICATE), "certificate-expires")

    assert (verdict, True) == (check.verdict, "expires in" in check.because)


@pytest.mark.slow
def test_a_running_total_of_which_nothing_says_so_is_no_rate(store: Store, tmp_path: Path) -> None:
    """A total of 2 000 deadlocks since the start is not 2 000 a second."""
    line = "metric db pg_stat_database_deadlocks every=10s level=100 then level=2000 over=10m at 10:00"

    assert (
        CANNOT_TELL is checked(finding(store, tmp_path, world(line), Trouble.RACE), "race-deadlocks").verdict
    )


@pytest.mark.slow
def test_changes_of_others_are_listed(store: Store, tmp_path: Path) -> None:
    """None recorded is no evidence that there was none."""
    line = 'change third_party api.pay.example "maintenance" id=m at 10:04'
    check = checked(finding(store, tmp_path, world(line), Trouble.EXTERNAL), "external-status")
    other = checked(finding(store, tmp_path, world(line), Trouble.DNS), "dns-changes")

    assert (YES, CANNOT_TELL) == (check.verdict, other.verdict)
    assert "maintenance" in check.because


@pytest.mark.slow
@pytest.mark.parametrize(
    ("line", "verdict"),
    [
        ('change infrastructure o-1 "OOMKilling: Memory cgroup out of memory" id=k at 10:06', YES),
        ('change infrastructure o-1 "Pulled image orders:v2" id=k at 10:06', NO),
        ("", CANNOT_TELL),
    ],
    ids=["killed", "pulled", "no feed"],
)
def test_the_platform_reports_kills(store: Store, tmp_path: Path, line: str, verdict: CheckVerdict) -> None:
    """By its events; without any event it is not known whether they are fed in."""
    found = finding(store, tmp_path, world(line), Trouble.MEMORY)

    assert verdict is checked(found, "memory-events").verdict


@pytest.mark.slow
@pytest.mark.parametrize(("later", "verdict"), [("429", YES), ("200", NO)])
def test_requests_of_users_are_refused(
    store: Store, tmp_path: Path, later: str, verdict: CheckVerdict
) -> None:
    """In access logs, without any span."""
    text = "scenario a\nseed 1\ntime 2026-11-20 10:00 .. 10:10\n"
    text += 'logs "" info "GET / {int}" rate=2/s url.path=/ http.response.status_code=200 '
    text += f"then http.response.status_code={later} {AT}\n"
    check = checked(finding(store, tmp_path, text, Trouble.RATE_LIMIT), "rate-answers")

    assert verdict is check.verdict, check
    assert "all requests: " in check.because


@pytest.mark.slow
def test_the_dependency_that_fails_is_the_one_to_probe(store: Store, tmp_path: Path) -> None:
    """Its host, in a command to paste."""
    found = finding(store, tmp_path, world(outside=f"then errors=60% status=503 {AT}"), Trouble.EXTERNAL)

    assert ("lastgood", "probe", "https://api.pay.example") == checked(found, "external-probe").command


@pytest.mark.slow
def test_what_was_as_full_before_is_no_news_and_no_no_without_a_good_window(
    store: Store, tmp_path: Path
) -> None:
    """With a baseline it is a no; without one nothing tells when it began."""
    ill, _ = gauges("orders", ("process_open_fds", "level=950"), ("process_max_fds", "level=1000"))
    windows = reported(store, tmp_path, world(*ill), 5)
    for comparison, verdict in ((windows, NO), (None, CANNOT_TELL)):
        (found,) = trouble.run(case_of(store, comparison, TroublesAsked((Trouble.CONNECTIONS,))))
        assert verdict is checked(found, "handles-limit").verdict


def test_without_telemetry_only_running_systems_are_asked() -> None:
    """The command that asks each, with the name that the settings give it; no verdict."""
    asked = TroublesAsked((Trouble.CONNECTIONS, Trouble.GC), databases={System.POSTGRESQL: "shop"})
    (found,) = runbooks(None, asked)
    commands = {checked(found, name).command[-1] for name in ("pg-connections", "pg-idle")}

    assert (Verdict.UNKNOWN, {"shop"}) == (found.verdict, commands)
    assert (
        {ASK} == {check.verdict for check in found.answer.checks}
        if isinstance(found.answer, Runbook)
        else False
    )
    assert {"redis-info", "go-goroutines"} == live_questions_of((Trouble.MEMORY,))
