"""What no source reads but is known: output that programs print for people, and archives; and what to load instead."""

import re
from dataclasses import dataclass

HEAD = 16_384


@dataclass(frozen=True, slots=True)
class Printed:
    """One program's output: how it is known, what it is, and what to load instead."""

    expression: re.Pattern[str]
    what: str
    instead: str


def _of(expression: str, what: str, instead: str) -> Printed:
    return Printed(re.compile(expression, re.MULTILINE), what, instead)


_KUBECTL = "kubectl get {} -o json"
_LOOP = "its output with a date before each: while sleep 10; do date -u +%FT%TZ; {}; done,"
_KNOWN = (
    _of(r"\A\s*\S+\.apps/\S+\s*\nREVISION +CHANGE-CAUSE", "kubectl rollout history, which has no times", _KUBECTL.format("replicasets")),
    _of(r"\A(?:NAMESPACE +)?NAME +READY +STATUS +RESTARTS +AGE", "kubectl get pods", _KUBECTL.format("pods")),
    _of(r"\A(?:NAMESPACE +)?NAME +READY +UP-TO-DATE +AVAILABLE +AGE", "kubectl get deployments", _KUBECTL.format("deployments,replicasets")),
    _of(r"\A(?:NAMESPACE +)?NAME +DESIRED +CURRENT +READY", "kubectl get replicasets", _KUBECTL.format("replicasets")),
    _of(r"\A(?:NAMESPACE +)?NAME +STATUS +ROLES +AGE +VERSION", "kubectl get nodes", _KUBECTL.format("events")),
    _of(r"\A(?:NAMESPACE +)?NAME +CPU\(cores\)", "kubectl top, one moment without a time", _LOOP.format("kubectl top pods")),
    _of(r"\A(?:---\s*\n)?(?:apiVersion: |items:\s*\n- )(?:.*\n){0,40}?(?:.*kind: )", "kubectl get -o yaml", "kubectl get … -o json"),
    _of(r"\AName: +\S+\n(?:.*\n){0,40}?(?:Replicas|Capacity|Allocatable): ", "kubectl describe", _KUBECTL.format("events,replicasets,pods")),
    _of(r"\AID +(?:Node Pool|DC) +", "nomad node status, without times", "nomad job history -p JOB"),
    _of(r"\A(?:spec|metadata|template):\s*\n(?:.*\n){0,30}? +- image: ", "part of a YAML object, without times", "gcloud run revisions list, or kubectl get … -o json"),
    _of(r"\ACONTAINER ID +IMAGE +COMMAND +CREATED +STATUS", "docker ps, without times", "docker events --since 24h --until 0s"),
    _of(r"\ACONTAINER(?: ID)? +(?:NAME +)?CPU % +MEM|\A\{\"BlockIO\":", "docker stats, without times", _LOOP.format("docker stats --no-stream")),
    _of(r"^ ?r +b +swpd +free", "vmstat without times", "the output of vmstat -t"),
    _of(r"\A(?:PING|ping) \S+.*\n(?:.*\n)*?.*icmp_seq", "ping without times", "the output of ping -D -O"),
    _of(r"\A(?:traceroute|tracepath) to |\A *1[?:]", "traceroute, without times", _LOOP.format("mtr --report HOST")),
    _of(r"\A\{\s*\"report\": *\{\s*\"mtr\"", "mtr --json, without times", "the output of mtr --report"),
    _of(r"^keys +mem +clients +blocked", "redis-cli --stat, without times", "redis-cli --stat | ts -s %FT%TZ, or redis-cli info in a loop,"),
    _of(r"\Amin: \d+, max: \d+, avg: ", "redis-cli --latency-history, without times", "its output through ts %FT%TZ"),
    _of(r"^[|]? ?(?:Variable_name)\s", "SHOW GLOBAL STATUS, one moment without a time", _LOOP.format("mysqladmin extended-status")),
    _of(r"^(?:name\tmessages|│ name +│ messages)", "rabbitmqctl list_queues, without times", _LOOP.format("rabbitmqctl list_queues")),
    _of(r"^GROUP +TOPIC +PARTITION +", "kafka-consumer-groups, without times", _LOOP.format("kafka-consumer-groups --describe")),
    _of(r"^\{ counters: \{", "statsd's counters, without times", "metrics with times, as from Graphite"),
    _of(r"\A[●○\u00d7] \S+\.service|^ +Loaded: loaded \(", "systemctl status", "journalctl -u UNIT -o json"),
    _of(r"\Atop - \d\d:\d\d:\d\d up |\A(?:Tasks|Mem|KiB Mem) *:", "top without its first line, which has the time", "all that top -b prints"),
    _of(r"\AFilesystem +(?:Size|1K-blocks|Type)", "df, one moment", _LOOP.format("df")),
    _of(r"\A +total +used +free", "free, one moment", _LOOP.format("free")),
    _of(r"\AUSER +PID +%CPU|\A +PID TTY", "ps, one moment", _LOOP.format("ps")),
    _of(r"\A(?:Netid +)?State +Recv-Q +Send-Q|\AActive Internet connections", "ss or netstat, one moment", _LOOP.format("ss -s")),
    _of(r"\A\[ *\d+\.\d{6}\] ", "dmesg with seconds since the machine started", "dmesg -T, or journalctl -k -o json"),
    _of(r"^Terraform will perform the following actions|^Apply complete! Resources:|^Plan: \d+ to add", "terraform plan or apply, without times", "terraform apply -json"),
    _of(r"^PLAY \[.*\] \*+|^TASK \[.*\] \*+|^PLAY RECAP \*+", "ansible-playbook, without times", "the output with ANSIBLE_CALLBACKS_ENABLED=profile_tasks, or ANSIBLE_STDOUT_CALLBACK=json,"),
    _of(r"^ *QUERY PLAN *\n|\(actual time=[\d.]+\.\.|^ *(?:->  )?(?:Seq|Index|Bitmap Heap) Scan on ", "EXPLAIN, one statement", "the database's log of slow statements"),
    _of(r"^ *(?:datid *\| *datname|pid *\|.*\bquery\b)", "pg_stat_activity, one moment", "PostgreSQL's log, with log_min_duration_statement"),
    _of(r"\A[0-9a-f]{7,12} \S.*\n[0-9a-f]{7,12} ", "git log --oneline, which has no times", "the repository's folder, or git log"),
    _of(r"\Adiff --git a/|\AFrom [0-9a-f]{40} ", "a diff without a time", "the repository's folder, or git log -p"),
    _of(r"\A(?:\w+ +)+(?:pts|tty|system boot)\S* .*\n(?:.*\n)*?(?:wtmp begins|\w+ +)", "last", "journalctl --list-boots -o json, or a change feed"),
    _of(r"\A(?:Start-Date|Commandline): ", "apt's history", "a change feed: one JSON object a line with time, kind, service, title"),
    _of(r"\ACount: \d+ +Time=[\d.]+s|\A# \d+(?:\.\d+)?(?:us|ms|s) user time", "a digest of slow statements, without times", "the log of slow statements itself"),
    _of(r"\A(?:feature \S+\n)*(?:blob\nmark :|(?:reset|commit) refs/)", "git fast-export", "the folder of the repository (git init, then git fast-import)"),
    _of(r"\A# v\d git bundle$", "git bundle", "the folder that git clone makes of it"),
    _of(r"\AReference ID +: [0-9A-F]{8} ", "chronyc tracking, one moment", "chrony's log of tracking"),
    _of(r"\A\s*<(?:Events?|\?xml)\b", "XML", "JSON or CSV"),
)  # fmt: skip


_PACKED = {b"7z\xbc\xaf\x27\x1c": "7-Zip", b"Rar!\x1a\x07": "RAR", b"MSCF\0\0\0\0": "cabinet"}


def printed(head: bytes) -> str:
    """What a text is that no one reads, and what to load instead; empty where it is not known."""
    for magic, name in _PACKED.items():
        if head.startswith(magic):
            return f"a {name} archive is not opened; unpack it, or load a tar or zip archive instead"
    text = head[:HEAD].decode("utf-8", "replace").replace("\r\n", "\n").lstrip("\ufeff\n")
    found = next((one for one in _KNOWN if one.expression.search(text)), None)
    return f"it looks like the output of {found.what}; load {found.instead} instead" if found else ""
