"""One arrow: who imports whom, read from the files themselves."""

from __future__ import annotations

import ast
import graphlib
from collections.abc import Iterator
from importlib.util import resolve_name
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
FILES = {
    ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path
    for path in sorted((ROOT / "kling_widgets").rglob("*.py"))
}
EMULATOR = "kling_widgets.emulator"


def imported(module: str) -> set[str]:
    """The modules of ours that `module` imports, lazily or not; for the type checker alone does not count."""
    path = FILES[module]
    package = module if path.name == "__init__.py" else module.rpartition(".")[0]
    names = {name for node in _imports(ast.parse(path.read_text("utf-8"))) for name in _named(node, package)}
    return {name if name in FILES else name.rpartition(".")[0] for name in names} & FILES.keys() - {module}


def _imports(node: ast.AST) -> Iterator[ast.Import | ast.ImportFrom]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Import | ast.ImportFrom):
            yield child
        elif not (isinstance(child, ast.If) and "TYPE_CHECKING" in ast.unparse(child.test)):
            yield from _imports(child)


def _named(node: ast.Import | ast.ImportFrom, package: str) -> Iterator[str]:
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    else:
        home = resolve_name("." * node.level + (node.module or ""), package)
        # `from package import module` and `from module import name` look alike.
        yield from (f"{home}.{alias.name}" for alias in node.names)


def inside(module: str, package: str) -> bool:
    return module == package or module.startswith(f"{package}.")


def test_imports_go_one_way() -> None:
    """No two modules need each other: the graph has no circle."""
    graph = {module: imported(module) for module in FILES}
    graphlib.TopologicalSorter(graph).prepare()
    assert sum(map(len, graph.values())) > 300, "the imports were not found"


@pytest.mark.parametrize("module", [module for module in FILES if inside(module, EMULATOR)])
def test_the_emulator_shares_no_code_with_the_client(module: str) -> None:
    """It meets the client on the wire alone."""
    assert {name for name in imported(module) if not inside(name, EMULATOR)} <= {"kling_widgets"}


def test_the_emulator_is_imported_by_the_two_that_start_it() -> None:
    """By the command line, and by the client that brings its own."""
    users = {module for module in FILES if any(inside(name, EMULATOR) for name in imported(module))}
    assert {module for module in users if not inside(module, EMULATOR)} == {"kling_widgets.cli", "kling_widgets.local"}


def test_widgets_import_no_client() -> None:
    """They are handed one."""
    above = {f"kling_widgets.{name}" for name in ("client", "studio", "cli", "demo", "local", "wire")}
    for module in FILES:
        if inside(module, "kling_widgets.widgets"):
            assert not imported(module) & above
