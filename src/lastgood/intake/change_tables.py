"""Changes as a table: delimited text with a header that names when, and what kind or which version of what service."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC

from lastgood.decoding.change import KINDS
from lastgood.decoding.input import Claim, Decoded, Input, Settings
from lastgood.decoding.tables.headed import are_times, rule_of, sampled
from lastgood.decoding.tables.mapping import FileRule, Pick, Picks
from lastgood.decoding.tables.ruled import decode_by
from lastgood.decoding.text.fields import meaning
from lastgood.intake._registry import Source
from lastgood.model.signal import Signal

# Most telling first; case, `_`, `-` and blanks do not count.
_NAMES: Mapping[str, str] = {
    "time": "time timestamp ts at when date datetime deployedat startedat createdat start starttime started",
    "end": "until end endedat finishedat completedat endtime finished ended",
    "service": "service servicename app application component project repo repository",
    "kind": "kind type changetype eventtype category",
    "title": "title summary description change what name message",
    "actor": "actor author user username by deployedby who owner",
    "version": "version newversion toversion tag release imagetag",
    "previous_version": "previousversion oldversion fromversion previous",
    "id": "id changeid deploymentid deployid number",
    "state": "state status result outcome",
    "flag": "flag flagkey featureflag",
    "url": "url link",
}
_SPELT = {
    spell(word): kind
    for word, kind in KINDS.items()
    for spell in (str.lower, str.capitalize, str.title, str.upper)
}
_LOGGED = frozenset({"Body", "SeverityText", "TraceId"})


def recognise(given: Input) -> Claim | None:
    """A header with a time, and kinds of change in every row, or services and their versions and no log line."""
    found = sampled(given.head)
    if found is None:
        return None
    _, columns = found
    fields = _fields(columns)
    if "time" not in fields or not are_times(columns[fields["time"]]):
        return None
    if "kind" in fields and all(text in _SPELT for text in columns[fields["kind"]]):
        return Claim("change table", 0.95, f"kinds of change in {fields['kind']}")
    logged = any(meaning(name).name in _LOGGED for name in columns)
    if "kind" in fields or logged or not {"service", "version"} <= fields.keys():
        return None
    if not all(columns[fields["version"]]):
        return None  # what has none is no deploy
    return Claim("change table", 0.9, f"services in {fields['service']}, versions in {fields['version']}")


def decode(given: Input, claim: Claim, settings: Settings) -> Decoded:
    """The changes; without a kind they are deploys."""
    del claim
    found = sampled(given.head)
    if found is not None:
        reported = _fields(found[1]).get("time", "").lower().endswith("utc")  # whatever zone is passed in
        yield from decode_by((_rule(*found),), given, replace(settings, zone=UTC) if reported else settings)


def _fields(columns: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """The column of each field that has one."""
    folded = {"".join(c for c in name.lower() if c.isalnum()).removesuffix("utc"): name for name in columns}
    named = {
        field: [folded[name] for name in names.split() if name in folded] for field, names in _NAMES.items()
    }
    return {field: found[0] for field, found in named.items() if found}


def _rule(delimiter: str, columns: Mapping[str, Sequence[str]]) -> FileRule:
    fields: dict[str, Picks] = {
        field: (Pick(columns=(name,)),) for field, name in _fields(columns).items() if field != "kind"
    }
    kind = _fields(columns).get("kind")
    if "title" not in fields and "version" in fields:
        fields["title"] = fields["version"]  # a row's number is no name for people
    fields["kind"] = (Pick(columns=(kind,), translate=_SPELT) if kind else Pick(constant="deploy"),)
    return rule_of("changes", delimiter, fields, rest=True)


SOURCE = Source("change_tables", frozenset({Signal.CHANGES}), recognise, decode)
