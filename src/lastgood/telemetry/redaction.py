"""Redaction of rows before they are stored: columns of text, and the values of attributes, in files and at the server alike.

RE2 looks for candidates in whole columns; only texts that have some are looked into, each different one once
(docs/decisions/0023). The key is a file beside the store, which only its owner can read.
"""

import os
import secrets
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from lastgood.algorithms.pseudonyms import Form, Named, Pseudonyms
from lastgood.model.redaction import Redacted

KEY = "redaction.key"
# Texts that people or programs wrote. Names of services, metrics and people who made a change are kept: they are what is asked for.
TEXTS = frozenset({"Body", "SpanName", "StatusMessage", "Title", "Url", "Summary", "Text"})
DIFF = "Diff"
_NAMES = r"(?i)passw|passphrase|pwd|secret|token|api[-_.]?key|access[-_.]?key|credential|authorization|cookie|x-api-key"
FIRST_TEXTS = 64  # texts that say which forms are to be expected
MOST_TOGETHER_BYTES = 64 << 20  # of a column whose chunks are copied into one
Counts = Counter[Redacted]


@dataclass
class Redactor:
    """Replaces what is personal or secret in rows, under one key. To be used by any thread."""

    pseudonyms: Pseudonyms
    _names: dict[str, Named] = field(default_factory=dict)

    def rows(self, table: pa.Table) -> tuple[pa.Table, Counts]:
        """The rows as they may be stored, and how many values were replaced, by kind."""
        counts = Counts()
        for place, name in enumerate(table.column_names if self.pseudonyms.kinds else ()):
            column = table.column(place)
            if name not in TEXTS and name != DIFF and not _of_attributes(column.type):
                continue
            given = _together(column)
            chunks = [self._column(chunk, counts, code=name == DIFF) for chunk in given]
            if any(new is not old for new, old in zip(chunks, given, strict=True)):
                table = table.set_column(place, name, pa.chunked_array(chunks, chunks[0].type))
        return table, counts

    def text(self, text: str) -> str:
        """One text as it would be stored."""
        return self.pseudonyms.replaced(text)

    def suspects(self, contents: Sequence[bytes]) -> list[bool]:
        """Of each of some bytes that hold texts, such as protobuf messages: whether something may have to be replaced.

        Ids are bytes by chance, so every tenth megabyte of spans looks as if it held an address.
        """
        if not self.pseudonyms.kinds:
            return [False] * len(contents)
        # Together: one after the other takes six times as long (measured).
        wanted = [*(one.quick for one in self._forms[""]), _NAMES, *map(_literally, self.pseudonyms.fields)]
        together = "|".join(f"(?:{one})" for one in wanted)
        found: list[bool] = pc.match_substring_regex(_in_place(contents), together).to_pylist()
        return found

    @cached_property
    def _forms(self) -> Mapping[str, Sequence[Form]]:
        of = self.pseudonyms
        return {"": of.forms(), "code": of.forms(code=True), "identity": of.forms(identity=True)}

    def _column(self, values: pa.Array, counts: Counts, *, code: bool) -> pa.Array:
        if pa.types.is_map(values.type):
            return self._attributes(values, counts)
        if pa.types.is_list(values.type):
            offsets, inner = _own(values, values.values)
            new = self._attributes(inner, counts)
            return values if new is inner else pa.ListArray.from_arrays(offsets, new)
        return self._texts(values, self._forms["code" if code else ""], counts)

    def _attributes(self, maps: pa.Array, counts: Counts) -> pa.Array:
        """Maps of texts to texts; the name of an attribute may say what its value is."""
        offsets, values = _own(maps, maps.items)
        keys = _own(maps, maps.keys)[1]
        names = keys.dictionary_encode()
        meant = [self._named(name) for name in names.dictionary.to_pylist()]
        items = values
        for one in dict.fromkeys(meant):
            if one.keep:
                continue
            indices = [at for at, other in enumerate(meant) if other == one]
            mask = (
                None if len(indices) == len(meant) else pc.is_in(names.indices, pa.array(indices, pa.int32()))
            )
            part = items if mask is None else items.filter(mask)
            new = (
                self._wholes(part, one.whole, counts)
                if one.whole
                else self._texts(part, self._forms["identity" if one.identity else ""], counts)
            )
            if new is not part:
                items = new if mask is None else pc.replace_with_mask(items, mask, new)
        return maps if items is values else pa.MapArray.from_arrays(offsets, keys, items)

    def _named(self, name: str) -> Named:
        found = self._names.get(name)
        if found is None:
            found = self._names[name] = self.pseudonyms.named(name)
        return found

    def _wholes(self, values: pa.Array, kind: Redacted, counts: Counts) -> pa.Array:
        encoded = values.dictionary_encode()
        old = _decoded(encoded.dictionary)
        new = [self.pseudonyms.whole(kind, one) for one in old]
        changed = {at for at, (one, other) in enumerate(zip(old, new, strict=True)) if one != other}
        if not changed:
            return values
        counts[kind] += sum(at in changed for at in encoded.indices.to_pylist())
        return _encoded(new).take(encoded.indices)

    def _texts(self, values: pa.Array, forms: Sequence[Form], counts: Counts) -> pa.Array:
        """Texts without values of the forms; each different text is looked into once."""
        mask = _any(values, forms)
        if not mask.any():
            return values
        encoded = values.filter(pa.array(mask)).dictionary_encode()
        often = np.bincount(encoded.indices.to_numpy(), minlength=len(encoded.dictionary))
        texts = _decoded(encoded.dictionary)
        places = dict(_places(encoded.dictionary, forms, np.arange(len(texts))))
        for form in filter(places.__contains__, forms):
            there = places[form]
            new = self.pseudonyms.in_all([texts[at] for at in there], form, _found)
            changed = [(at, text) for at, text in zip(there, new, strict=True) if text != texts[at]]
            for at, text in changed:
                texts[at] = text
            if changed:
                counts[form.kind] += int(often[[at for at, _ in changed]].sum())
        new_texts = _encoded(texts).take(encoded.indices).cast(values.type)
        return pc.replace_with_mask(values, pa.array(mask), new_texts)


def _found(texts: Sequence[str], quick: str) -> Sequence[int]:
    """Where an expression of RE2 first matches; in a text with other letters than ASCII, from its start on if at all."""
    places = pc.find_substring_regex(_encoded(texts), quick).to_pylist()
    return [place if place < 1 or text.isascii() else 0 for place, text in zip(places, texts, strict=True)]


def _any(texts: pa.Array, forms: Sequence[Form]) -> npt.NDArray[np.bool_]:
    """Which texts may hold a value of one of the forms."""
    if not forms or not len(texts):
        return np.zeros(len(texts), np.bool_)
    quick = "|".join(f"(?:{one.quick})" for one in forms)
    found = pc.fill_null(pc.match_substring_regex(texts, quick), fill_value=False)
    return np.asarray(found.to_numpy(zero_copy_only=False), np.bool_)


def _places(
    texts: pa.Array, forms: Sequence[Form], at: npt.NDArray[np.int64]
) -> Iterator[tuple[Form, npt.NDArray[np.int64]]]:
    """Which texts may hold which form: each one that the first texts hold apart, and all others together.

    Most rows of a program are alike, and a scan costs the same for one form as for all.
    """
    first = texts.slice(0, FIRST_TEXTS)
    seen = [one for one in forms if _any(first, [one]).any()]
    others = [one for one in forms if one not in seen]
    for one in seen:
        yield one, at[_any(texts, [one])]
    left = np.flatnonzero(_any(texts, others))
    if len(left):
        yield from _places(texts.take(left), others, at[left])


def _together(column: pa.ChunkedArray) -> list[pa.Array]:
    """The chunks of a column as one array, unless that is large: RE2 compiles the forms anew for each (3 ms, measured)."""
    small = column.num_chunks > 1 and column.nbytes <= MOST_TOGETHER_BYTES
    return [column.combine_chunks()] if small else column.chunks


def _own(lists: pa.Array, values: pa.Array) -> tuple[pa.Array, pa.Array]:
    """The offsets and values of a part of an array without those of the rest, which would be looked through with every part."""
    start, end = (lists.offsets[0].as_py(), lists.offsets[-1].as_py()) if len(lists) else (0, 0)
    return pc.subtract(lists.offsets, pa.scalar(start, pa.int32())), values.slice(start, end - start)


def _of_attributes(kind: pa.DataType) -> bool:
    return bool(pa.types.is_map(kind) or (pa.types.is_list(kind) and pa.types.is_map(kind.value_type)))


def _decoded(texts: pa.Array) -> list[str]:
    """Texts that may hold bytes that are no UTF-8, which are kept."""
    return [text.decode("utf-8", "surrogateescape") for text in texts.cast(pa.binary()).to_pylist()]


def _encoded(texts: Sequence[str]) -> pa.Array:
    return pa.array([text.encode("utf-8", "surrogateescape") for text in texts], pa.binary()).view(
        pa.string()
    )


def _in_place(contents: Sequence[bytes]) -> pa.Array:
    """Bytes as an array, joined once: to make it of a list takes ten times as long, and stops every other thread."""
    ends = np.cumsum([0, *map(len, contents)], dtype=np.int64)
    return pa.LargeBinaryArray.from_buffers(
        pa.large_binary(), len(contents), [None, pa.py_buffer(ends), pa.py_buffer(b"".join(contents))]
    )


def _literally(name: str) -> str:
    return "".join(
        letter if letter.isalnum() else f"[{letter}]" if letter not in "^\\]" else f"\\{letter}"
        for letter in name
    )


def key_in(folder: Path) -> bytes:
    """The key that is kept in a folder, made if there is none yet; only its owner can read it."""
    place = folder / KEY
    if not place.exists():
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        fresh = folder / f".{KEY}-{secrets.token_hex(8)}"
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(secrets.token_bytes(32))
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileExistsError):  # another process was first
            os.link(fresh, place)
        fresh.unlink()
    return place.read_bytes()
