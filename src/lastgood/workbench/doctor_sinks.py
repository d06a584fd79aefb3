"""Doctor, sinks: whether each could be sent to tonight, found out without anything that people would see."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from lastgood.config import AnySink
from lastgood.model.clock import Clock
from lastgood.model.diagnosis import Diagnosis, Health
from lastgood.outside.sinks.failure import NotSentError
from lastgood.outside.sinks.made import made
from lastgood.workbench.faults import fault_of

SINKS_AT_ONCE = 8


def examine_sinks(sinks: Sequence[AnySink], clock: Clock) -> list[Diagnosis]:
    """Every sink, several at once, in their order."""
    with ThreadPoolExecutor(SINKS_AT_ONCE) as pool:
        return list(pool.map(lambda one: _examined(one, clock), sinks))


def _examined(sink: AnySink, clock: Clock) -> Diagnosis:
    what = f"sink {sink.name} ({sink.__struct_config__.tag})"
    try:
        return Diagnosis(what, Health.GOOD, made(sink, clock).reach())
    except NotSentError as problem:
        return Diagnosis(
            what, Health.BROKEN, str(problem), "Check its address, its secret and what it may do."
        )
    except Exception as fault:  # noqa: BLE001 - whatever one does, the others are examined
        return Diagnosis(what, Health.BROKEN, fault_of(fault), "Check its settings.")
