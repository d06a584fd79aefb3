"""A version that the failing requests name: it may be of a deploy that no feed reported."""

from lastgood.model.answers import BlastRadius
from lastgood.model.attributes import VERSIONS
from lastgood.model.figures import percent


def of_a_version(radius: BlastRadius | None) -> str:
    """`100 % of failures have service.version=v2`; empty where the first segment names no version."""
    for segment in radius.segments[:1] if radius else ():
        for name, value in segment.where.items():
            if name in VERSIONS:
                return f"{percent(segment.share_of_failures)} of failures have {name}={value}"
    return ""
