"""Elements: what the lists in JSON documents hold, also of documents that are cut off or hold a value that cannot be read."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import IO, Any

import orjson

from lastgood.decoding.input import REJECT_TEXT, Reject
from lastgood.decoding.whole import pieces

_SPACE = re.compile(r"\s*")


def elements_of(stream: IO[bytes], path: str = "") -> Iterator[Any]:
    """The elements of the documents in a stream, as `elements` finds them; raises as `pieces` does."""
    before = 0
    for piece in pieces(stream):
        for element in elements(piece, path):
            moved = before and isinstance(element, Reject)
            yield replace(element, line=element.line + before) if moved else element
        before += piece.count(b"\n")


def elements(content: bytes, path: str = "") -> Iterator[Any]:
    """The elements of the lists at a dotted path of the JSON documents in the bytes.

    There may be one document, one a line, or several end to end; one without a list at the path is
    an element itself when no path is asked for. Of a document that is cut off come the elements that
    are whole, then a Reject.
    """
    try:
        document = orjson.loads(content)
    except orjson.JSONDecodeError as problem:
        yield from _end_to_end(content.decode("utf-8", "replace"), path, str(problem))
    else:
        yield from _listed(document, path)


def _listed(document: Any, path: str) -> Iterator[Any]:
    for key in filter(None, path.split(".")):
        document = document.get(key) if isinstance(document, dict) else None
    if document is None:
        yield Reject(1, f"the document has no {path}" if path else "the document is null", "")
    elif isinstance(document, list):
        yield from document
    else:
        yield document


def _end_to_end(text: str, path: str, problem: str) -> Iterator[Any]:
    """Documents one after the other; a bad line among lines costs only itself."""
    by_lines = _document_at(text, 0, text.find("\n")) is not None
    place = 0
    while place < len(text):
        end = text.find("\n", place)
        end = len(text) if end < 0 else end
        if not text[place:end].strip():
            place = end + 1
            continue
        found = _document_at(text, place, end) or _document_at(text, place, None)
        if found is not None:
            document, place = found
            yield from _listed(document, path)
        elif by_lines:
            line = text.count("\n", 0, place) + 1
            yield Reject(line, "not JSON", text[place:end][:REJECT_TEXT])
            place = end + 1
        else:
            yield from _salvaged(text[place:], path, problem)
            return


def _document_at(text: str, place: int, end: int | None) -> tuple[Any, int] | None:
    """The document that a line is (up to `end`), or that begins here, and where it ends."""
    try:
        if end is None:
            place = _SPACE.match(text, place).end()  # type: ignore[union-attr]  # it matches nothing, too
            _, end = json.JSONDecoder().raw_decode(text, place)
        return orjson.loads(text[place:end]), end
    except (ValueError, RecursionError):
        return None


def _salvaged(text: str, path: str, problem: str) -> Iterator[Any]:
    place = text.find(f'"{path.rsplit(".", 1)[-1]}"') if path else 0
    place = text.find("[", max(place, 0)) + 1
    count = 0
    decoder = json.JSONDecoder()
    while place > 0:
        while place < len(text) and text[place] in " \t\r\n,":
            place += 1
        count += 1
        try:
            _, end = decoder.raw_decode(text, place)
            element = orjson.loads(text[place:end])
        except (ValueError, RecursionError):
            passed = _passed(text, place)
            if passed is None:
                count -= 1
                break
            element, end = (
                Reject(count, "not a value that can be read", text[place:passed][:REJECT_TEXT]),
                passed,
            )
        place = end
        yield element
        if text[place : place + 64].lstrip().startswith("]"):
            return
    yield Reject(count + 1, f"not JSON: {problem}", text[max(place, 0) :][:REJECT_TEXT])


_BRACKETS = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\]]')


def _passed(text: str, place: int) -> int | None:
    """The end of an object that cannot be read, by its brackets; None where it has none."""
    depth = 0
    if text[place : place + 1] != "{":
        return None
    for found in _BRACKETS.finditer(text, place):
        depth += {"{": 1, "[": 1, "}": -1, "]": -1}.get(found[0], 0)
        if depth == 0:
            return found.end()
    return None
