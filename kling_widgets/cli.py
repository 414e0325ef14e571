"""The command line: `kling-widgets demo`, `kling-widgets serve` and `kling-widgets contact-sheet`."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from kling_widgets.emulator import contact_command
from kling_widgets.emulator.command import run
from kling_widgets.emulator.flags import add_arguments


def main(argv: Sequence[str] | None = None) -> int:
    """Runs one command and returns its exit code."""
    parser = argparse.ArgumentParser(prog="kling-widgets", description="A Kling studio inside a notebook.")
    commands = parser.add_subparsers(dest="command", required=True, metavar="command")

    demo = commands.add_parser("demo", help="open JupyterLab on the first notebook, over the built-in emulator")
    demo.add_argument(
        "--port", type=int, metavar="N", help="port of JupyterLab (default: the first free one from 8888)"
    )
    demo.add_argument("--no-browser", action="store_true", help="only print the address")

    serve = commands.add_parser("serve", help="run the emulator of the Kling API, for any client in any language")
    add_arguments(serve)

    sheet = commands.add_parser("contact-sheet", help="all effects at a glance, on your own photo")
    contact_command.add_arguments(sheet)

    arguments = parser.parse_args(argv)
    if arguments.command == "serve":
        return run(arguments)
    if arguments.command == "contact-sheet":
        return contact_command.run(arguments)
    from kling_widgets.demo import run as run_demo

    return run_demo(arguments.port, browser=not arguments.no_browser)
