"""A release in words."""

import re
from dataclasses import replace

from lastgood.model.release import CarriedCommit, RankedCommit, Release, RiskReason
from lastgood.surfaces.release import release_document, release_markdown, release_text
from records import START

COMMIT = CarriedCommit("0123456789abcdef", START, "shop", "one | price", "kim", ("a.py",), 1, 0, "")
FOUND = Release(
    "d2", "shop", "v2", "v1", START, (RankedCommit(COMMIT, 6.0, (RiskReason(5, "touches the failing code: a.py"),), ("a.py",)),),
    True, 1, ("no diff",),
)  # fmt: skip


def test_reasons_are_in_every_format() -> None:
    """A bar in a title does not break the table; what is not known is said."""
    text, markdown, document = release_text(FOUND), release_markdown(FOUND), release_document(FOUND)

    assert "shop v1 to v2, 1 commit" in text
    assert "FAILING PATH" in text
    assert "NOT KNOWN no diff" in text
    assert "| 6 | 0123456789 one \\| price | touches the failing code: a.py |" in markdown
    assert ["a.py"] == document["commits"][0]["failing_files"]


def test_the_time_of_a_tag_is_no_deploy() -> None:
    """A tag is set when a version is built."""
    assert ", deployed 20" in release_text(FOUND)
    assert ", tagged 20" in release_text(replace(FOUND, tagged=True))


def test_no_commit() -> None:
    """Is said, too."""
    empty = Release("d2", "shop", "v2", "", START, (), True, 0, ())

    assert "no commit of it is recorded" in release_text(empty)
    assert "No commit of it is recorded." in release_markdown(empty)


def test_a_title_is_no_markdown() -> None:
    """It is pasted into a pull request: no link, picture or tag of a commit's author."""
    commit = replace(COMMIT, commit_id="`<b>", title="[x](http://e) ![p](http://e) <img src=x>\n# y")
    found = replace(FOUND, service="<i>", commits=(replace(FOUND.commits[0], commit=commit),))
    plain = re.sub(r"\\.", "", release_markdown(found))

    assert not re.search(r"[\[<`]", plain)
    assert "# y" not in plain.splitlines()
