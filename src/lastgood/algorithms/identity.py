"""Identity: who is meant by a name, and which names mean the same.

One name tells: a pod, a unit or a container is a process of its workload; a mesh, a DNS name or a port is no part of a
name; a thread, a class or a saved command is no service; the kernel reports on its host. Several names tell by
comparison (`joined`). What is unclear stays as it is.
"""

import re
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum

from lastgood.model.signal import TELEMETRY, Signal


class Role(StrEnum):
    """What a name names."""

    SERVICE = "service"
    SIDECAR = "sidecar"  # the proxy beside a service
    UPSTREAM = "upstream"  # what a proxy calls the service behind it
    HOST = "host"  # who reports on the machine, and on the processes there
    NOBODY = "nobody"  # part of a program, or of the way that data were saved


@dataclass(frozen=True, slots=True)
class Party:
    """Who is meant by a name; without a name for whom only a line can tell."""

    name: str
    role: Role = Role.SERVICE
    instance: str = ""  # which of its processes, where the name says it


@dataclass(frozen=True, slots=True)
class Form:
    """A form of names: what is left of one is its group `name`; `process`: the whole names one process of it."""

    about: str
    pattern: re.Pattern[str]
    role: Role = Role.SERVICE
    process: bool = False


def _form(about: str, pattern: str, role: Role = Role.SERVICE, *, process: bool = False) -> Form:
    return Form(about, re.compile(pattern), role, process)


# Random parts of Kubernetes' names have no vowels, and no digits that look like one (k8s.io/apimachinery/pkg/util/rand).
_SAFE = "[bcdfghjklmnpqrstvwxz2456789]"
# Kubernetes names a pod after its ReplicaSet, whose name ends in a hash of its template. Of a pod's name, for Python and RE2:
# https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#pod-template-hash-label
REPLICA_SET = f"-({_SAFE}{{6,10}})-{_SAFE}{{5}}$"
# A hash of a pod template is a decimal number in these letters; older ones are decimal, or hexadecimal.
_HASH = r"(?:(?=[a-z]*\d)[0-9bcdf-hj-np-tv-xz]{6,10}|(?=[a-f]*\d[a-f]*\d)[0-9a-f]{8,10})"
_UUID = r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}"
_PROVIDERS = (
    "docker|file|swarm|ecs|nomad|consul|consulcatalog|kubernetes|kubernetescrd|kubernetesgateway|kubernetesingress|"
    "kubernetesingressnginx|knative|marathon|rancher|internal|http|redis|etcd|zookeeper"
)
_KINDS = "deployments?|deploy|statefulsets?|sts|daemonsets?|ds|pods?|po|services?|svc|replicasets?|rs|jobs?|cronjobs?"
SIDECARS = frozenset("istio-proxy istio-init linkerd-proxy linkerd-init daprd consul-dataplane envoy-sidecar fluent-bit fluentd filebeat promtail vault-agent cloud-sql-proxy cloudsql-proxy queue-proxy".split())  # fmt: skip
# Programs that others run in: what calls itself by such a name is rather what its unit says.
RUNTIMES = frozenset("java node nodejs python python2 python3 ruby php dotnet perl beam.smp deno bun".split())
# Tried in this order, over and over until none fits.
NAME_FORMS = (
    _form("AWS log group", r"^/(?:aws/(?:lambda|ecs|codebuild|apprunner|lightsail)|ecs)/(?:[\w.-]+/)*?(?P<name>[\w.-]+)$"),
    _form("AWS database's log group", r"^/aws/rds/(?:instance|cluster)/(?P<name>[\w.-]+)/[\w-]+$"),
    _form("store under its cloud's product", r"^(?:rds|aurora|cloudsql|elasticache)[-_](?P<name>[a-z][\w-]*[-_](?:db|database|sql|pg|postgres|mysql|cache|redis))$"),
    _form("statistic of CloudWatch", r"^(?P<name>[A-Za-z][\w.-]*)[ _](?:Average|Maximum|Minimum|Sum|SampleCount|p\d\d(?:\.\d+)?)$"),
    _form("ECS task", r"^(?:[\w.-]+/)*(?P<name>[A-Za-z][\w.-]*)/[0-9a-f]{32}$", process=True),
    _form("Nomad in Consul", rf"^_nomad-(?:task|group)-{_UUID}-group-[\w.-]+?-(?P<name>[A-Za-z]\w*)(?:-[\w.-]+)?$", process=True),
    _form("allocation", rf"^(?P<name>[A-Za-z].*?)[-_.]{_UUID}$", process=True),
    _form("Swarm task", r"^(?P<name>[A-Za-z][\w-]*)\.\d+\.[a-z0-9]{25}$", process=True),
    _form("container of the kubelet", r"^/?k8s_(?!POD_)[^_]+_(?P<name>[^_]+)_[^_]+_[0-9a-f-]{32,36}_\d+$"),
    _form("container of Docker", r"^/(?P<name>[A-Za-z][\w.-]*)$"),
    _form("process of PM2", r"^\d+\|(?P<name>[A-Za-z][\w.@-]*)$", process=True),
    _form("session of a person", r"^(?P<name>)(?:session-[\w-]+|user@?[\w-]*|run-[\w-]+|cri-containerd[-:]\w+|docker-[0-9a-f]{12,})\.(?:scope|service|slice)$", Role.NOBODY),
    _form("unit of systemd", r"^(?P<name>[A-Za-z][\w.:-]*?)(?:@[^.]*)?\.(?:service|timer|socket)$"),
    _form("instance of a unit", r"^(?P<name>[a-z][a-z0-9-]+)@\d+$", process=True),
    _form("program of Windows or Java", r"^(?P<name>[A-Za-z][\w.-]*)\.(?:exe|jar|war|dll)$"),
    _form("service of Traefik", rf"^(?P<name>[^@\s]+)@(?:{_PROVIDERS})$", Role.UPSTREAM),
    _form("cluster of Envoy", r"^(?:in|out)bound(?:\|\d*\|[^|]*\||_\.\d*_\.[\w-]*?_\.)(?P<name>[^|\s]+)$"),
    _form("pod in Kubernetes' DNS", r"^[a-z][a-z0-9-]*-\d+\.(?P<name>[a-z][a-z0-9-]*)\.[a-z0-9-]+\.svc(?:\.[a-z0-9.-]+)?(?::\d+)?$", process=True),
    _form("service in Kubernetes' DNS", r"^(?P<name>[a-z][a-z0-9-]*)\.[a-z0-9-]+\.svc(?:\.[a-z0-9.-]+)?(?::\d+)?$"),
    _form("service in Consul's DNS", r"^(?:[\w-]+\.)?(?P<name>[a-z][a-z0-9-]*)\.service(?:\.[a-z0-9-]+)?\.consul(?::\d+)?$"),
    _form("source file", r"^(?P<name>)(?:\S*/\S+\.(?:go|py|java|kt|rb|js|ts|rs|php|cs|cc|cpp|c|scala|exs?)(?::\d+)?|[\w.-]+\.(?:go|py|java|kt|rb|js|ts|rs|php|cs|cc|cpp|c|scala|exs?):\d+)$", Role.NOBODY),
    _form("host and port", r"^(?P<name>[A-Za-z][A-Za-z0-9_.-]*[A-Za-z0-9]):\d{2,5}$"),
    _form("host of an internal domain", r"^(?P<name>[A-Za-z][\w-]*)(?:\.[\w-]+)*\.(?:internal|local|localdomain|lan|intra|intranet|corp)$", process=True),
    _form("object of Kubernetes", rf"^(?:{_KINDS})(?:\.(?:apps|batch))?/(?P<name>[a-z][a-z0-9.-]*)$"),
    _form("revision of Cloud Run", r"^(?P<name>[a-z][a-z0-9-]*?)-\d{5}-[a-z]{3}$", process=True),
    _form("pod of a Deployment", rf"^(?P<name>[a-z][a-z0-9.-]*?)-{_HASH}-(?:{_SAFE}{{5}}|(?=[a-z]*\d)[a-z0-9]{{5}})$", process=True),
    _form("pod of a Job", rf"^(?P<name>[a-z][a-z0-9.-]*?)-\d{{5,10}}-{_SAFE}{{5}}$", process=True),
    _form("Job of a CronJob", r"^(?P<name>[a-z][a-z0-9.-]*?)-(?:\d{8}|\d{10})$", process=True),
    _form("ReplicaSet", r"^(?P<name>[a-z][a-z0-9.-]*?)-(?=[4-9]*[bcdf])(?=[bcdf]*[4-9])[456789bcdf]{8,10}$", process=True),
    # Five random letters by themselves may be a word: one has a digit before a letter.
    _form("pod of a DaemonSet", rf"^(?P<name>[a-z][a-z0-9.-]*?)-(?=[a-z]*\d+[a-z]){_SAFE}{{5}}$", process=True),
    _form("sidecar", rf"^(?P<name>[a-z][a-z0-9-]*?)[-_.](?:{'|'.join(sorted(SIDECARS - {'fluent-bit', 'fluentd', 'filebeat', 'promtail'}))})$", Role.SIDECAR),
    _form("dyno of Heroku", r"^(?P<name>[a-z][a-z_-]*)\.\d{1,3}$", process=True),
    _form("thread", r"^(?P<name>)(?:qtp\d+-\d+.*|[\w .$-]*?-?(?:nio|apr|bio)\d?-\S+-(?:exec|Acceptor|Poller)(?:-\d+)?|pool-\d+-thread-\d+|Thread-\d+(?: \(.*\))?|main|MainThread|ThreadPoolExecutor-\d+_\d+|\w*ForkJoinPool\S*-worker-\d+|ForkJoinPool\S*|\w*(?:[eE]vent|NIO)Loop(?:Group)?-\d+-\d+|reactor-\S+-\d+|XNIO-\d+ \S+|default task-\d+|vert\.x-\S+-\d+|\S*-dispatcher-\d+|scheduling-\d+|(?:catalina|lettuce|grpc|async|okhttp)-\S*(?:exec|epoll|executor|pool)\S*-\d+|\S*Container#\d+-\d+-C-\d+|ntainer#\d+-\d+-C-\d+|HikariPool-\d+\b.*|\S+-akka\.\S+)$", Role.NOBODY),
    _form("class", r"^(?P<name>)(?:[a-z][a-z0-9_]*\.){2,}[A-Z]\w*(?:\$\w+)*$", Role.NOBODY),
    _form("saved output of a command", r"^(?P<name>)(?:kubectl[-_ ](?:get|describe|top|events?|rollout)(?![a-z]).*|(?:oc|docker|podman|crictl|systemctl|journalctl)[-_ ](?:get|describe|ps|stats|events?|inspect|list|status)(?:[-_ .]\d.*)?|kubectl|top|vmstat|iostat|mpstat|pidstat|netstat|lsof|dmesg|journalctl|tcpdump|traceroute|nslookup|jstack|jmap|uptime)$", Role.NOBODY),
    _form("messenger of a machine", r"^(?P<name>)(?:kernel|systemd(?:-(?:logind|journald|resolved|networkd|timesyncd|udevd|oomd|coredump|machined|homed|userdbd|tmpfiles|sysctl|fsck|cryptsetup|modules-load|shutdown))?|kubelet|kube-proxy|dockerd|docker|containerd|crio|podman|sshd(?:-session)?|CRON|cron|crond|anacron|sudo|su|auditd|audispd|rsyslogd|syslogd|syslog-ng|chronyd|ntpd|ntpdate|smartd|snapd|dbus-daemon|dbus|polkitd|logrotate|NetworkManager|dhclient|dhcpcd|multipathd|irqbalance|udevd|unattended-upgrades?|cloud-init|mdadm|thermald|ansible-ansible\.\S+)$", Role.HOST),
)  # fmt: skip
_PASSES = 4


def _at_an_edge(char: str) -> bool:
    """Whether it is none of a name at whose begin or end it stands: a blank or a quotation mark."""
    return char.isspace() or char in "'\"\u201c\u201d"


def party(name: str) -> Party:
    """Who is meant by a name that stands where a service's should; the name itself where no form fits."""
    own = [place for place, char in enumerate(name) if not _at_an_edge(char)]
    left, instance = name[own[0] : own[-1] + 1] if own else "", ""
    role = Role.SERVICE
    for _ in range(_PASSES):
        form, found = next(
            ((one, hit) for one in NAME_FORMS if (hit := one.pattern.match(left))), (None, None)
        )
        if form is None or found is None:
            break
        instance = instance or (left if form.process else "")
        left = found["name"]
        role = form.role if form.role is not Role.SERVICE else role
        if form.role is not Role.SERVICE:
            break
    if role is Role.UPSTREAM:
        return Party(re.sub(r"-\d{2,5}$", "", left), role, instance)
    return Party(left, role, instance)


def called(name: str) -> str:
    """The service that a name means; the name as it is where it means none, or the proxy beside one."""
    found = party(name)
    return found.name if found.role in {Role.SERVICE, Role.UPSTREAM} else name


def workload_beside(name: str) -> str:
    """The service that a sidecar stands beside; any other name as it is."""
    found = party(name)
    return found.name if found.role is Role.SIDECAR else name


# A pod's name where nothing but a pattern can be: its owner's is the only group.
PODS = re.compile(rf"^(.+?)(?:-{_HASH}-[a-z0-9]{{5}}|-\d{{5,10}}-{_SAFE}{{5}}|-{_SAFE}{{5}}|-\d+)$")


def workload_of(pod: str) -> str:
    """What a pod belongs to, by its name. That it is a pod is known, so ordinals and any five letters are cut."""
    found = party(pod)
    if found.role is Role.SERVICE and found.instance:
        return found.name
    of_pod = PODS.match(pod)
    return of_pod[1] if of_pod else pod


_NUMBERED = re.compile(r"^(?P<name>.+?)-\d{5,}$")


def object_of(kind: str, name: str) -> str:
    """Whom an object of Kubernetes belongs to: of a node none, of a pod, a ReplicaSet or a Job its workload."""
    if kind == "Node":
        return ""
    if kind == "Pod":
        return workload_of(name)
    found = party(name)
    numbered = _NUMBERED.match(found.name) if kind == "Job" else None
    return numbered["name"] if numbered else found.name or name


# Words that many names have: one of them alone does not tell a service.
_GENERIC = frozenset(
    "api app apps application web www server service services svc gateway gw proxy worker workers consumer producer job jobs cron "
    "db database cache redis queue mq store storage sql pg mysql postgres kafka edge lb ingress frontend backend front back ui bff "
    "core common main prod production live staging stage dev test infra config configs settings platform system tools ops data "
    "exporter agent controller manager operator monitor admin public private internal external node host eu us".split()
)
# At the end of a name these are no other part of it: `orders-service` is `orders`, `orders-db` is not.
_ENDINGS = frozenset({"service", "svc"})
_INSTANCE = re.compile(r"[a-h]|0?[1-9]\d?")
_UPSTREAM_ENDINGS = _ENDINGS | {"api", "app", "server", "gw", "gateway", "backend"}
_OF_PROXIES = frozenset({"be", "bk", "backend", "upstream", "pool", "farm", "cluster"})
_RANK = (Signal.SPANS, Signal.LOGS, Signal.METRICS, Signal.ALERTS, Signal.CHANGES)


def words(name: str) -> tuple[str, ...]:
    """The words of a name in lower case, however they are joined: `ResultsGateway` is `results`, `gateway`."""
    apart = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "-", name)
    return tuple(part for part in re.split(r"[^a-z0-9]+", apart.lower()) if part)


def joined(named: Mapping[str, frozenset[Signal]]) -> dict[str, str]:
    """The names that mean the same as another, with that one, which is the one that users know.

    `named` says in which signals a name is used. Names that one signal has both are never the same: who wrote it tells
    them apart. Spans name best, then logs, metrics, alerts; changes last. What only changes and alerts name may also be
    a service with words before it, such as a product's. Several that differ by a letter or a number at the end, behind a
    name that changes or metrics use and they do not, are its instances.
    """
    alike: dict[tuple[str, ...], list[str]] = defaultdict(list)
    saying: dict[str, list[str]] = defaultdict(list)
    for name in named:
        alike[_bare(name)].append(name)
        for word in set(words(name)):
            saying[word].append(name)
    found = {}
    for name, signals in named.items():
        same = [one for one in alike[_bare(name)] if _better(named[one], signals)]
        if not same and words(name) and not signals & TELEMETRY:
            sharing = [one for one in saying[words(name)[-1]] if one != name]
            same = [one for one in sharing if len(sharing) == 1 and _better(named[one], signals)]
            same = [one for one in same if named[one] & TELEMETRY and _within(name, one, alike)]
        best = [one for one in same if _rank(named[one]) == min(_rank(named[other]) for other in same)]
        if len(best) == 1 and words(name):
            found[name] = best[0]
    return found | {name: found.get(owner, owner) for name, owner in _several(named).items()}


def instance_of(name: str, service: str) -> bool:
    """Whether a name is a service's with the letter or the number of an instance behind it: `listing-api-a`."""
    *stem, last = words(name) or ("",)
    return tuple(stem) == words(service) and bool(stem) and _INSTANCE.fullmatch(last) is not None


def _several(named: Mapping[str, frozenset[Signal]]) -> dict[str, str]:
    """Names that log lines give to the instances of a service, by its name, which no log line uses."""
    owners = {words(name): name for name, signals in named.items() if Signal.LOGS not in signals}
    alike: dict[str, list[str]] = defaultdict(list)
    for name, signals in named.items():
        owner = owners.get(words(name)[:-1], "")
        if owner and Signal.LOGS in signals and instance_of(name, owner):
            alike[owner].append(name)
    return {name: owner for owner, several in alike.items() if len(several) > 1 for name in several}


def _better(theirs: frozenset[Signal], signals: frozenset[Signal]) -> bool:
    """Whether a name that is used in some signals is rather the one that users know, and no other one's."""
    return not theirs & signals and _rank(theirs) < _rank(signals)


def _rank(signals: frozenset[Signal]) -> int:
    return min(_RANK.index(signal) for signal in signals)


def _bare(name: str) -> tuple[str, ...]:
    parts = words(name)
    return parts[:-1] if len(parts) > 1 and parts[-1] in _ENDINGS else parts


def _within(name: str, other: str, known: Collection[tuple[str, ...]]) -> bool:
    """Whether one of two names is the other with words before it, which are not a known name themselves."""
    short, long = sorted((words(name), words(other)), key=len)
    ends = len(short) < len(long) and long[-len(short) :] == short
    return ends and short[-1] not in _GENERIC and long[: -len(short)] not in known


def only_like(name: str, known: Collection[str]) -> str:
    """The one known name that has all words of a proxy's upstream beside words that name no other part; else nothing."""
    mine = words(name)
    while len(mine) > 1 and mine[0] in _OF_PROXIES:  # `be_orders` of HAProxy
        mine = mine[1:]
    if not mine or set(mine) <= _GENERIC:
        return ""
    several = [
        other for other in sorted(known) if not any(map(str.isdigit, words(other)))
    ]  # no single machine
    sharing = [other for other in several if set(words(other)) & (set(mine) - _GENERIC)]
    if len(sharing) != 1:
        return ""
    theirs = words(sharing[0])
    ends = theirs[-len(mine) :] == mine
    begins = theirs[: len(mine)] == mine and set(theirs[len(mine) :]) <= _UPSTREAM_ENDINGS
    return sharing[0] if ends or begins else ""
