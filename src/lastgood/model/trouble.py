"""Known kinds of trouble: the closed list, what was asked of running systems, and what each check says."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from lastgood.model.sql_answer import Cell


class Trouble(StrEnum):
    """A kind of trouble that has a runbook."""

    MEMORY = "memory"
    GC = "gc"
    CPU = "cpu"
    DISK = "disk"
    CONNECTIONS = "connections"
    DATABASE = "database"
    QUEUE = "queue"
    EXTERNAL = "external"
    RATE_LIMIT = "rate_limit"
    DNS = "dns"
    CERTIFICATE = "certificate"
    RACE = "race"


TROUBLE_WORDS: Mapping[Trouble, str] = {
    Trouble.MEMORY: "memory exhaustion",
    Trouble.GC: "garbage collection",
    Trouble.CPU: "CPU saturation or throttling",
    Trouble.DISK: "disk",
    Trouble.CONNECTIONS: "connection exhaustion",
    Trouble.DATABASE: "slow statements, locks or replication",
    Trouble.QUEUE: "queue backlog",
    Trouble.EXTERNAL: "external service",
    Trouble.RATE_LIMIT: "rate limit",
    Trouble.DNS: "DNS",
    Trouble.CERTIFICATE: "certificate",
    Trouble.RACE: "race or conflicting writes",
}


class System(StrEnum):
    """A running system that can be asked."""

    POSTGRESQL = "postgresql"
    MYSQL = "mysql"
    REDIS = "redis"
    RABBITMQ = "rabbitmq"
    GO = "go"
    JVM = "jvm"


SYSTEM_NAMES: Mapping[System, str] = {
    System.POSTGRESQL: "PostgreSQL",
    System.MYSQL: "MySQL",
    System.REDIS: "Redis",
    System.RABBITMQ: "RabbitMQ",
    System.GO: "the Go process",
    System.JVM: "the JVM",
}


class CheckVerdict(StrEnum):
    """What one check says."""

    YES = "yes"
    NO = "no"
    CANNOT_TELL = "cannot_tell"
    ASK = "ask"  # only the running system knows; the command asks it


@dataclass(frozen=True, slots=True)
class TroubleCheck:
    """One step of a runbook: its question, verdict, reason with numbers, and the command that tells more."""

    number: int
    name: str
    question: str
    verdict: CheckVerdict
    because: str
    decides: bool  # whether a yes alone shows this trouble
    command: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Runbook:
    """What the checks of one kind of trouble say, in their order."""

    trouble: Trouble
    checks: tuple[TroubleCheck, ...]

    def saying(self, verdict: CheckVerdict) -> tuple[TroubleCheck, ...]:
        """The checks with a verdict."""
        return tuple(one for one in self.checks if one.verdict is verdict)


@dataclass(frozen=True, slots=True)
class LiveAnswer:
    """What a running system answered to one question; `problem` is why there is no answer."""

    system: System
    database: str  # its address without credentials
    question: str
    asked: str  # as it was sent
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[Cell, ...], ...] = ()
    problem: str = ""
    seconds: float = 0.0
    cut_off: bool = False
    given: str = ""  # the name or address by which it was asked

    @property
    def records(self) -> tuple[dict[str, Cell], ...]:
        """The rows by column."""
        return tuple(dict(zip(self.columns, row, strict=True)) for row in self.rows)


@dataclass(frozen=True, slots=True)
class TroublesAsked:
    """Which kinds of trouble are asked about (none named: all), what running systems answered, and how to ask others."""

    troubles: tuple[Trouble, ...] = ()
    live: tuple[LiveAnswer, ...] = ()
    databases: Mapping[System, str] = field(default_factory=dict)  # what to give to --database
