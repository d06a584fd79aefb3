"""Whether tests notice a judgement that is changed: `python -m bench.mutants QUESTION… [--match REGEX] [--operators]`.

Every row of a table is made half as large again and as small (counts: one more, one less; a weight of nothing: a half), with
`--operators` every comparison of the question's modules is moved by its boundary or turned round; then the tests that mirror
the modules that use it run. Their process imports the changed source instead of the file: no file is written.

The tests keep the table as it is, the code sees the changed row. So a test notices when its case, computed from the table
(`FEWEST - 1` is too few), tips at another place. One that only holds a row against a literal is left out: it says nothing.
"""

import argparse
import ast
import importlib.util
import os
import re
import signal
import sys
import time
import traceback
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec, SourceFileLoader
from pathlib import Path
from types import CodeType, ModuleType
from typing import Any

import pytest

ROOT = Path(__file__).parents[1]
SOURCE, TESTS = ROOT / "src" / "lastgood", ROOT / "tests"
ROWS = {"Count", "Amount", "Time", "Weight"}
TURNED: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.In: ast.NotIn, ast.NotIn: ast.In, ast.Is: ast.IsNot, ast.IsNot: ast.Is,
}  # fmt: skip
HEAVY = ("numpy", "pyarrow", "chdb", "lastgood.telemetry.reader", "lastgood.algorithms.blame")


@dataclass(frozen=True, slots=True)
class Mutant:
    """One change of one module: of the value of the row `name`, or of the comparison at `place`."""

    path: Path
    name: str
    change: str  # x1.5, /1.5, +1, -1, or the operators
    place: int = -1

    @property
    def module(self) -> str:
        """Its dotted name."""
        parts = self.path.relative_to(SOURCE.parent).with_suffix("").parts
        return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)

    def changed(self, tree: ast.Module) -> ast.Module:
        """The module with the change made."""
        if self.name:
            row = next(row for name, row in table(tree) if name == self.name)
            row.args[0] = _moved(row.args[0], self.change)
        else:
            compared = comparisons(tree)[self.place]
            compared.ops = [TURNED[type(compared.ops[0])](), *compared.ops[1:]]
        return ast.fix_missing_locations(tree)


def _moved(value: ast.expr, change: str) -> ast.expr:
    how: dict[str, tuple[ast.operator, float]] = {
        "x1.5": (ast.Mult(), 1.5), "/1.5": (ast.Div(), 1.5), "+1": (ast.Add(), 1), "-1": (ast.Sub(), 1), "+0.5": (ast.Add(), 0.5),
    }  # fmt: skip
    operator, by = how[change]
    return ast.BinOp(value, operator, ast.Constant(by))


def table(tree: ast.Module) -> Iterator[tuple[str, ast.Call]]:
    """The rows of a module: name and call."""
    for line in tree.body:
        match line:
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Call(func=ast.Name(id=kind)) as call) if (
                kind in ROWS
            ):
                yield name, call


def comparisons(tree: ast.Module) -> list[ast.Compare]:
    """The comparisons of a module, in a fixed order."""
    return [node for node in ast.walk(tree) if isinstance(node, ast.Compare)]


def mutants(path: Path, *, operators: bool) -> Iterator[Mutant]:
    """Every change of a module."""
    tree = ast.parse(path.read_text())
    for name, row in table(tree):
        kind = row.func.id if isinstance(row.func, ast.Name) else ""
        nothing = isinstance(row.args[0], ast.Constant) and not row.args[0].value
        for change in ("+0.5",) if nothing else ("+1", "-1") if kind == "Count" else ("x1.5", "/1.5"):
            yield Mutant(path, name, change)
    if operators and path.stem != "weights":
        for place, node in enumerate(comparisons(tree)):
            yield Mutant(path, "", f"{node.lineno}: {ast.unparse(node)[:60]}", place)


def tests_of(mutant: Mutant) -> list[Path]:
    """The tests that mirror the modules that use it."""
    users = [mutant.path]
    if mutant.name:
        near = mutant.path.parent.glob("*.py") if mutant.path.stem == "weights" else [mutant.path]
        users = [
            one
            for one in near
            if re.search(rf"\b{mutant.name}\b(?! = )", one.read_text()) and one.stem != "weights"
        ]
    mirrors = (
        TESTS / (one.parent if one.stem == "__init__" else one).relative_to(SOURCE).with_suffix("")
        for one in users
    )
    return sorted(test for one in mirrors if (test := one.with_name(f"test_{one.name}.py")).exists())


class _Changed(MetaPathFinder, SourceFileLoader):
    """Finds one module, and compiles it changed."""

    def __init__(self, mutant: Mutant) -> None:
        SourceFileLoader.__init__(self, mutant.module, str(mutant.path))
        self.mutant = mutant

    def find_spec(
        self, fullname: str, _path: Any = None, _target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """The module that is changed, and no other."""
        loader: Loader = self
        found = fullname == self.mutant.module
        return (
            importlib.util.spec_from_file_location(fullname, self.mutant.path, loader=loader)
            if found
            else None
        )

    def get_code(self, _fullname: str) -> CodeType:
        """Never what was compiled before."""
        tree = self.mutant.changed(ast.parse(self.mutant.path.read_text()))
        return compile(tree, str(self.mutant.path), "exec")


class _Tests:
    """Tests see the row as the table has it, the code sees it changed; a row held against a literal is no test."""

    def __init__(self, mutant: Mutant, module: ModuleType) -> None:
        self.mutant, self.module = mutant, module
        self.changed = getattr(module, mutant.name, None)
        true: dict[str, Any] = {"__name__": mutant.module}
        if mutant.name:
            exec(compile(mutant.path.read_text(), str(mutant.path), "exec"), true)  # noqa: S102
            setattr(module, mutant.name, true[mutant.name])

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Once tests have imported what they hold the code against."""
        items[:] = [one for one in items if not (isinstance(one, pytest.Function) and _literal(one))]
        if self.mutant.name and self.mutant.path.stem != "weights":
            setattr(self.module, self.mutant.name, self.changed)


def _literal(test: pytest.Function) -> bool:
    """Whether a test holds a row against a literal."""
    own = next(
        n for n in ast.walk(ast.parse(Path(test.path).read_text()))
        if isinstance(n, ast.FunctionDef) and n.name == test.originalname
    )  # fmt: skip
    sides = (
        [n.test.left, *n.test.comparators]
        for n in ast.walk(own)
        if isinstance(n, ast.Assert) and isinstance(n.test, ast.Compare)
    )
    return any(
        any(map(_is_row, each)) and all(_is_row(side) or isinstance(side, ast.Constant) for side in each)
        for each in sides
    )


def _is_row(node: ast.expr) -> bool:
    return isinstance(node, ast.Name) and node.id.isupper()


def noticed(mutant: Mutant, seconds: float) -> str:
    """`noticed`, `missed`, `untested` where no test mirrors it, `broken` where tests cannot run, or `too long`."""
    tests = [str(test) for test in tests_of(mutant)]
    if not tests:
        return "untested"
    child = os.fork()
    if child == 0:
        _run(mutant, tests)
    end = time.perf_counter() + seconds
    while time.perf_counter() < end:
        ended, status = os.waitpid(child, os.WNOHANG)
        if ended:
            return {0: "missed", 1: "noticed"}.get(os.waitstatus_to_exitcode(status), "broken")
        time.sleep(0.02)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return "too long"


def _run(mutant: Mutant, tests: list[str]) -> None:
    """In a process of its own: the tests, until one fails; never returns."""
    code = 4
    try:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        if not os.environ.get("MUTANTS_LOUD"):
            os.dup2(nowhere, 1)
            os.dup2(nowhere, 2)
        sys.meta_path.insert(0, _Changed(mutant))
        for one in mutant.path.parent.glob("*.py"):
            importlib.import_module(Mutant(one, "", "").module)
        module = importlib.import_module(mutant.module)
        quick = ["-x", "-q", "-p", "no:cacheprovider", "-m", "not slow", "--rootdir", str(ROOT)]
        code = int(pytest.main([*quick, *tests], plugins=[_Tests(mutant, module)]))
    except Exception:
        traceback.print_exc()
        raise
    finally:
        os._exit(code)


def modules_of(question: str) -> list[Path]:
    """A question's or a reading's module, or those of its folder."""
    for floor in ("inspections", "readings"):
        place = SOURCE / floor / question
        if place.is_dir():
            return sorted(place.glob("*.py"))
        if place.with_suffix(".py").exists():
            return [place.with_suffix(".py")]
    sys.exit(f"there is no question or reading {question}")


def main(words: Sequence[str] | None = None) -> None:
    """The share that is noticed, by table, and what is not."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("questions", nargs="+")
    parser.add_argument("--match", default="", help="only rows whose name matches")
    parser.add_argument("--operators", action="store_true", help="comparisons too")
    parser.add_argument("--seconds", type=float, default=60.0, help="for the tests of one change")
    told = parser.parse_args(words)
    sys.path.insert(0, str(TESTS))
    for name in HEAVY:
        importlib.import_module(name)
    for question in told.questions:
        _report(question, told.match, told.seconds, operators=told.operators)


def _report(question: str, match: str, seconds: float, *, operators: bool) -> None:
    counted: dict[str, Counter[str]] = {"rows": Counter(), "comparisons": Counter()}
    each = (mutant for path in modules_of(question) for mutant in mutants(path, operators=operators))
    for mutant in each:
        if not re.search(match, mutant.name):
            continue
        result = noticed(mutant, seconds)
        counted["rows" if mutant.name else "comparisons"][result] += 1
        if result != "noticed":
            print(f"{result:9} {mutant.path.relative_to(SOURCE)} {mutant.name} {mutant.change}", flush=True)
    for what, results in counted.items():
        if results:
            print(f"{question}: {results['noticed']} of {results.total()} {what} noticed", flush=True)


if __name__ == "__main__":
    main()
