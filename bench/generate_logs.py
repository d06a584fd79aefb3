"""A file of mixed log lines, the same on every run: time, level, service, message with random values.

    python -m bench.generate_logs OUT --lines 3000000 [--seed 1] [--traces]

Every number has a random value and a random length, and every id is random hexadecimal, so neither digit
masking nor remembering whole lines makes the file small. `--traces` adds stack traces of several lines to
one error in four. Lines are written as they are made: memory does not grow with the file.
"""

import argparse
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import accumulate, islice
from pathlib import Path
from random import Random
from re import compile as pattern

MESSAGES = Path(__file__).with_name("generated_messages.txt")
START = datetime(2026, 3, 2, 6, 0, tzinfo=UTC)
MEAN_GAP_US = 2400  # 3 million lines are two hours
LINES_AT_ONCE = 10_000

_HOLE = pattern(r"\{(\w+)\}")
_USERS = ("ada", "björn", "chidi", "dewi", "elif", "farid", "grace", "hana", "ines", "jun", "kofi", "lucia")
_FOLDERS = ("var", "srv", "data", "spool", "tmp", "cache", "export")
_PAGES = ("items", "orders", "users", "search", "basket", "health", "reports", "images")
_FRAMES = (
    "    at {service}.core.Pipeline.step(Pipeline.java:{n})",
    "    at {service}.net.Client.send(Client.java:{n})",
    "    at {service}.work.Runner.run(Runner.java:{n})",
)

Fill = Callable[[Random], str]


@dataclass(frozen=True, slots=True)
class Message:
    """What a service says: its fixed pieces with a filler between each two."""

    service: str
    level: str
    weight: int
    pieces: tuple[str, ...]
    fills: tuple[Fill, ...]

    def write(self, random: Random) -> str:
        """The message with new values."""
        parts = [self.pieces[0]]
        for fill, piece in zip(self.fills, self.pieces[1:], strict=True):
            parts += (fill(random), piece)
        return "".join(parts)


def _number(random: Random) -> str:
    return str(int(random.random() * 10.0 ** (1 + int(random.random() * 9))))


def _hexadecimal(random: Random) -> str:
    return f"{random.getrandbits(64):016x}"[: 8 + int(random.random() * 9)]


def _uuid(random: Random) -> str:
    text = f"{random.getrandbits(128):032x}"
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


def _address(random: Random) -> str:
    bits = random.getrandbits(32)
    return f"{bits >> 24}.{bits >> 16 & 255}.{bits >> 8 & 255}.{bits & 255}"


def _host(random: Random) -> str:
    return f"node-{int(random.random() * 400)}.cell{int(random.random() * 9)}.example.net"


def _path(random: Random) -> str:
    return f"/{random.choice(_FOLDERS)}/{random.choice(_PAGES)}/{_hexadecimal(random)}.dat"


def _url(random: Random) -> str:
    return f"/api/v{int(random.random() * 3)}/{random.choice(_PAGES)}/{_number(random)}"


def _user(random: Random) -> str:
    return f"{random.choice(_USERS)}{_number(random)}"


FILLS: dict[str, Fill] = {
    "n": _number,
    "ms": _number,
    "hex": _hexadecimal,
    "uuid": _uuid,
    "ip": _address,
    "host": _host,
    "path": _path,
    "url": _url,
    "user": _user,
    "size": lambda random: f"{_number(random)} {random.choice(('B', 'KB', 'MB'))}",
    "pct": lambda random: f"{random.random() * 100:.1f} %",
    "f": lambda random: f"{random.random() * 10.0 ** int(random.random() * 5):.3f}",
}


def messages(text: str) -> tuple[Message, ...]:
    """The messages of a file such as generated_messages.txt."""
    service, found = "", []
    for line in text.splitlines():
        if line.startswith("["):
            service = line.strip("[]")
        elif line and not line.startswith("#"):
            level, weight, body = line.split(" ", 2)
            parts = _HOLE.split(body)
            fills = tuple(FILLS[name] for name in parts[1::2])
            found.append(Message(service, level, int(weight), tuple(parts[::2]), fills))
    return tuple(found)


def events(seed: int, *, traces: bool = False) -> Iterator[str]:
    """Log events without end; an event with a stack trace holds line breaks."""
    random = Random(seed)
    known = messages(MESSAGES.read_text("utf-8"))
    totals = list(accumulate(message.weight for message in known))
    now = START
    while True:
        for message in random.choices(known, cum_weights=totals, k=1000):
            now += timedelta(microseconds=int(random.random() * 2 * MEAN_GAP_US))
            text = message.write(random)
            if traces and message.level == "ERROR" and random.random() < 0.25:
                text += _stack_trace(message.service, random)
            yield f"{now:%Y-%m-%dT%H:%M:%S}.{now.microsecond:06d}Z {message.level} {message.service} {text}"


def _stack_trace(service: str, random: Random) -> str:
    frames = random.choices(_FRAMES, k=random.randint(2, 9))
    lines = [frame.format(service=service, n=_number(random)) for frame in frames]
    return "\n" + "\n".join((f"{service}.core.PipelineException: step {_number(random)} failed", *lines))


def lines(count: int, seed: int = 1, *, traces: bool = False) -> Iterator[str]:
    """Exactly so many lines, without their line breaks."""
    every = (line for event in events(seed, traces=traces) for line in event.split("\n"))
    return islice(every, count)


def write(out: Path, count: int, seed: int = 1, *, traces: bool = False) -> None:
    """Write so many lines to a file."""
    source = lines(count, seed, traces=traces)
    with out.open("w", encoding="utf-8", newline="\n") as file:
        while some := list(islice(source, LINES_AT_ONCE)):
            file.write("\n".join(some) + "\n")


def main() -> None:
    """Write the file that the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("out", type=Path)
    parser.add_argument("--lines", type=int, default=3_000_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--traces", action="store_true", help="stack traces of several lines")
    asked = parser.parse_args()
    write(asked.out, asked.lines, asked.seed, traces=asked.traces)


if __name__ == "__main__":
    main()
