"""Whether tests notice a judgement that is changed: `python -m bench.mutants QUESTION… [--match REGEX] [--operators] [--sample N]`.

Every row of a table is made half as large again and as small (counts: one more, one less; nothing: a half). Tests are collected
once; then, in a child process for each change, all modules that use the row see it changed, and the tests that mirror these modules run.
With `--operators` every comparison of the question's modules is turned at its boundary instead. No file is written.

The tests keep the table as it is, the code sees the changed row. So a test notices when its case, computed from the table
(`FEWEST - 1` is too few), tips at another place. One that only holds a row against a literal is left out: it says nothing.
A row that stands in the text of a query when its module is imported is not reached: bind it as a parameter.
"""

import argparse
import ast
import importlib.util
import inspect
import os
import random
import re
import resource
import signal
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, partial
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec, SourceFileLoader
from math import ceil
from pathlib import Path
from types import CodeType, ModuleType
from typing import Any

import pytest
from _pytest.runner import runtestprotocol

from lastgood.model.judgement import Amount, Count, Row, Time, Weight

ROOT = Path(__file__).parents[1]
SOURCE, TESTS = ROOT / "src" / "lastgood", ROOT / "tests"
ROWS = {"Count", "Amount", "Time", "Weight"}
TURNED: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.In: ast.NotIn, ast.NotIn: ast.In, ast.Is: ast.IsNot, ast.IsNot: ast.Is,
}  # fmt: skip
QUICK = ("-q", "-p", "no:cacheprovider", "-m", "not slow", "--rootdir", str(ROOT))
SEED = 7
WAITED = 10  # seconds for one of processor time: a busy machine changes no result
# Imported once. Not chdb: after its import in the parent, a child that opens a store waits for ever.
HEAVY = ("numpy", "pyarrow", "lastgood.telemetry.reader", "lastgood.algorithms.blame")


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

    def turned(self, tree: ast.Module) -> ast.Module:
        """The module with the comparison turned."""
        compared = comparisons(tree)[self.place]
        compared.ops = [TURNED[type(compared.ops[0])](), *compared.ops[1:]]
        return tree


def moved(row: Row, change: str) -> Row:
    """The row with another number."""
    how: dict[str, Callable[[float], float]] = {
        "x1.5": lambda n: n * 1.5, "/1.5": lambda n: n / 1.5, "+1": lambda n: n + 1, "-1": lambda n: n - 1, "+0.5": lambda n: n + 0.5,
    }  # fmt: skip
    match row:
        case Count():
            return Count(round(how[change](row)), row.unit, row.source)
        case Time():
            return Time(how[change](row.total_seconds()), f"s {row.unit}", row.source)
        case Weight():
            return Weight(how[change](row), row.sentence, row.source)
        case Amount():
            return Amount(how[change](row), row.unit, row.source)
        case _:
            raise TypeError(row)


def with_it(value: Any, row: Row, other: Row) -> Any:
    """A value of a module, where it is the row or a table that holds it: with the other in its place."""
    if value is row:
        return other
    if type(value) is tuple and any(with_it(one, row, other) is not one for one in value):
        return tuple(with_it(one, row, other) for one in value)
    if type(value) is dict and any(with_it(one, row, other) is not one for one in value.values()):
        return {key: with_it(one, row, other) for key, one in value.items()}
    return value


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
    for name, row in table(tree) if not operators else ():
        kind = row.func.id if isinstance(row.func, ast.Name) else ""
        nothing = isinstance(row.args[0], ast.Constant) and not row.args[0].value
        for change in ("+0.5",) if nothing else ("+1", "-1") if kind == "Count" else ("x1.5", "/1.5"):
            yield Mutant(path, name, change)
    if operators:
        for place, node in enumerate(comparisons(tree)):
            yield Mutant(path, "", f"{node.lineno}: {ast.unparse(node)[:60]}", place)


@cache
def tests_of(mutant: Mutant) -> list[Path]:
    """The tests that mirror the modules that use it."""
    users = [mutant.path]
    if mutant.name:
        near = mutant.path.parent.glob("*.py") if mutant.path.stem == "weights" else [mutant.path]
        users = [
            one
            for one in near
            if re.search(rf"\b({'|'.join(_names(mutant))})\b(?! = )", one.read_text())
            and one.stem != "weights"
        ]
    mirrors = (
        TESTS / (one.parent if one.stem == "__init__" else one).relative_to(SOURCE).with_suffix("")
        for one in users
    )
    return sorted(test for one in mirrors if (test := one.with_name(f"test_{one.name}.py")).exists())


def _names(mutant: Mutant) -> Iterator[str]:
    """The row's name, and those of the tables of its module that hold it."""
    yield mutant.name
    for line in ast.parse(mutant.path.read_text()).body:
        if isinstance(line, ast.Assign | ast.AnnAssign) and line.value is not None:
            held = any(isinstance(n, ast.Name) and n.id == mutant.name for n in ast.walk(line.value))
            targets = line.targets if isinstance(line, ast.Assign) else [line.target]
            yield from (one.id for one in targets if held and isinstance(one, ast.Name))


class _Turned(MetaPathFinder, SourceFileLoader):  # type: ignore[misc] # of importlib's own two loaders
    """Finds one module, and compiles it with a comparison turned."""

    def __init__(self, mutant: Mutant) -> None:
        SourceFileLoader.__init__(self, mutant.module, str(mutant.path))
        self.mutant = mutant

    def find_spec(
        self, fullname: str, _path: Any = None, _target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """The module that is turned, and no other."""
        loader: Loader = self
        found = fullname == self.mutant.module
        return (
            importlib.util.spec_from_file_location(fullname, self.mutant.path, loader=loader)
            if found
            else None
        )

    def get_code(self, _fullname: str) -> CodeType:
        """Never what was compiled before."""
        tree = self.mutant.turned(ast.parse(self.mutant.path.read_text()))
        return compile(tree, str(self.mutant.path), "exec")


class _Rows:
    """Instead of running the tests once: for each changed row those that mirror its users, in a child process."""

    def __init__(self, changes: Sequence[Mutant], seconds: float) -> None:
        self.changes, self.seconds = changes, seconds
        self.results: list[tuple[Mutant, str]] = []

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """A row held against a literal is no test."""
        items[:] = [one for one in items if isinstance(one, pytest.Function) and not _literal(one)]

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """One change after another."""
        for mutant in self.changes:
            tests = [one for one in session.items if one.path in tests_of(mutant)]
            tests.sort(key=lambda one: mutant.name not in _source(one))  # those that speak of it first
            result = waited_for(partial(_with_row, mutant, tests), self.seconds) if tests else "untested"
            self.results.append((mutant, result))
            if result != "noticed":
                print(
                    f"{result:9} {mutant.path.relative_to(SOURCE)} {mutant.name} {mutant.change}", flush=True
                )
        return True


def _with_row(mutant: Mutant, tests: Sequence[pytest.Item]) -> int:
    table = sys.modules[mutant.module]
    row = getattr(table, mutant.name)
    other = moved(row, mutant.change)
    for module in [m for name, m in sys.modules.items() if name.startswith("lastgood.")]:
        if module is not table or mutant.path.stem != "weights":
            for name, value in list(vars(module).items()):
                if (changed := with_it(value, row, other)) is not value:
                    setattr(module, name, changed)
    for test in tests:
        if any(report.failed for report in runtestprotocol(test, log=False, nextitem=None)):
            return 1
    return 0


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


def _source(test: pytest.Item) -> str:
    return inspect.getsource(test.obj) if isinstance(test, pytest.Function) else ""


def _is_row(node: ast.expr) -> bool:
    return isinstance(node, ast.Name) and node.id.isupper()


def waited_for(run: Callable[[], int], seconds: float) -> str:
    """What a child process says: `noticed`, `missed`, `broken` where tests cannot run, or `too long`."""
    child = os.fork()
    if child == 0:
        code = 4
        resource.setrlimit(resource.RLIMIT_CPU, (ceil(seconds), ceil(seconds) + 1))
        try:
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, 1)
            os.dup2(nowhere, 2)
            code = run()
        finally:
            os._exit(code)
    end = time.perf_counter() + WAITED * seconds
    while time.perf_counter() < end:
        ended, status = os.waitpid(child, os.WNOHANG)
        if ended:
            results = {0: "missed", 1: "noticed", -signal.SIGXCPU: "too long"}
            return results.get(os.waitstatus_to_exitcode(status), "broken")
        time.sleep(0.02)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return "too long"


def _with_comparison(mutant: Mutant) -> int:
    sys.meta_path.insert(0, _Turned(mutant))
    importlib.import_module(mutant.module)
    return int(pytest.main(["-x", *QUICK, *map(str, tests_of(mutant))]))


def _turned(mutant: Mutant, seconds: float) -> tuple[Mutant, str]:
    result = waited_for(partial(_with_comparison, mutant), seconds)
    if result != "noticed":
        print(f"{result:9} {mutant.path.relative_to(SOURCE)} {mutant.change}", flush=True)
    return mutant, result


def modules_of(question: str) -> list[Path]:
    """A question's, a reading's or an algorithm's module, or those of its folder."""
    for floor in ("inspections", "readings", "algorithms"):
        place = SOURCE / floor / question
        if place.is_dir():
            return sorted(place.glob("*.py"))
        if place.with_suffix(".py").exists():
            return [place.with_suffix(".py")]
    sys.exit(f"there is no question, reading or algorithm {question}")


def main(words: Sequence[str] | None = None) -> None:
    """The share that is noticed, by table, and what is not."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("questions", nargs="+")
    parser.add_argument("--match", default="", help="only rows whose name matches")
    parser.add_argument("--operators", action="store_true", help="comparisons instead of rows")
    parser.add_argument(
        "--seconds", type=float, default=60.0, help="of processor time, for the tests of one change"
    )
    parser.add_argument("--sample", type=int, default=0, help="only so many, drawn by a seed (0: all)")
    reported = parser.parse_args(words)
    sys.path.insert(0, str(TESTS))
    for name in HEAVY:
        importlib.import_module(name)
    for question in reported.questions:
        _report(
            question, reported.match, reported.seconds, operators=reported.operators, sample=reported.sample
        )


def _report(question: str, match: str, seconds: float, *, operators: bool, sample: int) -> None:
    paths = modules_of(question)
    for path in paths:
        importlib.import_module(Mutant(path, "", "").module) if not operators else None
    each = [
        mutant
        for path in paths
        for mutant in mutants(path, operators=operators)
        if re.search(match, mutant.name)
    ]
    if sample and sample < len(each):
        each = random.Random(SEED).sample(each, sample)
    if operators:
        results = [_turned(one, seconds) for one in each if tests_of(one)]
    else:
        loop = _Rows(each, seconds)
        pytest.main(
            [*QUICK, "-s", *sorted({str(test) for one in each for test in tests_of(one)})], plugins=[loop]
        )
        results = loop.results
    counted = Counter(result for _, result in results)
    print(
        f"{question}: {counted['noticed']} of {counted.total()} {'comparisons' if operators else 'rows'} noticed"
    )


if __name__ == "__main__":
    main()
