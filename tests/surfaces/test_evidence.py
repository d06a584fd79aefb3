"""Kept evidence in words."""

from dataclasses import replace

from incidents.test_state import entries
from lastgood.model.entry import Frozen
from lastgood.surfaces.evidence import evidence_lines, rerun_document, rerun_text, saved_document, saved_text
from lastgood.workbench.evidence import Kept, Rerun

FROZEN = Frozen("5 % fail", "Is it real?", "SELECT 1", {"n": 1}, None, 2, cut_off=False, content="ab" * 32)
KEPT = Kept(entries(FROZEN)[-1], FROZEN, ("service", "share"), (("web", 0.05), ("pay", None)))


def test_the_claim_stands_over_its_rows() -> None:
    """With how to ask again."""
    text = saved_text(KEPT)

    for part in (
        "Is it real? 5 % fail",
        "kept by kim 2026-11-22T14:46:00Z",
        "web      0.05",
        "evidence 2 --rerun",
    ):
        assert part in text
    assert [{"service": "web", "share": 0.05}, {"service": "pay", "share": None}] == saved_document(KEPT)[
        "kept"
    ]


def test_evidence_is_listed_by_its_number() -> None:
    """And nothing else is."""
    assert ["E2    Is it real? 5 % fail (2 rows)"] == list(evidence_lines(entries(FROZEN)))


def test_a_rerun_says_what_differs() -> None:
    """Or that nothing does; and that rows which were not kept cannot be compared."""
    same = Rerun(KEPT, KEPT.columns, (), (), 2)
    other = Rerun(KEPT, KEPT.columns, (("pay", None),), (("web", 0.5),), 1)
    cut = replace(other, kept=replace(KEPT, frozen=replace(FROZEN, cut_off=True)))

    assert "the same 2 rows as 2026-11-22T14:46:00Z" in rerun_text(same)
    assert "2 now: 1 the same, 1 gone, 1 new" in rerun_text(other)
    assert "only the first rows were kept" in rerun_text(cut)
    assert [{"service": "web", "share": 0.5}] == rerun_document(other)["new"]
