"""What clears away what piles up: rotation by size, jobs that delete or prune, vacuums; whether an edit left less of it."""

import re
from collections.abc import Iterable, Iterator

from lastgood.algorithms.diffs.kinds import Effect, EffectKind
from lastgood.algorithms.diffs.parts import Edits
from lastgood.algorithms.diffs.unified import Line

_CLEARS = re.compile(
    r"\blogrotate\b|^\s*(max)?size\s+\d+\w*\s*$|\bmaxsize\b|\btmp(reaper|watch)\b|-delete\b|--vacuum|\bprune\b|\bpurge\b"
    r"|\bcleanup\b|SystemMaxUse|max_?(log|file)_?size",
    re.IGNORECASE,
)


# Programs call other things so; in crontabs, units, shell scripts and settings these words are commands.
_COMMANDS = re.compile(
    r"(^|/)[^/.]+$|\.(sh|bash|conf|cfg|cron|service|timer|ya?ml|toml|ini|json|d/[^/]+)$", re.IGNORECASE
)


def clearing_effects(edits: Edits) -> Iterator[Effect]:
    """That fewer lines than before clear something away; a line that has moved counts on both sides."""
    if not _COMMANDS.search(edits.hunk.path):
        return
    lost, got = (_clearing(edits.hunk.lines, sign) for sign in "-+")
    if len(lost) > len(got):
        text = lost[0].text.strip()
        yield Effect(EffectKind.CLEARING_REMOVED, edits.hunk.path, text[:160], lost[0].number, text[:120])


def _clearing(lines: Iterable[Line], sign: str) -> list[Line]:
    return [
        line
        for line in lines
        if line.sign == sign and not line.text.lstrip().startswith("#") and _CLEARS.search(line.text)
    ]
