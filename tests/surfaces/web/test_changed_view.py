"""What changed: suspects in their order, those that are alike as one row."""

from typing import Any

from lastgood.incidents.state import incident_of
from lastgood.model import figures
from lastgood.model.entry import Entry, Opened
from lastgood.surfaces.web.changed_view import Suspect, conclusion, suspects
from records import START


def change(name: str, kind: str = "deploy", verdict: str = "unlikely", **more: Any) -> dict[str, Any]:
    return {
        "id": name, "kind": kind, "service": "shop", "title": "", "at": figures.stamp(START), "verdict": verdict,
        "confidence": 0.9, "for": ["it names shop"], "against": ["too early", "not on the path"], "within": None, **more,
    }  # fmt: skip


def rows(*changes: dict[str, Any]) -> list[Suspect]:
    incident = incident_of([Entry(1, 1, "kim", START, START, Opened("checkout fails"), "", "")])
    return list(suspects({"changes": list(changes)}, incident))


def test_repeated_runs_are_one_row() -> None:
    """With how many more there are; other kinds stay apart."""
    runs = [change(f"run {n}", "cron", title="export") for n in range(3)]
    found = rows(change("v2"), change("v3"), *runs)

    assert [("shop: v2", 0), ("shop: v3", 0), ("shop: export", 2)] == [(r.title, r.more) for r in found]


def test_a_commit_stands_in_its_deploy_unless_it_is_suspect() -> None:
    """Else the list is as long as the history."""
    found = rows(
        change("a", "commit", within="v2"), change("b", "commit", "likely", title="fix shop", within="v2")
    )

    assert ["fix shop"] == [one.title for one in found]
    assert ("likely", "90\u00a0%", "+") == (found[0].word, found[0].percent, found[0].sign)


def test_no_change_on_record_is_said() -> None:
    """It is no proof that nothing was changed."""
    assert "No change is recorded" in conclusion({"changes": []})
    explained = {
        "changes": [change("v2")],
        "no_change_explains_it": {"verdict": "yes", "cause": "third_party"},
    }
    assert "None of your changes explains it. Likely cause: third party." == conclusion(explained)
