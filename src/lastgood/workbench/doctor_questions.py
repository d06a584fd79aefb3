"""Doctor, questions: what each would lack, with what the store holds, and sources and named files give."""

from collections.abc import Iterator, Sequence

from lastgood.inspections._registry import inspections
from lastgood.model.diagnosis import Diagnosis, Health
from lastgood.model.signal import Holdings, Signal
from lastgood.workbench.doctor_sources import Examined


def examine_questions(sources: Sequence[Examined], holdings: Sequence[Holdings]) -> Iterator[Diagnosis]:
    """What each question would lack, with what the store holds and the sources give."""
    there = {signal for one in sources for signal in one.gives} | {
        signal for held in holdings for signal in held.signals
    }
    lacking = [one for one in inspections() if one.handed is None and one.needs and not one.needs & there]
    for needed in dict.fromkeys(one.needs for one in lacking):
        names, needs = [one.name for one in lacking if one.needs == needed], " or ".join(sorted(needed))
        yield Diagnosis(
            f"question{'s' if len(names) > 1 else ''} {', '.join(names)}",
            Health.DOUBTFUL,
            f"cannot be answered without {needs}",
            f"Add a source of {needs}, name files of it, or send it: lastgood serve.",
        )
    for signal in Signal:
        if signal not in there and not any(signal in one.needs for one in lacking):
            yield Diagnosis(
                f"signal {signal}",
                Health.DOUBTFUL,
                f"no {signal} in any source, named file or store",
                _LACK[signal],
            )
    if there == set(Signal):
        yield Diagnosis("questions", Health.GOOD, f"all {len(inspections())} have what they need")


_LACK = {
    Signal.CHANGES: "Add a source of deploys, or report them: without them what changed cannot be answered.",
    Signal.ALERTS: "Add a source of alerts: without it detection times are unknown.",
    Signal.LOGS: "Add a source of logs: without it errors have no text.",
    Signal.SPANS: "Add a source of traces: without it the failing hop is a guess.",
    Signal.METRICS: "Add a source of metrics: without it saturation is unknown.",
}
