"""By how much requests are slow, and who is slow where others fail."""

from lastgood.model.answers import Impact


def slowness(impact: Impact) -> str:
    """`slower (p95 8 s, 319 ms before)`; `slower than usual` where it is not known by how much."""
    return f"slower ({impact.slower})" if impact.slower else "slower than usual"


def also_slow(impact: Impact, *, over: bool = False) -> str:
    """Who is slow where requests fail too: `others are slower (…)` only where those that did not fail are; or were."""
    be = "were" if over else "are"
    if impact.others_slower:
        return f"others {be} {slowness(impact)}"
    if impact.others_slower is None:
        return f"requests {be} {slowness(impact)}"
    takes = "failed took" if over else "fail take"
    return f"those that {takes} long (all together {impact.slower})"
