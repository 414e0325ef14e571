"""`await brush.done()`: in a loop of its own, and in a kernel whose cell awaits."""

from __future__ import annotations

import asyncio
import queue
import re
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import PIL.Image
import pytest
from jupyter_client.blocking.client import BlockingKernelClient
from jupyter_client.manager import KernelManager

from kling_widgets import Drawing, KlingError, MotionBrush
from kling_widgets.widgets import hearing
from tests.test_motion_brush import Views


@pytest.fixture
def brush() -> MotionBrush:
    return MotionBrush(PIL.Image.new("RGB", (400, 300), "steelblue"))


def test_all_who_wait_get_the_drawing_of_that_moment(brush: MotionBrush) -> None:
    views = Views(brush)

    async def cells() -> list[Drawing]:
        waiting = [asyncio.create_task(brush.done()) for _ in range(3)]
        await asyncio.sleep(0)
        assert views.ask("brush.open")[0]["body"]["waiting"] is True
        brush.set_area(1, path=[(1, 2), (3, 4)])
        views.ask("brush.done")
        brush.clear()
        drawings = await asyncio.gather(*waiting)
        assert views.said[-1][0] == {"tell": "brush.waiting", "body": {"waiting": False}}
        return drawings

    paths = [drawing.areas[0].path for drawing in asyncio.run(cells())]
    assert [path is not None and path.tolist() for path in paths] == [[[1, 2], [3, 4]]] * 3
    assert views.ask("brush.open")[0]["body"]["waiting"] is False


def test_a_browser_that_is_not_heard_is_told_of_instead_of_waiting_for_ever(brush: MotionBrush) -> None:
    with pytest.raises(
        KlingError, match=r"Nothing was heard from the brush for 0 s.*read brush\.drawing in the next cell"
    ):
        asyncio.run(brush.done(patience=0))
    assert brush._brush_waiters == []


def test_once_heard_one_may_draw_for_as_long_as_one_likes(brush: MotionBrush) -> None:
    async def cell() -> Drawing:
        waiting = asyncio.create_task(brush.done(patience=0.05))
        await asyncio.sleep(0)
        Views(brush).ask("brush.here")
        _, pending = await asyncio.wait({waiting}, timeout=0.1)
        assert pending == {waiting}
        Views(brush).ask("brush.done")
        return await waiting

    assert isinstance(asyncio.run(cell()), Drawing)


def test_who_is_interrupted_waits_no_more(brush: MotionBrush) -> None:
    async def cell() -> None:
        waiting = asyncio.create_task(brush.done())
        await asyncio.sleep(0)
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting

    asyncio.run(cell())
    assert brush._brush_waiters == []


class OldKernel:
    """As much of ipykernel 6 as is looked at: one queue, from which a cell that awaits keeps everything."""

    shell_stream = iopub_socket = None

    def __init__(self) -> None:
        self.msg_queue: asyncio.Queue[Any] = asyncio.Queue()
        self.session = self
        self.did: list[str] = []
        self.shell_handlers = {"comm_msg": lambda _, __, message: self.did.append(message["text"])}

    async def dispatch_shell(self, message: Any) -> None: ...

    def feed_identities(self, frames: Any, copy: bool = True) -> tuple[list[bytes], Any]:
        return [], frames

    def unpack(self, data: Any) -> Any:
        return data

    def deserialize(self, frames: Any, content: bool = True, copy: bool = True) -> Any:
        return {"header": frames[1].bytes, "text": frames[2]}

    def send(self, _: Any, kind: str, about: dict[str, str], parent: Any, ident: Any) -> None:
        self.did.append(about["execution_state"])

    def _topic(self, name: str) -> bytes:
        return name.encode()

    def put(self, kind: str, text: str) -> None:
        header = SimpleNamespace(bytes={"msg_type": kind})
        self.msg_queue.put_nowait((0, self.dispatch_shell, ([b"", header, text],)))


def test_an_older_kernels_queue_gives_up_the_widgets_messages_and_keeps_the_cells() -> None:
    async def run() -> tuple[list[str], list[str]]:
        kernel = OldKernel()
        for kind, text in (("execute_request", "a"), ("comm_msg", "1"), ("execute_request", "b"), ("comm_msg", "2")):
            kernel.put(kind, text)
        kernel.msg_queue.put_nowait((9, kernel.dispatch_shell, ()))
        await hearing._empty(kernel)
        left = [kernel.msg_queue.get_nowait()[2] for _ in range(kernel.msg_queue.qsize())]
        return kernel.did, [args[0][2] if args else "" for args in left]

    assert asyncio.run(run()) == (["busy", "1", "idle", "busy", "2", "idle"], ["a", "b", ""])


@pytest.fixture
def kernel() -> Iterator[BlockingKernelClient]:
    manager = KernelManager(kernel_name="python3")
    manager.start_kernel()
    client = manager.blocking_client()
    client.start_channels()
    client.wait_for_ready(60)
    yield client
    client.stop_channels()
    manager.shutdown_kernel(now=True)
    manager.context.destroy()


def printed(kernel: BlockingKernelClient, cell: str) -> str:
    text = ""
    while True:
        message = kernel.get_iopub_msg(timeout=60)
        if message["parent_header"].get("msg_id") != cell:
            continue
        text += message["content"].get("text", "") + "\n".join(message["content"].get("traceback", []))
        if message["content"].get("execution_state") == "idle":
            return text


def test_a_real_kernel_hears_the_browser_while_its_cell_awaits_and_runs_the_next_in_its_turn(
    kernel: BlockingKernelClient,
) -> None:
    """A host without subshells: everything comes by the shell channel."""
    made = kernel.execute(
        "import kling_widgets, PIL.Image\nbrush = kling_widgets.MotionBrush(PIL.Image.new('RGB', (400, 300)))"
    )
    assert printed(kernel, made) == ""
    comm = printed(kernel, kernel.execute("print(brush.model_id)")).strip()
    cell = kernel.execute("print('waits'); drawing = await brush.done(); print(type(drawing).__name__)")
    after = kernel.execute("print('after')")
    for ask in ("brush.here", "brush.done"):
        content = {"comm_id": comm, "data": {"method": "custom", "content": {"ask": ask, "id": 1, "body": {}}}}
        kernel.shell_channel.send(kernel.session.msg("comm_msg", content))
    assert re.sub(r"\s+", " ", printed(kernel, cell)) == "waits Drawing "
    assert printed(kernel, after) == "after\n"
    with pytest.raises(queue.Empty):
        kernel.get_iopub_msg(timeout=0)
