"""Propose: a mapping to edit, for files under some paths that no source reads."""

import tempfile
from collections.abc import Collection, Iterable
from pathlib import Path

from lastgood.decoding.tables.proposing import proposed
from lastgood.workbench.inputs import STANDARD_INPUT, discover


def proposed_for(paths: Iterable[Path], unknown: Collection[str]) -> str:
    """The mapping for those inputs under the paths whose names are given; for all where none is."""
    with tempfile.TemporaryDirectory(prefix="lastgood-spool-") as spool:
        inputs = [
            given
            for given in discover((p for p in paths if str(p) != STANDARD_INPUT), Path(spool))
            if not given.problem
        ]
        return proposed([given for given in inputs if given.name in unknown or not unknown])
