"""Two real kernels run the same notebook at the same second."""

from __future__ import annotations

import asyncio
import sqlite3
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

CELLS = (
    "import kling_widgets as kw\n"
    "client = kw.Client.local(speed=20, journal='journal.sqlite', videos='films')\n"
    "request = kw.ImageGeneration(prompt='A desert at sunset', aspect_ratio='1:1')",
    "task = await client.submit(request)",
    "[picture] = await client.images(task)\nprint(task.id, picture.path.name)",
)


@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::ResourceWarning")
def test_two_kernels_at_the_same_second_make_one_task(tmp_path: Path) -> None:
    """Both have its picture; the books of the emulator, which they share, know of one."""
    pages = [nbformat.v4.new_notebook(cells=[*map(nbformat.v4.new_code_cell, CELLS)]) for _ in range(2)]

    async def both() -> None:
        resources = {"metadata": {"path": str(tmp_path)}}
        kernels = [NotebookClient(page, timeout=120, kernel_name="python3", resources=resources) for page in pages]
        await asyncio.gather(*(kernel.async_execute() for kernel in kernels))

    asyncio.run(both())
    said = [page.cells[-1].outputs[-1]["text"].split() for page in pages]
    with sqlite3.connect(tmp_path / "journal.sqlite.emulator/tasks.sqlite") as books:
        tasks = books.execute("SELECT task_id, status FROM tasks").fetchall()
    books.close()
    assert tasks == [(said[0][0], "succeed")]
    assert said[0] == said[1]
