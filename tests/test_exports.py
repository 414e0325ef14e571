"""The front door: what is listed is there, and opening it costs nothing."""

import ast
import importlib
import subprocess
import sys
from pathlib import Path

import pytest

import kling_widgets as kw


def test_the_three_lists_agree() -> None:
    """`__all__`, the lazy table and the imports for type checkers name the same things in the same modules."""
    tree = ast.parse(Path(kw.__file__).read_text("utf-8"))
    typed = {
        alias.name: str(node.module).removeprefix("kling_widgets.")
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and str(node.module).startswith("kling_widgets.")
        for alias in node.names
    }

    assert typed == kw._HOME
    assert sorted(kw.__all__) == sorted([*kw._HOME, *kw._MODULES])


@pytest.mark.parametrize("name", kw._HOME)
def test_every_name_is_where_the_table_says(name: str) -> None:
    """And is the same object there, under that name."""
    value = getattr(kw, name)

    assert value is getattr(importlib.import_module(f"kling_widgets.{kw._HOME[name]}"), name)
    assert getattr(value, "__name__", name) == name
    assert name in dir(kw)


@pytest.mark.parametrize("name", kw._MODULES)
def test_some_names_are_modules(name: str) -> None:
    """Loaded when they are used, like the others."""
    assert getattr(kw, name) is importlib.import_module(f"kling_widgets.{name}")
    assert name in dir(kw)


def test_an_unknown_name_is_an_attribute_error() -> None:
    """As of any module."""
    with pytest.raises(AttributeError, match="has no attribute 'Clint'"):
        kw.Clint  # noqa: B018


def loaded_by(statement: str) -> set[str]:
    """Top-level packages outside the standard library that a fresh interpreter loads for `statement`."""
    script = f"import sys; {statement}; print(*{{name.partition('.')[0] for name in sys.modules}})"
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    return set(run.stdout.split()) - set(sys.stdlib_module_names)


def test_importing_loads_nothing() -> None:
    """Not even numpy: names are loaded when they are used."""
    assert loaded_by("import kling_widgets") - loaded_by("pass") == {"kling_widgets"}


def test_a_client_loads_no_widget_and_no_emulator() -> None:
    """Requests and client work where there is no notebook."""
    loaded = loaded_by("from kling_widgets import Client, ImageToVideo, Video, TaskFailed")

    assert not loaded & {"anywidget", "ipywidgets", "IPython", "starlette", "uvicorn", "av", "cv2"}
