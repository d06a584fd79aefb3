"""A machine whose network loses packets: all that runs on it, and all who ask it, are its victims."""

from lastgood.algorithms.blame import Suspicion
from lastgood.inspections.culprit.weights import LINK_LOSES
from lastgood.model.figures import amount
from lastgood.model.judgement import Reason
from lastgood.readings.case import Case
from lastgood.readings.lossy_links import LINK_UNPLACED, lossy_links
from lastgood.readings.suspicions import Suspicions


def lossy_suspicions(case: Case) -> Suspicions:
    """A suspicion against each machine that drops or repeats packets while its peers do not."""
    links, evidence = lossy_links(case)
    found = [
        Suspicion(
            one.machine, "infrastructure", why.ratio, why.reported, component=one.machine, damage=one.bad
        )
        for one in links
        for why in [
            Reason(
                LINK_LOSES,
                scale=1.0 if one.serves else LINK_UNPLACED,
                metric=one.metric,
                good=amount(one.good),
                bad=amount(one.bad),
                peers=one.peers,
            )
        ]
    ]
    return Suspicions(tuple(found), evidence)
