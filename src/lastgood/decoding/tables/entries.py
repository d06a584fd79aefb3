"""Entries of tables that people or ticket systems keep: each row under its header's folded names, and what its words mean."""

import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress

from lastgood.algorithms.time_words import month_of
from lastgood.algorithms.timestamps import Reference
from lastgood.decoding.change import Row
from lastgood.decoding.input import REJECT_TEXT, Decoded, Input, Reject, Settings, Tally
from lastgood.decoding.moments import moment
from lastgood.decoding.rows import Rows
from lastgood.decoding.tables.records import Form, blocks
from lastgood.decoding.tables.tickets import first_rows
from lastgood.decoding.text.whose import reference_for

_KIND_OF_TITLE = (
    (re.compile(r"virtual machine|\bv?motion\b|\bVmMigrat|\bDrsVm|MaintenanceMode|\bq?migrate:?\b.{0,12}\b\d{3}\b|live migration|hypervisor|\besxi?\b|mainboard", re.IGNORECASE), "infrastructure"),
    (re.compile(r"\b(?:deploy|releas|roll(?:ed)? ?(?:out|back)|upgrad|ship|promot)", re.IGNORECASE), "deploy"),
    (re.compile(r"\b(?:migrat|schema|alter table|database column)", re.IGNORECASE), "migration"),
    (re.compile(r"certificate|\btls\b|\bssl\b", re.IGNORECASE), "certificate"),
    (re.compile(r"\bdns\b", re.IGNORECASE), "dns"),
    (re.compile(r"feature.?flag|toggle", re.IGNORECASE), "flag"),
    (re.compile(r"\bscal(?:e|ing)\b|replicas|capacity", re.IGNORECASE), "scaling"),
    (re.compile(r"firewall|router|switch\b|\bvpn\b|network|patch|server|storage|kernel|hardware|hypervisor", re.IGNORECASE), "infrastructure"),
)  # fmt: skip
_VERSION = re.compile(r"(?<![\w.])v?\d+(?:\.\d+)+(?:[-+]\w+)?(?![\w.])|(?<![\w.])v\d+(?![\w.])")
_DEPLOYS = re.compile(r"deploy|releas|roll-?(?:out|back)|publish|promot|\bship", re.IGNORECASE)
_BUILDS = re.compile(r"(?<![^\W_])(?:unit|integration|tests?|testing|lint|build|compile|ci|e2e|coverage)(?![^\W_])", re.IGNORECASE)  # fmt: skip
_SHORT_CLOCK = re.compile(r"(?<=[ T]\d)\d?:\d\d(?=$| ?[AaPp][Mm]$)|(?<=[ T])\d:\d\d(?=$| ?[AaPp][Mm]$)")
_DAY_FIRST = re.compile(
    r"(?P<day>\d\d?)[/ -](?P<month>[^\W\d_]{3,12})\.?[/ -](?P<year>\d{4}|\d\d) (?P<clock>.+)"
)

Folded = Mapping[str, str]


def entries(given: Input, settings: Settings, made: Callable[[Folded, Reference], Sequence[Row]]) -> Decoded:
    """What each row becomes; a row that `made` raises ValueError for is rejected with its words.

    The reference says how times without a zone or year are read.
    """
    found = first_rows(given.head)
    if found is None:
        return
    reference, table = reference_for(given, settings), Rows()
    with given.open() as stream:
        for block in blocks(
            stream,
            Form("csv", found.delimiter, header_rows=0, skip_rows=found.header_lines, columns=found.columns),
        ):
            for place, values in zip(
                block.places, zip(*(block.columns[name] for name in found.columns), strict=True), strict=True
            ):
                try:
                    for row in made(folded_row(found.names, values), reference):
                        table.add(*row, place)
                except ValueError as wrong:
                    yield Reject(place, f"not understood: {wrong}", ", ".join(values)[:REJECT_TEXT])
                    yield Tally(lines=1)
                    continue
                yield Tally(1, 1)
            yield from block.rejects
            yield Tally(block.lines - len(block), 0, block.continuations, block.blanks)
            yield from table.full()
    yield from table.rest()


def folded_row(names: Sequence[str], row: Sequence[str]) -> Folded:
    """The texts by their folded names; of columns with one name the texts together."""
    fields: dict[str, str] = {}
    for name, text in zip(names, row, strict=False):
        bare = re.sub(r"^custom field \((.*)\)$", r"\1", name.strip(), flags=re.IGNORECASE)
        key = "".join(c for c in bare.lower() if c.isalnum())
        known = fields.get(key, "")
        fields[key] = f"{known}, {text.strip()}" if known and text.strip() else known or text.strip()
    return fields


def text_of(row: Folded, names: Sequence[str]) -> str:
    """The first text of columns of these names; empty where none has one."""
    return next((row[name] for name in names if row.get(name)), "")


def kind_of_title(title: str) -> str:
    """The kind of change that a title's words tell of; empty where they tell none."""
    return next((kind for looks, kind in _KIND_OF_TITLE if looks.search(title)), "")


def only_builds(name: str) -> bool:
    """Whether what ran is called a build or a test, and nothing that deploys."""
    return bool(_BUILDS.search(name)) and not deploys(name)


def deploys(name: str) -> bool:
    """Whether a name has a word for bringing something into use."""
    return bool(_DEPLOYS.search(name))


def version_in(title: str) -> str:
    """The version that a title names, or nothing."""
    found = _VERSION.search(title)
    return found[0] if found else ""


def rare(times: Sequence[int], apart: int) -> bool:
    """Whether entries are at least so many nanoseconds apart on average, as people make them; so few as three tell nothing."""
    return len(times) < 4 or max(times) - min(times) >= apart * len(times)


def moment_of(text: str, reference: Reference) -> int:
    """Nanoseconds of a time, which need not have seconds; 0 where there is none."""
    written = text.partition(",")[0] if text.count(":") > 3 else text
    written = _SHORT_CLOCK.sub(lambda found: f"{found[0]}:00", written.strip())
    if (found := _DAY_FIRST.fullmatch(written)) and (month := month_of(found["month"])):
        year = found["year"] if len(found["year"]) > 2 else f"20{found['year']}"
        written = f"{year}-{month:02}-{int(found['day']):02} {found['clock']}"
    with suppress(ValueError):
        return moment(written, reference) if written else 0
    return 0
