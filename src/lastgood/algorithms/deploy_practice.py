"""Deploy practice read from a change feed: review, staging check, gradual rollout and automatic roll-back of one change.

A field of the change that names a practice decides it. Else a staging check is a deploy of the same version to an environment
that is not production, and a review is a sign on each commit of the deploy (a merge, `Reviewed-by:`, a number of a pull request).
What is absent counts as missing only where the feed shows the like for another change: a feed that never shows it does not report it.
"""

import re
from collections.abc import Iterator, Sequence

from lastgood.model.attributes import ENVIRONMENTS, HEAD_REVISION, NOT_PRODUCTION
from lastgood.model.change import Change, ChangeKind
from lastgood.model.deploy_practice import Practice, Practised

# Names of fields, in lower case without anything that is no letter.
_FIELDS = {
    Practice.REVIEW: frozenset(
        "review reviewed reviewedby reviewer reviewers approved approvedby approver approvals approval pullrequest mergerequest".split()
    ),
    Practice.STAGING: frozenset(
        "staging stagingcheck stagingchecked stagingpassed checkedonstaging testedonstaging verifiedonstaging".split()
    ),
    Practice.GRADUAL: frozenset(
        "gradual gradualrollout progressive progressiverollout canary canaryrollout strategy rolloutstrategy deploymentstrategy".split()
    ),
    Practice.ROLLBACK: frozenset(
        "autorollback autorollbackenabled automaticrollback rollbackautomatic rollbackonfailure".split()
    ),
}
_NO = frozenset(
    {"", "0", "false", "no", "none", "null", "off", "skipped", "failed", "missing", "disabled", "denied", "rejected", "pending"}
)  # fmt: skip
_AT_ONCE = frozenset({"allatonce", "recreate", "bigbang", "replace", "inplace", "immediate", "full"})
_PART = re.compile(r"\bcanary\b|\bblue.?green\b|(?<![\d.])(?:[1-9]|[1-9]\d)(?:\.\d+)? ?%", re.IGNORECASE)
_MERGED = re.compile(
    r"^Merge (?:pull request #\d+|branch '.+' into )|\bSee merge request \S+!\d+|\(#\d+\)\s*$", re.MULTILINE
)
_SIGNED = re.compile(r"^(?:Reviewed|Approved|Acked)-by: ", re.IGNORECASE | re.MULTILINE)


def in_production(change: Change) -> bool:
    """Whether it was made in production, or does not say where."""
    return _environment(change) not in NOT_PRODUCTION


def practised(change: Change, feed: Sequence[Change]) -> Iterator[Practised]:
    """Each practice, of a change and the feed that reports it."""
    for practice in Practice:
        yield _by_field(change, practice) or _derived(change, practice, feed) or Practised(practice, None)


def _by_field(change: Change, practice: Practice) -> Practised | None:
    for name, value in change.attributes.items():
        if _letters(name) in _FIELDS[practice]:
            plain = value.strip().lower()
            done = plain not in _NO and _letters(plain) not in _AT_ONCE
            return Practised(practice, done, f"{name}: {value}")
    return None


def _derived(change: Change, practice: Practice, feed: Sequence[Change]) -> Practised | None:
    match practice:
        case Practice.REVIEW:
            return _reviewed(change, feed)
        case Practice.STAGING:
            return _staged(change, feed)
        case Practice.GRADUAL:
            return _gradual(change, feed)
        case _:
            return _absent(change, practice, feed)


def _reviewed(change: Change, feed: Sequence[Change]) -> Practised | None:
    commits = [one for one in feed if one.kind is ChangeKind.COMMIT]
    own = (
        [one for one in commits if one.within == change.change_id] if change.kind is ChangeKind.DEPLOY else []
    )
    if any(map(_is_merge, own)) or (own and all(map(_is_signed, own))):
        return Practised(Practice.REVIEW, done=True, because=f"its commits show a review: {own[0].name}")
    if own and any(_is_merge(one) or _is_signed(one) for one in commits):
        bare = next(one for one in own if not _is_signed(one))
        return Practised(Practice.REVIEW, done=False, because=f"a commit shows no review: {bare.name}")
    return _absent(change, Practice.REVIEW, feed)


def _staged(change: Change, feed: Sequence[Change]) -> Practised | None:
    """Whether the same was deployed elsewhere before; missing only where this service is deployed elsewhere at all."""
    elsewhere = [
        one
        for one in feed
        if one.kind is ChangeKind.DEPLOY and one.service == change.service and not in_production(one)
    ]
    if change.kind is not ChangeKind.DEPLOY or not elsewhere:
        return _absent(change, Practice.STAGING, feed)
    before = next(
        (one for one in elsewhere if one.at < change.at and one.took_effect and _same(one, change)), None
    )
    if before is not None:
        return Practised(Practice.STAGING, done=True, because=f"deployed to {_environment(before)} before")
    return Practised(
        Practice.STAGING, done=False, because=f"not deployed to {_environment(elsewhere[0])} before"
    )


def _gradual(change: Change, feed: Sequence[Change]) -> Practised | None:
    """Whether the feed names a part of it first: a canary, or a share of traffic."""
    of_it = (
        one
        for one in feed
        if one.kind is change.kind and one.service == change.service and _same(one, change)
    )
    part = next((one for one in (change, *of_it) if one.at <= change.until and _in_part(one)), None)
    if part is not None:
        return Practised(Practice.GRADUAL, done=True, because=part.name)
    if any(_in_part(one) for one in feed if one.kind is change.kind and one.service == change.service):
        return Practised(Practice.GRADUAL, done=False, because="no part of it went first")
    return _absent(change, Practice.GRADUAL, feed)


def _absent(change: Change, practice: Practice, feed: Sequence[Change]) -> Practised | None:
    """Missing where other changes of this kind have the field."""
    reported = any(one.kind is change.kind and one is not change and _by_field(one, practice) for one in feed)
    if not reported:
        return None
    return Practised(practice, done=False, because="other changes report it, this one does not")


def _same(one: Change, other: Change) -> bool:
    """Whether both are of one version or one revision."""
    revisions = one.attributes.get(HEAD_REVISION), other.attributes.get(HEAD_REVISION)
    return (bool(one.version) and one.version == other.version) or (
        bool(revisions[0]) and revisions[0] == revisions[1]
    )


def _in_part(one: Change) -> bool:
    return bool(_PART.search(f"{one.title} {_environment(one)}"))


def _is_merge(commit: Change) -> bool:
    return bool(_MERGED.search(_message(commit)))


def _is_signed(commit: Change) -> bool:
    return (
        bool(_SIGNED.search(_message(commit)))
        or _is_merge(commit)
        or _by_field(commit, Practice.REVIEW) is not None
    )


def _message(commit: Change) -> str:
    return f"{commit.title}\n{commit.attributes.get('message', '')}"


def _environment(change: Change) -> str:
    named = {name.lower(): value.lower() for name, value in change.attributes.items()}
    return next((named[name] for name in ENVIRONMENTS if name in named), "")


def _letters(text: str) -> str:
    return "".join(one for one in text.lower() if one.isalpha())
