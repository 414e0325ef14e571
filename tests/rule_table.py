"""Which tests prove which of the pages' numbered rules; `python -m tests.rule_table` writes it to tests/wire/README.md.

A test bears a rule's number: its docstring begins with it, or a case of its parameters does ("R43, R45: ...").
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
README = ROOT / "tests/wire/README.md"
RULES = [f"R{n}" for n in range(1, 144)]
NAMED = 2
"""Tests that a cell names; more are counted."""

_BEARS = re.compile(r"(R\d+(?:, R\d+)*)(?::|$)")
_ROW = re.compile(r"^\| (R\d+) \| (.*?) \| .*? \| .*? \|$", re.MULTILINE)


def main() -> int:
    """Brings the table up to date. Returns 1 where a rule has no test on one of the sides, and names it."""
    text = README.read_text("utf-8")
    README.write_text(filled(text), "utf-8")
    missing = [f"{side}: {', '.join(gaps)}" for side, gaps in without_a_test().items() if gaps]
    print("\n".join(missing) or "Every rule has its tests.")
    return 1 if missing else 0


def filled(text: str) -> str:
    """The README with the two last cells of every rule's row as the tests are now."""
    client, emulator = proofs("client"), proofs("emulator")
    return _ROW.sub(lambda row: f"| {row[1]} | {row[2]} | {_cell(client, row[1])} | {_cell(emulator, row[1])} |", text)


def without_a_test() -> dict[str, list[str]]:
    """By side, the rules that no test bears the number of."""
    found = {side: proofs(side) for side in ("client", "emulator")}
    return {side: [rule for rule in RULES if rule not in tests] for side, tests in found.items()}


def proofs(side: str) -> dict[str, list[str]]:
    """By rule, the tests of the client or of the emulator that bear its number, as `file: test`."""
    folder = ROOT / "tests" / ("emulator" if side == "emulator" else "")
    found: dict[str, list[str]] = {}
    for file in sorted(folder.glob("test_*.py")):
        for test, numbers in _tests(ast.parse(file.read_text("utf-8"))):
            for rule in numbers:
                name = f"{file.stem.removeprefix('test_')}: {test.removeprefix('test_')}"
                if name not in found.setdefault(rule, []):
                    found[rule].append(name)
    return found


def _tests(module: ast.Module) -> Iterator[tuple[str, set[str]]]:
    """Every test with the numbers it bears itself or by its parameters, which may stand in a table of the module."""
    tables = {
        target.id: _numbers(statement.value)
        for statement in module.body
        if isinstance(statement, ast.Assign | ast.AnnAssign) and statement.value is not None
        for target in (statement.targets if isinstance(statement, ast.Assign) else [statement.target])
        if isinstance(target, ast.Name)
    }
    for function in ast.walk(module):
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef) and function.name.startswith("test_"):
            numbers = _borne(ast.get_docstring(function) or "")
            for decorator in function.decorator_list:
                numbers |= _numbers(decorator)
                names = {node.id for node in ast.walk(decorator) if isinstance(node, ast.Name)}
                numbers |= {number for name in names for number in tables.get(name, ())}
            yield function.name, numbers


def _numbers(node: ast.expr) -> set[str]:
    texts = (part.value for part in ast.walk(node) if isinstance(part, ast.Constant) and isinstance(part.value, str))
    return {number for text in texts for number in _borne(text)}


def _borne(text: str) -> set[str]:
    found = _BEARS.match(text.strip())
    return set(found[1].split(", ")) if found else set()


def _cell(proofs: dict[str, list[str]], rule: str) -> str:
    tests = proofs.get(rule, [])
    more = f" (+{len(tests) - NAMED})" if len(tests) > NAMED else ""
    return "; ".join(tests[:NAMED]) + more


if __name__ == "__main__":
    sys.exit(main())
