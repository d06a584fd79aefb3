"""Together: many small texts of one layout, decoded at once.

A call of the column engine costs as much for three lines as for thousands. So small texts of one plan are put one after
the other, read in one go, and what came of them is taken apart. It is what each would give alone, as no line depends on
one of another text: the first line of every text begins an event. A text of which that is not so is decoded alone.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np
import numpy.typing as npt

from lastgood.algorithms.timestamps import Reference
from lastgood.decoding.input import Batch, Input, Reject, Settings, Tally
from lastgood.decoding.text.decoder import Decoder, owner, with_owners
from lastgood.decoding.text.lines import block_of, clean
from lastgood.decoding.text.plan import Plan

Rows = npt.NDArray[np.int64]
_BLANK = re.compile(rb"^[^\S\n]*$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Small:
    """An input that is in hand as a whole, and the lines of it that ought to begin an event."""

    given: Input
    begins: tuple[int, ...]


def decoded_together(
    smalls: Sequence[Small], plan: Plan, reference: Reference, settings: Settings
) -> Iterator[list[Batch | Reject | Tally] | None]:
    """What comes of each text, in their order; None for one that has to be decoded alone."""
    texts = [block_of(clean(small.given.head)).data for small in smalls]
    firsts = np.cumsum([0, *(text.count(b"\n") for text in texts)])
    decoder = Decoder(plan, reference, "", {})
    batches: list[tuple[Batch, Rows]] = []
    rejects: list[list[Reject]] = [[] for _ in texts]
    for item in chain(decoder.read(block_of(b"".join(texts))), decoder.end()):
        if isinstance(item, Reject):
            of = int(np.searchsorted(firsts, item.line - 1, "right")) - 1
            rejects[of].append(Reject(item.line - int(firsts[of]), item.reason, item.text))
        elif isinstance(item, Batch):
            batches.append((item, decoder.lines))
    parts = _taken_apart(batches, firsts, [owner(small.given, plan, settings) for small in smalls])
    for small, text, bad, (own, begun) in zip(smalls, texts, rejects, parts, strict=True):
        if begun != small.begins:
            yield None
            continue
        lines, blanks = text.count(b"\n"), len(_BLANK.findall(text, 0, len(text) - 1))
        yield [*own, *bad, Tally(lines, len(begun), lines - len(begun) - blanks - len(bad), blanks)]


def _taken_apart(
    batches: Sequence[tuple[Batch, Rows]], firsts: Rows, owners: Sequence[tuple[str, dict[str, str]]]
) -> list[tuple[list[Batch], tuple[int, ...]]]:
    """The batches of each text with its own service and resource, and the lines of it on which events begin."""
    parts: list[tuple[list[Batch], tuple[int, ...]]] = [([], ()) for _ in owners]
    for batch, lines in batches:
        of = np.searchsorted(firsts, lines, "right") - 1
        services, resources = zip(*(owners[text] for text in of), strict=True)
        rows = with_owners(batch.rows, list(services), resources)
        bounds = np.searchsorted(of, np.arange(len(owners) + 1))
        for text in np.unique(of).tolist():
            start, end = int(bounds[text]), int(bounds[text + 1])
            own, begun = parts[text]
            own.append(Batch(batch.table, rows.slice(start, end - start)))
            parts[text] = own, (*begun, *(lines[start:end] - firsts[text]).tolist())
    return parts
