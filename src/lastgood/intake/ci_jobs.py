"""The raw log of a job of GitLab CI: sections with the seconds at which each began and ended, and what was run between.

A job that deploys is one change, from its first section to its last, with the commit that was checked out and the version that the
command names. Of every other job each section is a log line. A job's outcome is a line at its end.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from lastgood.decoding.change import Row, change, logged
from lastgood.decoding.input import Claim, Decoded, Input, Settings, Tally
from lastgood.decoding.rows import Rows
from lastgood.decoding.text.lines import clean
from lastgood.decoding.whole import lines as text_lines
from lastgood.intake._registry import Source
from lastgood.model.signal import Signal

_SECTION = re.compile(r"section_(?P<what>start|end):(?P<seconds>1\d{9}):(?P<name>[\w.-]+)(?:\[[^\]]*\])?\r?")
_HEAD = re.compile(rb"section_start:1\d{9}:[\w.-]+")
_COMMAND = re.compile(r"^\$ (?P<command>.+)")
_DEPLOYS = re.compile(
    r"\bhelm3? (?:upgrade|install|rollback)\b|\bkubectl (?:\S+ )*?(?:apply|set image|rollout (?:restart|undo)|replace|patch|scale)\b"
    r"|\bterraform apply\b|\btofu apply\b|\bpulumi up\b|\bansible-playbook\b|\bdocker stack deploy\b|\bdocker compose (?:\S+ )*up\b"
    r"|\baws (?:ecs update-service|lambda update-function-code|deploy create-deployment|cloudformation deploy)\b|\bgcloud (?:run|app|functions) deploy\b"
    r"|\baz (?:webapp|containerapp|functionapp) (?:deploy|up|update)\b|\b(?:fly|flyctl|serverless|sls|cdk|firebase|vercel|wrangler|eb|dpl|skaffold) (?:deploy|run)\b"
    r"|\bcap \w+ deploy\b|\bargocd app (?:sync|set)\b|\bnomad job run\b|\bgit push (?:heroku|dokku)\b|\bkustomize build .*\| *kubectl\b|\./?deploy\S*\b"
)
_CHECKED_OUT = re.compile(r"Checking out (?P<commit>[0-9a-f]{7,40}) as ")
_PROJECT = re.compile(r"/builds/(?:[\w.-]+/)*?(?P<project>[\w.-]+)/\.git/")
_OUTCOME = re.compile(
    r"^(?:Job succeeded|ERROR: Job failed.*|WARNING: .*script.* failed.*|Job's log exceeded .*)"
)
_VERSION = re.compile(
    r"(?:image\.tag|imageTag|image-tag|tag|version|IMAGE_TAG|VERSION)[= ](?P<version>[\w.+-]+)|\S+/[\w./-]+:(?P<tag>[\w.+-]+)(?=\s|$)"
)
_TARGETS = (
    re.compile(r"\bhelm3? (?:upgrade|install|rollback)(?: +-\S+| +--[\w-]+(?:=\S+)?)* +(?P<service>[A-Za-z][\w-]*)"),
    re.compile(r"\b(?:deploy/|(?:deployment|statefulset|daemonset)[/ ])(?P<service>[A-Za-z][\w-]*)"),
    re.compile(r"--(?:service|service-name|function-name|app|name|application-name)[= ](?P<service>[A-Za-z][\w-]*)"),
    re.compile(r"\bgcloud (?:run|functions) deploy (?P<service>[A-Za-z][\w-]*)"),
)  # fmt: skip
_NAMESPACE = re.compile(r"(?:^|\s)(?:-n|--namespace)[= ](?P<namespace>[\w-]+)")


@dataclass(slots=True)
class _Section:
    """A part of a job: what it is called, the seconds at which it began, what was printed in it."""

    name: str
    seconds: int
    place: int
    lines: list[str] = field(default_factory=list)


def recognise(given: Input) -> Claim | None:
    """GitLab's marks of sections near the beginning."""
    if not _HEAD.search(given.head[:16_384]):
        return None
    return Claim("GitLab job log", 0.97, "it has GitLab's marks of sections, with their times")


def decode(given: Input, claim: Claim, settings: Settings) -> Decoded:
    """The deploy, or a line for each section; the lines in between continue them."""
    del claim, settings
    sections: list[_Section] = []
    ended = count = 0
    with given.open() as stream:
        for count, raw in enumerate(text_lines(stream), 1):
            line = clean(raw).decode("utf-8", "replace")
            for mark in _SECTION.finditer(line):
                ended = max(ended, int(mark["seconds"]))
                if mark["what"] == "start":
                    sections.append(_Section(mark["name"], int(mark["seconds"]), count))
            text = _SECTION.sub("", line).replace("\r", "").strip()
            if text and sections:
                sections[-1].lines.append(text)
    rows = Rows()
    made = list(_rows(sections, ended))
    for place, row in made:
        rows.add(*row, place)
    yield from rows.rest()
    events = min(len(made), count)
    yield Tally(count, events, count - events)


def _rows(sections: Sequence[_Section], ended: int) -> Iterator[tuple[int, Row]]:
    texts = [line for section in sections for line in section.lines]
    whole = "\n".join(texts)
    commands = [found["command"] for line in texts if (found := _COMMAND.match(line))]
    outcome = next((line for line in reversed(texts) if _OUTCOME.match(line)), "")
    project = found["project"] if (found := _PROJECT.search(whole)) else ""
    failed = outcome.startswith("ERROR")
    deploy = next((command for command in commands if _DEPLOYS.search(command)), "")
    if deploy:
        yield sections[0].place, _deploy(deploy, whole, sections[0].seconds, ended, project, outcome)
    else:
        for section in sections:
            if section.lines:
                level = "ERROR" if any(line.startswith("ERROR: ") for line in section.lines) else "INFO"
                body = "\n".join([section.name, *section.lines])
                yield (
                    section.place,
                    logged(body, section.seconds * 1_000_000_000, level, service=project, source="gitlab"),
                )
    if outcome:
        yield (
            sections[-1].place,
            logged(
                outcome,
                ended * 1_000_000_000,
                "ERROR" if failed else "INFO",
                service=_target(deploy) or project,
                source="gitlab",
            ),
        )


def _deploy(command: str, whole: str, began: int, ended: int, project: str, outcome: str) -> Row:
    commit = found["commit"] if (found := _CHECKED_OUT.search(whole)) else ""
    version = (found["version"] or found["tag"]) if (found := _VERSION.search(command)) else ""
    namespace = found["namespace"] if (found := _NAMESPACE.search(command)) else ""
    return change(
        "deploy", began * 1_000_000_000, until=ended * 1_000_000_000, id=f"gitlab/{project}/{began}", title=command,
        service=_target(command) or project, version=version or commit, source="gitlab",
        state="failed" if outcome.startswith("ERROR") else "" if outcome else "running",
        attributes={"vcs.ref.head.revision": commit, "k8s.namespace.name": namespace, "ci.outcome": outcome},
    )  # fmt: skip


def _target(command: str) -> str:
    """Which service a command deploys, where it says so."""
    return next((found["service"] for looks in _TARGETS if (found := looks.search(command))), "")


SOURCE = Source("ci_jobs", frozenset({Signal.CHANGES, Signal.LOGS}), recognise, decode)
