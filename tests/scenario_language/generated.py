"""Scenarios made from a seed, as text: services, rates, times, faults and decoys that no one has chosen.

`PYTHONPATH=tests python -m scenario_language.generated SEED` prints one, for a file or for a look.
"""

import random
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from scenario_language.edits import GUILTY, INNOCENT, WORDS

NAMES = ["atlas", "bridge", "cargo", "depot", "engine", "ferry", "guild", "harbour", "inbox", "journal", "kiosk", "ledger", "market", "notary", "orbit", "parcel", "quota", "roster", "signal", "ticket", "usher", "vault", "wharf", "yard"]  # fmt: skip
VERBS = ("Read", "Write", "Find", "Apply", "Check", "List")
ERRORS = ("KeyError", "TypeError", "IllegalState", "OverflowError", "CodecError")
PARTNERS = ("api.partner.example", "gateway.bank.example", "hooks.mailer.example")
TITLES = ("limits", "currency table", "banner", "mail footer", "timeouts", "index page", "colours", "tariff")
ROWS = 16_000  # spans of a world, about


@dataclass(slots=True)
class Sketch:
    """A world on its way to text: a tree of services, the node that will break, and when."""

    chance: random.Random
    services: list[str]
    parents: Mapping[str, str]  # of every service but the first, whom it is called by
    broken: str
    minutes: int
    onset: int  # seconds after the start
    external: str  # what the broken service calls outside
    fault: str = ""  # what happens to the broken service's own hop
    outside: str = ""  # … to its call outside
    entry: str = ""  # … to all requests as they arrive
    attributes: str = ""
    before: str = ""  # the service statement's own steps
    changes: list[str] = field(default_factory=list)
    expected: list[tuple[str, str]] = field(default_factory=list)

    def at(self, offset: float = 0) -> str:
        """The time so many seconds after the onset."""
        second = int(self.onset + offset)
        return f"{10 + second // 3600}:{second // 60 % 60:02d}:{second % 60:02d}"


Fault = Callable[[Sketch], None]


def scenario(seed: int) -> str:
    """The text of a whole scenario: one in four is healthy."""
    chance = random.Random(f"scenario {seed}")
    name = "healthy" if chance.random() < 0.25 else chance.choice(sorted(FAULTS))
    sketch = _sketch(chance)
    if name == "healthy":
        sketch.expected = [("confirm", "no or unknown"), ("culprit", "none"), ("what_changed", "none_likely")]
    else:
        sketch.expected = [("confirm", "yes"), ("onset", f"at {sketch.at()} within 75s")]
        FAULTS[name](sketch)
    _decoys(sketch)
    return "\n".join([f"scenario  {name}, of seed {seed}", *_lines(sketch, seed)]) + "\n"


def write(folder: Path, seed: int) -> Path:
    """The scenario of a seed in a file of its own."""
    path = folder / f"seed_{seed}.txt"
    path.write_text(scenario(seed))
    return path


def _sketch(chance: random.Random) -> Sketch:
    services = chance.sample(NAMES, chance.randint(3, 6))
    parents = {name: chance.choice(services[: max(1, i)]) for i, name in enumerate(services) if i}
    minutes = chance.randint(28, 45)
    onset = int(minutes * 60 * chance.uniform(0.5, 0.72))
    broken = chance.choice(services[1:])
    return Sketch(chance, services, parents, broken, minutes, onset, chance.choice(PARTNERS))


def _failing(sketch: Sketch) -> str:
    return f"errors={sketch.chance.randint(25, 90)}% error={sketch.chance.choice(ERRORS)}"


def _slow(sketch: Sketch) -> str:
    return f"latency={sketch.chance.randint(350, 1800)}ms"


def _blamed(sketch: Sketch, kind: str, subject: str) -> None:
    """The change that did it, shortly before the onset."""
    sketch.changes.append(f"{kind:<7} {subject} id=cause at {sketch.at(-sketch.chance.randint(2, 50))}")
    sketch.expected += [
        ("what_changed", "first cause"), ("what_changed", "change cause likely"), ("what_changed", "only_likely cause"),
    ]  # fmt: skip


def _deploy(sketch: Sketch) -> None:
    sketch.fault = sketch.chance.choice((_failing, _slow))(sketch)
    sketch.before = f"version=v6 then version=v7 at {sketch.at()}"
    sketch.expected.append(("culprit", f"first {sketch.broken}"))
    _blamed(sketch, "deploy", f"{sketch.broken} v6 -> v7")


def _config(sketch: Sketch) -> None:
    sketch.fault = sketch.chance.choice((_failing, _slow))(sketch)
    sketch.expected.append(("culprit", f"first {sketch.broken}"))
    kind = sketch.chance.choice(("config", "flag"))
    _blamed(sketch, kind, f'{sketch.broken} "{sketch.chance.choice(VERBS)} path"')


def _commit(sketch: Sketch) -> None:
    """One commit of several that went out together; those beside it touch nothing that serves."""
    chance, name = sketch.chance, sketch.broken
    guilty, word = chance.choice(GUILTY), chance.choice(WORDS)
    sketch.fault = _filled(guilty.fault, sketch, word)
    sketch.before = f"version=v6 then version=v7 at {sketch.at()}"
    beside = chance.sample(INNOCENT, chance.randint(1, 3))
    reported = [("cause", guilty), *((f"beside{n}", edit) for n, edit in enumerate(beside))]
    chance.shuffle(reported)
    for which, edit in reported:
        at = sketch.at(-chance.randint(2500, 9000))
        sketch.changes.append(
            f'commit  {name} "about {chance.choice(WORDS)}" id={which} within=carrier at {at}'
        )
        lines = _filled(edit.lines, sketch, word).rstrip("\n").split("\n")
        sketch.changes[-1] += "\n".join(
            ["", f"diff      {_filled(edit.path, sketch, word)}", *(f"|{line}" for line in lines)]
        )
    sketch.changes.append(f"deploy  {name} v6 -> v7 id=carrier at {sketch.at(-chance.randint(2, 50))}")
    sketch.expected += [
        ("culprit", f"first {name}"), ("what_changed", "first cause or carrier"), ("what_changed", "change cause likely"),
        ("what_changed", "change carrier likely"), ("what_changed", "only_likely cause carrier"),
    ]  # fmt: skip


def _filled(text: str, sketch: Sketch, word: str) -> str:
    chance = sketch.chance
    reported = {
        "n": sketch.broken,
        "w": word,
        "share": chance.randint(25, 90),
        "slow": chance.randint(350, 1400),
    }
    return text.format(**reported)


def _lifetime(sketch: Sketch) -> None:
    """What is set to live so long ends that long after it was said, and not before."""
    chance = sketch.chance
    minutes = chance.randint(9, max(10, sketch.onset // 60 - 2))
    sketch.fault = f"errors={chance.randint(40, 90)}% status=401 error=TokenExpired"
    at = sketch.at(-60 * minutes)
    diff = f"-token_ttl: 12h\\n+token_ttl: {minutes}m\\n"
    sketch.changes.append(f'config  {sketch.broken} "tokens" id=cause files=auth.yaml diff="{diff}" at {at}')
    sketch.expected += [("what_changed", "first cause"), ("what_changed", "only_likely cause")]


def _migration(sketch: Sketch) -> None:
    sketch.external = f"{sketch.broken}-db"
    sketch.outside = _slow(sketch)
    sketch.expected += [("culprit", f"component {sketch.external}"), ("path", f"first_bad {sketch.external}")]
    _blamed(sketch, "migration", f'{sketch.external} "new column"')


def _partner_down(sketch: Sketch) -> None:
    sketch.outside = f"errors={sketch.chance.randint(40, 100)}% status=503"
    sketch.expected += [
        ("culprit", f"component {sketch.external}"), ("path", f"first_bad {sketch.external}"),
        ("what_changed", "none_likely"),
    ]  # fmt: skip


def _instance(sketch: Sketch) -> None:
    sketch.fault = f"{_failing(sketch)} where service.instance.id={sketch.broken}-1"
    sketch.expected += [("culprit", f"first {sketch.broken}"), ("what_changed", "none_likely")]


def _segment(sketch: Sketch) -> None:
    share = sketch.chance.randint(6, 30)
    sketch.attributes = f"tenant.id=north:{share}%,south:{100 - share}% plan=small,large"
    sketch.fault = f"{_failing(sketch)} where tenant.id=north"
    sketch.expected += [("culprit", f"first {sketch.broken}"), ("blast_radius", "segment tenant.id=north")]


def _traffic_loss(sketch: Sketch) -> None:
    sketch.entry = "lost"
    sketch.expected += [("confirm", "kind traffic_loss"), ("culprit", "none")]


FAULTS: Mapping[str, Fault] = {
    "deploy": _deploy, "commit": _commit, "lifetime": _lifetime, "config": _config, "migration": _migration, "partner_down": _partner_down,
    "instance": _instance, "segment": _segment, "traffic_loss": _traffic_loss,
}  # fmt: skip


def _decoys(sketch: Sketch) -> None:
    """Innocent changes: one right before the onset, a cron at its minute, others anywhere, all not where it breaks."""
    chance = sketch.chance
    innocent = [name for name in sketch.services if name != sketch.broken and name not in _above(sketch)]
    others = innocent or [f"{chance.choice(NAMES)}-admin"]
    offsets = [
        -chance.randint(20, 240),
        *(-chance.randint(300, sketch.onset) for _ in range(chance.randint(2, 4))),
    ]
    for number, offset in enumerate(offsets):
        name = chance.choice(others)
        reported = chance.choice(
            (f"deploy  {name} v{number} -> v{number + 1}", f'config  {name} "{chance.choice(TITLES)}"')
        )
        sketch.changes.append(f"{reported} id=decoy{number} at {sketch.at(offset)}")
    every = chance.choice((5, 6, 7))
    first = sketch.onset % (every * 60) - sketch.onset
    sketch.changes.append(f"cron    {chance.choice(others)} id=cron every={every}m at {sketch.at(first)}")


def _above(sketch: Sketch) -> set[str]:
    found, name = set[str](), sketch.broken
    while name in sketch.parents:
        name = sketch.parents[name]
        found.add(name)
    return found


def _lines(sketch: Sketch, seed: int) -> Iterator[str]:
    chance, root = sketch.chance, sketch.services[0]
    yield f"time      2026-11-16 10:00 .. {10 + sketch.minutes // 60}:{sketch.minutes % 60:02d}"
    yield f"seed      {seed}"
    for name in sketch.services:
        instances = ",".join(f"{name}-{i}" for i in range(1, chance.randint(3, 5)))
        steps = sketch.before if name == sketch.broken else "version=v1"
        yield f"service   {name} instances={instances} {steps}".rstrip()
    rate = round(ROWS / (2 * len(sketch.services)) / (sketch.minutes * 60), 2)
    lost = f" then rate={rate / 10:.3f}/s at {sketch.at()}" if sketch.entry else ""
    operations = {name: chance.choice(VERBS) for name in sketch.services}
    shown = f"{sketch.attributes} user.id={{user:500}}".strip()
    yield f"spans     {root} {operations[root]} rate={rate}/s wave={chance.randint(0, 12)}% latency=8ms {shown}{lost}"
    for name in sketch.services[1:]:
        caller = sketch.parents[name]
        fault = f" then {sketch.fault} at {sketch.at()}" if sketch.fault and name == sketch.broken else ""
        own = f"latency={chance.randint(4, 45)}ms errors=0.{chance.randint(0, 5)}%"
        yield f"call      {caller} {operations[caller]} -> {name} {operations[name]} {own}{fault}"
    outside = f" then {sketch.outside} at {sketch.at()}" if sketch.outside else ""
    yield f"call      {sketch.broken} {operations[sketch.broken]} -> {sketch.external} Ask external latency=30ms errors=0.2%{outside}"
    for name in sketch.services:
        yield f'logs      {name} error "{name} could not {operations[name].lower()} {{hex8}}" each=failure:{name}'
    yield f'logs      {root} warn "Token of {{user:500}} has expired" rate={chance.randint(4, 20)}/min'
    yield from (f"change    {change}" for change in sketch.changes)
    for question, wanted in sketch.expected:
        yield f"ask       {question}"
        yield f"expect    {wanted}"


if __name__ == "__main__":
    sys.stdout.write(scenario(int(sys.argv[1])))
