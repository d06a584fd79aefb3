"""One law for each thing: what several questions decide is decided in one place."""

import ast
import inspect
from pathlib import Path

from lastgood.algorithms import causation
from lastgood.hypotheses import causation as board
from lastgood.inspections.what_changed import defence, exposure, timed

SOURCE = Path(__file__).parents[1] / "src" / "lastgood"
TREES = {path: ast.parse(path.read_text()) for path in sorted(SOURCE.rglob("*.py"))}


def test_the_card_and_the_board_test_causation_alike() -> None:
    """Each test is one function that both use, and no module defines it again."""
    tests = {
        name
        for name, one in vars(causation).items()
        if inspect.isfunction(one) and one.__module__ == causation.__name__ and name[0] != "_"
    }
    card = vars(defence) | vars(exposure) | vars(timed)
    shared = {
        "recurrence",
        "earlier_runs",
        "undone_at",
        "reversal",
        "compared_sides",
        "declared_share",
        "dosed",
    }
    again = [
        f"{path.relative_to(SOURCE)}: {node.name}"
        for path, tree in TREES.items()
        if path != Path(causation.__file__)
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef) and node.name in tests
    ]

    assert {True} == {vars(board)[name] is card[name] is vars(causation)[name] for name in shared}
    assert [] == again
