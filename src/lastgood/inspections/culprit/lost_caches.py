"""Caches that answer less than they did, while no more requests arrive: what lies behind is a victim."""

from lastgood.algorithms.blame import Sign, Suspicion
from lastgood.inspections.culprit.weights import CACHE_LOST, CACHE_LOST_SCALE
from lastgood.model.judgement import Reason
from lastgood.readings.caches import emptied_caches
from lastgood.readings.case import Case
from lastgood.readings.suspicions import Suspicions, grown


def cache_suspicions(case: Case) -> Suspicions:
    """A suspicion against each cache that lets through what it used to answer."""
    caches, evidence = emptied_caches(case)
    return Suspicions(
        tuple(
            Suspicion(one.service, "cache", why.ratio, why.reported, sign=Sign.USED, component="cache", damage=one.through)
            for one in caches
            for why in [
                Reason(
                    CACHE_LOST, scale=grown(one.through - 1, CACHE_LOST_SCALE), before=one.before, now=one.now,
                    service=one.service, through=one.through,
                )
            ]
        ),
        evidence,
    )  # fmt: skip
