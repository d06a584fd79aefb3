"""Callers that lack something of their own: a call that they cannot make for want of it is no fault of the callee."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from lastgood.algorithms.blame import Suspicion
from lastgood.algorithms.culprit_kinds import kind_of_trouble
from lastgood.algorithms.trouble_words import ANSWERED
from lastgood.inspections.culprit.weights import OWN_WANT_LEAST, OWN_WANT_TIMES
from lastgood.model.signal import Signal
from lastgood.readings.case import Case

# What systems answer a process itself: descriptors, ports, memory, threads and buffers of its own.
OWN_WANT = re.compile(
    r"too many open files|\bEMFILE\b|\bENFILE\b|cannot assign requested address|\bEADDRNOTAVAIL\b|cannot allocate memory|\bENOMEM\b"
    r"|unable to create (new )?native thread|can't start new thread|pthread_create failed|no buffer space available|\bENOBUFS\b",
    re.IGNORECASE,
)
_WORDS = [
    "open files",
    "mfile",
    "enfile",
    "requested address",
    "eaddrnotavail",
    "allocate memory",
    "enomem",
    "thread",
    "buffer space",
    "enobufs",
]
LINES = """
SELECT service, phase, leftUTF8(body, 400) AS said, count() AS n
FROM lg_lines WHERE phase != '' AND service != '' AND (severity = 0 OR severity >= 13)
AND multiSearchAnyCaseInsensitive(body, {words:Array(String)}) AND match(body, {want:String}) GROUP BY service, phase, said ORDER BY n DESC, service, phase, said LIMIT 5000"""


def wanting(case: Case) -> dict[str, str]:
    """Services that say more often than before that they lack something of their own, with what they say."""
    if not case.has(Signal.LOGS) or case.comparison is None:
        return {}
    good, bad, samples = dict[str, int](), dict[str, int](), dict[str, str]()
    for row in case.query(LINES, want=f"(?i){OWN_WANT.pattern}", words=_WORDS).dicts():
        if not ANSWERED.search(row["said"]):  # another's want, as that one reported it
            counted = bad if row["phase"] == "bad" else good
            counted[row["service"]] = counted.get(row["service"], 0) + row["n"]
            samples.setdefault(row["service"], row["said"])
    scale = case.comparison.bad.seconds / max(case.comparison.good.seconds, 1.0)
    return {
        name: samples[name]
        for name, n in bad.items()
        if n >= max(OWN_WANT_LEAST, OWN_WANT_TIMES * scale * good.get(name, 0))
    }


def of_callers(found: Iterable[Suspicion], wants: dict[str, str]) -> Iterator[Suspicion]:
    """The same, but a call that is made no more is held against a caller that lacks what it takes to make it."""
    for one in found:
        said = wants.get(one.reporter)
        if said is None:
            yield one
        else:
            lacking = OWN_WANT.search(said)
            because = f"{one.because}; {one.reporter} itself says “{lacking[0] if lacking else said}”"
            yield replace(
                one, service=one.reporter, kind=kind_of_trouble(said, one.kind), because=because, caught=False
            )
