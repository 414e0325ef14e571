"""`kling-widgets demo`, short of starting JupyterLab (the browser tests do that)."""

import socket
from pathlib import Path

import pytest

from kling_widgets import cli, demo


def test_the_notebooks_and_photos_are_laid_out(tmp_path: Path) -> None:
    folder = demo.lay_out(tmp_path)
    names = {str(file.relative_to(folder)) for file in folder.rglob("*") if file.is_file()}
    assert names >= {"01_first_film.ipynb", "02_effects.ipynb", "photos/rocket.jpg", "photos/README.md"}


def test_a_file_that_is_there_is_kept(tmp_path: Path) -> None:
    mine = tmp_path / "kling_notebooks" / "01_first_film.ipynb"
    mine.parent.mkdir()
    mine.write_text("mine")
    demo.lay_out(tmp_path)
    assert mine.read_text() == "mine"


def test_in_a_checkout_nothing_is_copied(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").touch()
    (tmp_path / "notebooks").mkdir()
    (tmp_path / "notebooks" / demo.FIRST).touch()
    assert demo.lay_out(tmp_path) == tmp_path / "notebooks"
    assert not (tmp_path / "kling_notebooks").exists()


@pytest.mark.parametrize("command", [["demo", "--no-browser", "--port"], ["serve", "--port"]])
def test_a_taken_port_is_a_sentence(
    command: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        assert cli.main([*command, port]) == 1
    said = capsys.readouterr().err
    assert port in said
    assert "Traceback" not in said
    assert not list(tmp_path.iterdir())


def test_the_first_free_port_is_taken_when_none_is_asked_for() -> None:
    with socket.socket() as taken:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            taken.bind((demo.HOST, demo.FIRST_PORT))
            taken.listen()
        except OSError:
            pass  # somebody else has it: as good
        assert demo._free_port(None) > demo.FIRST_PORT
