"""Payloads as JSON values and back, by the types that their fields declare."""

from typing import Any

import msgspec

from lastgood.model.entry import KINDS, Payload, Unread


def stored(payload: Payload) -> dict[str, Any]:
    """The JSON values of a payload; one of an unknown kind gives back what was read.

    Raises:
        TypeError, ValueError: it would not come back as it is, such as a number that is not one.
    """
    if isinstance(payload, Unread):
        return dict(payload.content)
    content: dict[str, Any] = msgspec.to_builtins(payload)
    # Through the encoder, for that is what will be read: it turns NaN into null.
    back = read(payload.kind, msgspec.json.encode(content))
    if back != payload:
        raise ValueError(f"An entry must come back as it was written: {payload} came back as {back}.")
    return content


def read(kind: str, content: str | bytes) -> Payload:
    """The payload of stored JSON; `Unread` for a kind of a newer version. Unknown fields are passed over.

    Raises:
        ValueError: the values are not those of the kind; says which.
    """
    known = KINDS.get(kind)
    try:
        if known is None:
            return Unread(kind, msgspec.json.decode(content, type=dict[str, Any]))
        return msgspec.json.decode(content, type=known)
    except msgspec.DecodeError as problem:
        raise ValueError(f"not of the kind {kind}: {problem}") from problem
