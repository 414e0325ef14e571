"""python -m kling_widgets.emulator"""

from __future__ import annotations

import argparse
import sys

from .command import run
from .flags import add_arguments


def main() -> int:
    parser = argparse.ArgumentParser("python -m kling_widgets.emulator", description="The Kling API, on this machine.")
    add_arguments(parser)
    return run(parser.parse_args())


if __name__ == "__main__":
    sys.exit(main())
