"""Calendars of changes that people keep by hand, and event lists of consoles: when, what, and of what or by whom.

Their headings are in the team's language. They differ from a log: entries are rare and have no level, and that
a person is named, a release, or the file. An entry with a version or a revision is a deploy; others are what their words say.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC
from pathlib import PurePath

from lastgood.algorithms.timestamps import Reference
from lastgood.decoding.change import Row, change, kind_of, names
from lastgood.decoding.input import Claim, Decoded, Input, Settings
from lastgood.decoding.moments import not_a_time
from lastgood.decoding.tables.entries import (
    Folded,
    entries,
    folded_row,
    kind_of_title,
    moment_of,
    rare,
    text_of,
    version_in,
)
from lastgood.decoding.tables.tickets import first_rows
from lastgood.intake._registry import Source
from lastgood.model.signal import Signal

# English, German, French, Spanish, Italian, Polish, Dutch; case and what is no letter or digit do not count.
_TIMES = names("time timestamp ts when datetime date at start started begin zeit zeitpunkt wann datum uhrzeit beginn quand heure debut date cuando fecha hora inicio quando data ora kiedy czas wanneer tijd tijdstip")  # fmt: skip
_ENDS = names("end until ended finished ende bis fin hasta fine koniec einde")
_WHAT = names("what change changes description summary title action activity was änderung aenderung beschreibung maßnahme massnahme quoi changement qué que cambio descripción descripcion cosa modifica co zmiana opis wat wijziging omschrijving")  # fmt: skip
_WHO = names("who by author actor user username engineer owner responsible performedby doneby wer von durch bearbeiter qui par auteur quién quien por chi da kto przez wie door")  # fmt: skip
_SYSTEMS = names("system service app application component host server target object resource dienst anwendung komponente ziel systeme système serveur cible sistema servicio servidor servizio usługa usluga systeem")  # fmt: skip
_NOTES = names(
    "details detail note notes comment comments remark remarks bemerkung anmerkung remarque nota note uwagi opmerking"
)
_REVISIONS = names("commit sha hash revision rev ref reference stand")
_VERSIONS = names("version release tag build wersja versión versione versie")
_IDS = names("id ticket number nr change-id changeid")
_STATES = names("state status result outcome ergebnis stan")
_LOGGED = names("level severity lvl loglevel logger thread pid traceid spanid statuscode http method duration latency bytes")  # fmt: skip
_CALLED = re.compile(r"chang|deploy|releas|roll-?out|maintenance|calendar|änderung|aenderung|wartung|zmian|cambio|wijzig", re.IGNORECASE)  # fmt: skip
_LETTERS = re.compile(r"[^\W\d_]{3}")
_SHA = re.compile(r"(?=.*\d)[0-9a-f]{7,64}")
_NAME = re.compile(r"[A-Za-z][\w.-]*(?=$|[\s,(:])")
# A system alone, or with its version, stands where others write what was done; a word of work is no system.
_THING = re.compile(
    r"(?!(?:re)?(?:start|boot|load|size|deploy|roll|scal|patch|upgrad|updat|fail|maint|migrat|chang|clean|switch))"
    r"(?P<name>[a-z][\w.-]*)(?: (?P<version>[vr]?\d[\w+-]*(?:\.[\w+-]+)+))?",
    re.IGNORECASE,
)
_RELEASED = re.compile(r"(?:[vr]?\d+(?:\.\d+)+)(?=$|[\s,:;])")
_OF_MACHINES = re.compile(r"virtual machine|v?motion|\besxi?\b|\besxi?-|mainboard|hypervisor|live migration", re.IGNORECASE)  # fmt: skip
_SHIPS = re.compile(r"release|version|deploy|roll-?out|\bhotfix\b", re.IGNORECASE)
_APART = 30 * 1_000_000_000  # nanoseconds on average between entries: a log has more
_DATED = 0.8  # of the entries have a time that can be read, at least
_NONE = Reference(UTC, 4_102_444_800_000_000_000)


def recognise(given: Input) -> Claim | None:
    """A header with a time and what was done, and a person, a release or the file's name for it; entries are rare."""
    found = first_rows(given.head)
    if found is None:
        return None
    rows = [folded_row(found.names, row) for row in found.rows]
    if rows[0].keys() & set(_LOGGED):
        return None
    times = [_moment(row, _TIMES, _NONE) for row in rows]
    reported = all(_LETTERS.search(text_of(row, _WHAT)) for row in rows)
    dated = [time for time in times if time]
    if len(dated) < _DATED * len(times) or not reported or not rare(dated, _APART):
        return None
    called = bool(_CALLED.search(PurePath(given.name).stem))
    vouched = [
        any(name in rows[0] for name in known) for known in (_WHO, (*_REVISIONS, *_VERSIONS), _SYSTEMS)
    ]
    if sum((called, *vouched)) < 2:
        return None
    return Claim("change calendar", 0.88, f"{len(rows)} entries of when, what, and of what or by whom")


def decode(given: Input, claim: Claim, settings: Settings) -> Decoded:
    """A change for each entry."""
    del claim
    return entries(given, settings, lambda row, reference: [_row(row, reference)])


def _moment(row: Folded, columns: Sequence[str], reference: Reference) -> int:
    """The time in the first of these columns; one whose heading ends in `utc` is so, whatever zone is passed in."""
    if said := text_of(row, [f"{name}utc" for name in columns]):
        return moment_of(said, replace(reference, zone=UTC))
    return moment_of(text_of(row, columns), reference)


def _row(row: Folded, reference: Reference) -> Row:
    time = _moment(row, _TIMES, reference)
    title = text_of(row, _WHAT)
    if not time:
        raise ValueError(not_a_time(text_of(row, _TIMES), reference))
    if not title:
        raise ValueError("it does not say what was done")
    system, notes = text_of(row, _SYSTEMS), text_of(row, _NOTES)
    written, stated = text_of(row, _REVISIONS) or notes, text_of(row, _VERSIONS)
    revision = written if _SHA.fullmatch(written.lower()) else ""
    version = stated or version_in(title)
    thing = _THING.fullmatch(title) if not system else None
    if thing and (thing["version"] or notes):
        system, title = thing["name"], "" if notes == revision else notes
        stated = stated or thing["version"] or (one[0] if (one := _RELEASED.match(notes)) else "")
        version = stated
    elif notes and notes != revision:
        title = f"{title}: {notes}"
    version = version or revision
    if not system and (stated or revision) and (found := _NAME.match(title)):
        system = found[0]  # the column that says what names the service that was released
    service = system if _NAME.fullmatch(system) else ""
    if service and version and kind_of(title):
        title = ""  # a mere word for its kind: the service and its version tell more
    return change(
        _kind(system, title, released=bool(revision or stated)), time, until=_moment(row, _ENDS, reference), id=text_of(row, _IDS), title=title if service == system else f"{title}: {system}", service=service,
        actor=text_of(row, _WHO), version=version, state=text_of(row, _STATES), source="change calendar",
        attributes={"vcs.ref.head.revision": revision, "change.reference": "" if revision else text_of(row, _REVISIONS)},
    )  # fmt: skip


def _kind(system: str, title: str, *, released: bool) -> str:
    if _OF_MACHINES.search(f"{system} {title}"):
        return "infrastructure"
    if released or (_SHIPS.search(title) and version_in(title)):
        return "deploy"
    return kind_of_title(title) or kind_of(system) or kind_of_title(system) or "config"


SOURCE = Source("change_calendars", frozenset({Signal.CHANGES}), recognise, decode)
