"""Faults: unexpected exceptions, in words. They cost the one thing at hand, never what stands beside it."""

from lastgood.config import debugging

_LONGEST = 200
_UNLIKE = (KeyError, TypeError, AttributeError, ValueError, IndexError)  # of a document of another shape


def fault_of(fault: Exception) -> str:
    """The words for a fault of ours, to be reported with what it cost. When debugging it is raised instead."""
    if debugging():
        raise fault
    text = " ".join(str(fault).encode("utf-8", "replace").decode().split())[:_LONGEST]
    return f"a fault of Lastgood: {type(fault).__name__}{f': {text}' if text else ''}"


def missing_of(fault: Exception, sent: str) -> str:
    """What an answer of another system lacks; `sent` says what the answer was. Other exceptions are faults of ours."""
    words = fault_of(fault)
    if not isinstance(fault, _UNLIKE):
        return words
    lacking = (
        f"{fault.args[0]!r:.60} is missing"
        if isinstance(fault, KeyError) and fault.args
        else "a part is missing"
    )
    return f"{lacking}; {sent}" if sent else lacking
