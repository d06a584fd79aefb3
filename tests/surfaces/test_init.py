"""What init found and wrote, in lines and as JSON."""

from dataclasses import replace
from pathlib import Path

from lastgood.surfaces.init import init_document, init_text
from lastgood.workbench.init import Initialised, Seen
from lastgood.workbench.init_actions import Action

DONE = Initialised(
    Path("lastgood.toml"),
    (Seen("Loki", found=True, sentence="http://127.0.0.1:3100"), Seen("Helm", found=False, sentence="helm is not installed")),
    (Action("scale", "kubectl", ("kubectl", "scale"), passed=False, result="forbidden"),),
)  # fmt: skip


def test_where_was_looked_and_what_to_do_if_nothing_is_found() -> None:
    """Only then."""
    text = init_text(replace(DONE, actions=(), folder=Path("/work/shop"), empty=True))

    for part in (
        "  /work/shop: git remotes",
        "PROMETHEUS_URL",
        "lastgood init lastgood.toml --force",
        "lastgood triage PATH…",
    ):
        assert part in text
    assert "Nothing was found" not in init_text(DONE)


def test_found_and_not_found_and_what_is_next() -> None:
    """And each template with its dry run."""
    lines = init_text(DONE).splitlines()

    assert "found      Loki: http://127.0.0.1:3100" == lines[0]
    assert "not found  Helm: helm is not installed" == lines[1]
    assert "dry run failed, commented out: forbidden" in lines[2]
    assert "lastgood trust" in lines[-1]
    assert [True, False] == [one["found"] for one in init_document(DONE)["seen"]]
