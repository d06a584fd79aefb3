"""Whether a fix holds, in words and as JSON."""

from typing import Any

from lastgood.model import figures
from lastgood.surfaces.wording import PLAIN
from lastgood.workbench.fixed import Fixed

_VERDICTS = {True: "FIXED", False: "NOT FIXED", None: "NOT SHOWN TO BE FIXED"}
_MARKS = {True: "yes", False: "no", None: "unknown"}


def fixed_text(found: Fixed) -> str:
    """The verdict, each condition, and what to do next."""
    lines = [_VERDICTS[found.verdict]]
    lines += [f"  {_MARKS[one.met]:<8} {one.name}: {one.because}" for one in found.checks]
    if found.verdict:
        lines += [
            "NEXT      record it, in your words:",
            "          lastgood incident resolve 'what fixed it'",
        ]
    return "".join(f"{line}\n" for line in lines).translate(PLAIN)


def fixed_document(found: Fixed) -> dict[str, Any]:
    """The same as JSON values."""
    return {
        "fixed": found.verdict,
        "checks": [
            {"name": one.name, "met": one.met, "because": figures.spaced(one.because)} for one in found.checks
        ],
    }


def fixed_exit(found: Fixed) -> int:
    """0 fixed, 1 not fixed, 3 not shown."""
    return {True: 0, False: 1, None: 3}[found.verdict]
