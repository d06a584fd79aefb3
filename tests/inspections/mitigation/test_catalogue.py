"""What an option is of: a roll-back of a service, never of a title."""

from dataclasses import replace
from pathlib import Path

from inspections.test_mitigation import asked, options, weighed
from lastgood.model.answers import ChangesWeighed
from lastgood.workbench.store import Store


def test_no_title_of_a_commit_is_rolled_back(store: Store, tmp_path: Path) -> None:
    """A roll-back is of a service: of whose none is recorded, a commit is undone by another."""
    first = options(asked(store, tmp_path, "", "errors=0.2%", weighed("commit", service=""))).ranked[0]

    assert ("roll_forward", "gift cards") == (first.kind, first.target)
    assert "which service it is of is not recorded" in first.because
    assert "no deploy is likely" not in first.because


def test_a_commit_came_with_a_deploy_by_its_name(store: Store, tmp_path: Path) -> None:
    """The id of a deploy may be one of our own making; a person knows it by whose it is and its title."""
    (commit,), (deploy,) = weighed("commit", service="").ranked, weighed("deploy").ranked
    changes = ChangesWeighed((replace(commit, within="d-1"), replace(deploy, change_id="d-1")))
    first = options(asked(store, tmp_path, "", "errors=0.2%", changes)).ranked[0]

    assert ("rollback", "orders") == (first.kind, first.target)
    assert first.because.endswith("it came with deploy orders gift cards")
