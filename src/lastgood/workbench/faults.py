"""Faults: unexpected exceptions, in words. They cost the one thing at hand, never what stands beside it."""

from lastgood.config import debugging

_LONGEST = 200


def fault_of(fault: Exception) -> str:
    """The words for a fault of ours, to be reported with what it cost. When debugging it is raised instead."""
    if debugging():
        raise fault
    text = " ".join(str(fault).encode("utf-8", "replace").decode().split())[:_LONGEST]
    return f"a fault of Lastgood: {type(fault).__name__}{f': {text}' if text else ''}"
