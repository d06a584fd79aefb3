"""Files by mapping: records that no source recognises, decoded as a mapping file says."""

from collections.abc import Callable
from pathlib import PurePath

from lastgood.decoding.input import Claim, Decoded, Input, Settings
from lastgood.decoding.tables.mapping import FileMapping, FileRule
from lastgood.decoding.tables.ruled import decode_by
from lastgood.intake._registry import Source
from lastgood.model.signal import Signal

_SIGNALS = {
    "spans": Signal.SPANS, "logs": Signal.LOGS, "metrics": Signal.METRICS, "changes": Signal.CHANGES,
    "alerts": Signal.ALERTS, "calls": Signal.SPANS, "adjacency": Signal.SPANS,
}  # fmt: skip


def claimed(mapping: FileMapping, given: Input) -> tuple[Source, Claim] | None:
    """The source that reads a file by a mapping, None when no rule is for it."""
    rules = mapping.rules_for(PurePath(given.name).as_posix())
    if not rules or (given.path is not None and given.path.is_dir()):
        return None
    kinds = ", ".join(dict.fromkeys(rule.kind for rule in rules))
    because = f"{mapping.path.name} says so in {', '.join(rule.table for rule in rules)}"
    source = Source(
        "mapping",
        frozenset(_SIGNALS[rule.kind] for rule in rules),
        lambda _: None,
        _decoder(rules),
    )
    return source, Claim(f"mapped {kinds}", 1.0, because)


def _decoder(rules: tuple[FileRule, ...]) -> Callable[[Input, Claim, Settings], Decoded]:
    return lambda given, _, settings: decode_by(rules, given, settings)
