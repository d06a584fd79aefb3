"""Steps: the commands that follow from a sitrep: carry an option out, read the lines and the trace behind it."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from lastgood.model import figures
from lastgood.model.answers import ChangeVerdict, Mitigation, PatternCount
from lastgood.model.attributes import VERSIONS
from lastgood.model.change import ChangeKind
from lastgood.model.evidence import TraceExcerpt
from lastgood.model.failing_line import reports_failure
from lastgood.model.failure import FAILURES
from lastgood.model.finding import Verdict
from lastgood.model.incident import Incident
from lastgood.model.sitrep import Sitrep
from lastgood.surfaces import wording
from lastgood.surfaces.invocation import Command, bounds, command
from lastgood.surfaces.troubles import runbook_command
from lastgood.surfaces.wording import PLAIN

TEMPLATE = "no command of your own is set: docs/howto/mitigate.md"
_HOLE = re.compile(r"<[^<>\s]*>")
_BARE = re.compile(r"[A-Za-z_][\w./-]*")
_ENDS = " \t.,;:'\"()[]{}"
FEWEST_LETTERS = 4  # of a phrase that is worth searching for


@dataclass(frozen=True, slots=True)
class Ready:
    """What the team has commands of its own for."""

    lacking: Mapping[tuple[str, str], str] = field(default_factory=dict)  # by kind and target; empty: nothing
    ongoing: tuple[int, ...] = ()  # incidents that an action could belong to

    def lacks(self, option: Mitigation) -> str:
        """Why no command carries an option out; empty where one does."""
        why = self.lacking.get((option.kind, option.target), TEMPLATE)
        if not why and len(self.ongoing) > 1:
            numbers = wording.listed(map(str, self.ongoing))
            return f"several incidents are ongoing ({numbers}): add --incident to lastgood act"
        return why

    def act(self, option: Mitigation) -> Command | None:
        """The command that carries an option out."""
        return None if self.lacks(option) else command("act", option.kind, option.target)


NONE_READY = Ready()


def ready_for(lacking: Mapping[tuple[str, str], str], incidents: Sequence[Incident]) -> Ready:
    """What can be done in the incidents that are ongoing: nothing while an action is not measured."""
    pending = [action for one in incidents for action in one.actions if action.open]
    if pending:
        why = f"action {pending[0].number} is not measured yet: wait for it before the next one"
        lacking = {option: lack or why for option, lack in lacking.items()}
    return Ready(lacking, tuple(one.number for one in incidents))


def opening(sitrep: Sitrep) -> Command:
    """The command that puts the incident on the record."""
    title = f"{wording.subject(sitrep)} {wording.trouble(sitrep)}".translate(PLAIN)
    return command("incident", "open", " ".join(title.split()))


def runbook(sitrep: Sitrep) -> Command | None:
    """The command that runs the checks of the class of failure; None where no runbook is of it."""
    if sitrep.failure_class is None or (trouble := FAILURES[sitrep.failure_class.name].trouble) is None:
        return None
    return runbook_command(trouble)


def first_bad_version(sitrep: Sitrep) -> Command | None:
    """The command that finds the first bad version, where the failing requests name one and no deploy is likely."""
    segments = sitrep.blast_radius.segments[:1] if sitrep.blast_radius else ()
    changes = sitrep.changes.ranked if sitrep.changes else ()
    deployed = any(one.kind == ChangeKind.DEPLOY and one.verdict is ChangeVerdict.LIKELY for one in changes)
    named = any(name in VERSIONS for segment in segments for name in segment.where)
    return command("bisect-versions") if named and not deployed else None


def failing_trace(sitrep: Sitrep) -> Command | None:
    """The command that shows one failing request."""
    traces = [e.trace_id for f in sitrep.findings for e in f.evidence if isinstance(e, TraceExcerpt)]
    return command("trace", traces[0]) if traces and sitrep.is_real is Verdict.YES else None


def log_lines(sitrep: Sitrep) -> Command | None:
    """The command that finds the lines which the card counts, of the bad window.

    Where error lines are the impact, these; else those of the pattern that is listed first.
    """
    if sitrep.is_real is Verdict.NO or sitrep.patterns is None:
        return None
    louder = (*sitrep.patterns.new, *sitrep.patterns.more)
    impact = wording.impact_of(sitrep)
    counted_lines = impact is not None and impact.requests is None and not impact.of
    if not louder:
        return None
    first = louder[0]
    phrase = "is:error" if counted_lines and reports_failure(first.level, first.sample) else _phrase(first)
    service = f"service:{_value(first.service)}" if first.service else ""
    clauses = [clause for clause in (service, phrase, _times(sitrep)) if clause]
    return command("logs", " AND ".join(clauses))


def _times(sitrep: Sitrep) -> str:
    if sitrep.comparison is not None:
        start, end = bounds(sitrep.comparison.bad)
        return f"timestamp:[{start} TO {end}]"
    since = sitrep.onset.low if sitrep.onset else sitrep.asked_at
    return f"timestamp:>={figures.stamp(since.replace(microsecond=0))}"


def _phrase(pattern: PatternCount) -> str:
    """The longest words that every line of a pattern has, as they stand in one of its lines."""
    fixed = (piece.strip(_ENDS) for piece in _HOLE.split(pattern.template))
    found = [piece for piece in fixed if piece in pattern.sample and piece.isprintable()]
    best = max(found, key=len, default="")
    return f'"{_escaped(best)}"' if sum(map(str.isalpha, best)) >= FEWEST_LETTERS else ""


def _value(text: str) -> str:
    return text if _BARE.fullmatch(text) else f'"{_escaped(text)}"'


def _escaped(text: str) -> str:
    return re.sub(r'(["\\*?])', r"\\\1", text)
