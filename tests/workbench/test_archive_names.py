"""Names of members: hidden ones are left aside, and a repository is named once."""

from pathlib import Path

import pytest

from lastgood.model.loading import Aside
from lastgood.workbench.archive_names import leading_out
from packed import LINE, opened, tar


def test_repositories_and_hidden_files_are_left_aside(tmp_path: Path) -> None:
    """A repository is named once."""
    repository, log = opened(
        tar({"app/.git/HEAD": b"x", "app/.git/config": b"x", "._a.log": b"x", "a.log": LINE}), tmp_path
    )
    assert ("bundle!/app/.git", Aside.MEMBER) == (repository.name, repository.aside)
    assert "bundle!/a.log" == log.name


@pytest.mark.parametrize(
    ("name", "out"),
    [
        ("a/b.log", False),
        ("a..b/c.log", False),
        ("a/../../b.log", True),
        ("\\\\host\\b.log", True),
        ("C:/b.log", True),
    ],
)
def test_a_path_that_leads_out_is_refused_whatever_its_separators(name: str, out: bool) -> None:
    """Two dots within a name are only a name."""
    assert out is bool(leading_out(name))
