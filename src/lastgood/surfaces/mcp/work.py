"""The work behind the tools: each asks the workbench for one thing and makes an answer of it. Synchronous; nothing here knows MCP."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta

import orjson

from lastgood.errors import UsageError
from lastgood.model import figures
from lastgood.model.entry import Entry, Frozen
from lastgood.model.evidence import Table
from lastgood.model.finding import Verdict
from lastgood.model.scope import Scope
from lastgood.model.signal import Signal
from lastgood.model.window import Comparison, Window
from lastgood.surfaces import wording
from lastgood.surfaces.actions import effect_exit
from lastgood.surfaces.changes import change_document
from lastgood.surfaces.evidence import saved_document
from lastgood.surfaces.findings import plain_values
from lastgood.surfaces.incident_page import incident_document
from lastgood.surfaces.log_lines import found_note, line_json, pattern_json
from lastgood.surfaces.mcp.answers import Answer, Shelf, answer, bounded, of_findings
from lastgood.surfaces.sitrep_json import sitrep_document
from lastgood.surfaces.trace import life_document
from lastgood.surfaces.web.times import window_between
from lastgood.workbench import action_steps, explore, incident_pages
from lastgood.workbench.ask import ask, question_named
from lastgood.workbench.changes import newest
from lastgood.workbench.logs import Asked, patterns_of, search
from lastgood.workbench.service import Service
from lastgood.workbench.trace import life_of

CHANGES_OF = timedelta(hours=24)
MOST_LINES, MOST_CHANGES = 100, 100
_VERDICTS = {0: Verdict.YES, 1: Verdict.NO, 3: Verdict.UNKNOWN}  # of the exit status of `lastgood verify`


@dataclass(frozen=True, slots=True)
class Work:
    """What tools work with."""

    service: Service
    shelf: Shelf = field(default_factory=Shelf)

    def triage(self, start: str, end: str) -> Answer:
        """Every question about a window, against the time before it."""
        sitrep = explore.answers_for(self.service, self._window(start, end))
        return answer(
            wording.headline(sitrep),
            verdict=sitrep.is_real,
            limits=sitrep.unknown,
            evidence=self.shelf.put(piece for one in sitrep.findings for piece in one.evidence),
            data=sitrep_document(sitrep),
        )

    def ask(self, question: str, start: str, end: str, services: Sequence[str]) -> Answer:
        """One question by its name."""
        question_named(question)
        window = self._window(start, end)
        with self.service.apart() as store:
            comparison = explore.before(window, explore.held(store))
            scope = Scope(tuple(services))
            findings = ask(
                store,
                question,
                now=self.service.clock(),
                window=comparison.good.hull(window),
                comparison=comparison,
                scope=scope,
            )
        return of_findings(findings, self.shelf)

    def compare(self, by: str, start: str, end: str, good: tuple[str, str]) -> Answer:
        """Requests of two windows by the value of an attribute."""
        bad = self._window(start, end)
        before = window_between(*good, self.service.clock())
        comparison = (
            Comparison(before, bad, given=True)
            if before
            else explore.before(bad, explore.held(self.service.store))
        )
        found = explore.compared(self.service, comparison, by)
        sides = [("good", sum(v.good.requests for v in found.values))]
        sides += [("bad", sum(v.bad.requests for v in found.values))]
        empty = [name for name, requests in sides if not requests]
        worse = [one.value or "not set" for one in found.values if one.worse]
        rows = [
            {"value": v.value, "good": plain_values(v.good), "bad": plain_values(v.bad), "worse": v.worse}
            for v in found.values
        ]
        columns = tuple(found.rows.table.column_names)
        kept = tuple(tuple(row.values()) for row in found.rows.dicts())
        evidence = Table(f"requests by {by}", columns, kept, found.rows.provenance)
        if empty:
            headline = (
                f"There are no requests in the {' and the '.join(empty)} window, so nothing is compared."
            )
        elif worse:
            headline = f"More requests fail than before with {by} {wording.listed(worse)}."
        else:
            headline = f"No value of {by} fails more often than before by more than chance."
        return answer(
            headline,
            verdict=Verdict.UNKNOWN if empty else Verdict.YES if worse else Verdict.NO,
            evidence=self.shelf.put([evidence]),
            data={"by": by, **plain_values(comparison), "values": rows, "can_be_chosen": list(found.names)},
        )

    def trace(self, request_id: str, start: str, end: str) -> Answer:
        """One request's life."""
        window = window_between(start, end, self.service.clock())
        life = life_of(self.service.store, request_id, window=window)
        failure = life.first_failure
        where = (
            f"the first failure is in {failure.service or 'an unnamed service'}" if failure else "no failure"
        )
        services = figures.counted(len(life.services), "service")
        return answer(
            f"{figures.counted(len(life.steps), 'step')} in {services}; {where}.",
            limits=["It is longer than what is shown."] if life.cut_off else [],
            data=life_document(life),
        )

    def logs(self, query: str, start: str, end: str, *, most: int, patterns: bool) -> Answer:
        """The newest lines that a query finds, or the patterns among them."""
        service = self.service
        asked = Asked(query, service.clock(), service.config.zone, self._window(start, end, Signal.LOGS))
        store = explore.browsed(service)
        if patterns:
            ranked = patterns_of(store, asked, limit=most)
            return answer(
                f"{figures.counted(ranked.total, 'pattern')} in {figures.counted(ranked.searched, 'line')}.",
                data={"patterns": [pattern_json(one) for one in ranked.patterns]},
            )
        found = search(store, asked, limit=most)
        lines = [orjson.loads(line_json(one)) for one in found.lines]
        matched = f"{figures.counted(found.matched, 'line')} of {figures.count(found.searched)} match."
        return answer(found_note(found) or matched, data={"matched": found.matched, "lines": lines})

    def changes(self, start: str, end: str) -> Answer:
        """Changes of a window, the newest first."""
        window = window_between(start, end, self.service.clock())
        if window is None:
            latest = explore.latest(self.service.store, self.service.clock()).end
            window = Window(latest - CHANGES_OF, latest)
        found = newest(self.service.store, window, MOST_CHANGES)
        return answer(
            f"{figures.counted(len(found), 'change')} from {figures.stamp(window.start)} to {figures.stamp(window.end)}.",
            limits=["There may be more; ask for a shorter time."] if len(found) == MOST_CHANGES else [],
            data={"changes": [change_document(one) for one in found]},
        )

    def incident(self, number: int | None) -> Answer:
        """One incident with its last answer; the list of them without a number."""
        if number is None:
            every = incident_pages.every(self.service)
            rows = [
                {
                    "number": one.number,
                    "title": one.title,
                    "status": one.status.value,
                    "severity": one.severity,
                }
                for one, _ in every
            ]
            return answer(f"{figures.counted(len(rows), 'incident')}.", data={"incidents": rows})
        seen = incident_pages.seen(self.service, number)
        said = seen.incident.triaged
        document = incident_document(seen.incident, seen.owed) | {"triaged": None, "confirmed": None}
        return answer(
            said.because if said else "There is no answer yet.",
            verdict=said.verdict if said else Verdict.UNKNOWN,
            limits=said.unknown if said else (),
            evidence=_addresses(number, seen.entries),
            data={"incident": document, "answer": seen.document},
        )

    def verify(self, number: int, action: int | None, actor: str) -> Answer:
        """Measure what an action did; it is put on the record."""
        measured = action_steps.measured(self.service, number, action, actor=actor)
        again = measured.look_again
        entries = incident_pages.seen(self.service, number).entries
        return answer(
            measured.because,
            verdict=_VERDICTS[effect_exit(measured.effect)],
            limits=[f"Look again at {figures.stamp(again)}."] if again else [],
            evidence=_addresses(number, entries),
            data=plain_values(measured),
        )

    def evidence(self, name: str) -> bytes:
        """Evidence of an answer that is on no record.

        Raises:
            UsageError: it is not there.
        """
        found = self.shelf.get(name)
        if found is None:
            raise UsageError("This evidence is no longer kept.", hint="Ask the question again.")
        return found

    def recorded(self, number: int, entry: int) -> bytes:
        """A piece of evidence of an incident, as it was kept.

        Raises:
            UsageError: the entry is not evidence, or there is no such incident.
        """
        _, found, _ = incident_pages.evidence(self.service, number, entry)
        return orjson.dumps(bounded(saved_document(found)), default=str)

    def _window(self, start: str, end: str, signal: Signal | None = None) -> Window:
        """The window that is asked about; the last hour of the data where none is given."""
        if end and not start:
            raise UsageError("A window with an end has a start.", hint="Give both, or neither.")
        now = self.service.clock()
        return window_between(start, end or "now", now) or explore.latest(self.service.store, now, signal)


def _addresses(number: int, entries: Sequence[Entry]) -> list[str]:
    """The addresses of the evidence of an incident, the newest first."""
    kept = [entry.sequence for entry in entries if isinstance(entry.payload, Frozen)]
    return [f"lastgood://incidents/{number}/evidence/{one}" for one in reversed(kept)]
