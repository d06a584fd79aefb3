"""What the doctor found, as a table of lines and as JSON."""

from collections.abc import Sequence
from typing import Any

from lastgood.model.diagnosis import Diagnosis, Health
from lastgood.model.figures import counted
from lastgood.surfaces.wording import PLAIN

_MARKS = {Health.GOOD: "ok     ", Health.DOUBTFUL: "warning", Health.BROKEN: "error  "}


def doctor_text(found: Sequence[Diagnosis]) -> str:
    """A line for each check, what to do below it, and the sum."""
    lines = []
    for one in found:
        lines.append(f"{_MARKS[one.health]}  {one.what}: {one.sentence}")
        if one.remedy:
            lines.append(f"         {one.remedy}")
    broken, doubtful = (
        sum(one.health is health for one in found) for health in (Health.BROKEN, Health.DOUBTFUL)
    )
    lines.append(f"{counted(broken, 'error')}, {counted(doubtful, 'warning')}")
    return "\n".join(lines).translate(PLAIN) + "\n"


def doctor_document(found: Sequence[Diagnosis]) -> dict[str, Any]:
    """The same as JSON values."""
    checks = [
        {"what": one.what, "health": one.health.value, "sentence": one.sentence, "remedy": one.remedy or None}
        for one in found
    ]
    return {"usable": not doctor_exit(found), "checks": checks}


def doctor_exit(found: Sequence[Diagnosis]) -> int:
    """1 where one is an error."""
    return int(any(one.health is Health.BROKEN for one in found))
