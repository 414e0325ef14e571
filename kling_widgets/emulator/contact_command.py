"""`kling-widgets contact-sheet me.jpg`: all effects at a glance, on your own photo."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

FORMATS = (".webp", ".png", ".jpg", ".jpeg")
MOVING = ".webp"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("photo", type=Path, metavar="PHOTO", help="your photo: JPEG, PNG or WebP")
    parser.add_argument(
        "second",
        type=Path,
        nargs="?",
        metavar="PHOTO2",
        help="the right one of effects that take two (default: the first, mirrored)",
    )
    parser.add_argument(
        "--out",
        type=Path,
        default=Path("effects.webp"),
        metavar="FILE",
        help="where to write it, as .webp, .png or .jpg (default: %(default)s)",
    )
    parser.add_argument("--animated", action="store_true", help="every effect in motion, in smaller cells (.webp only)")
    parser.add_argument("--only", default="", metavar="WORDS", help="effects about these words: --only christmas")
    parser.add_argument(
        "--size", type=_count, metavar="PX", help="side of a cell in pixels (default: 168, animated 84)"
    )
    parser.add_argument("--workers", type=_count, metavar="N", help="threads to draw in (default: one per core)")


def run(args: argparse.Namespace) -> int:
    """Draw the sheet and write it; return the exit code."""
    try:
        from .contact_sheet import contact_sheet, moving_sheet, save
    except ModuleNotFoundError as error:
        print(f'The contact sheet needs {error.name}: pip install "kling-widgets[emulator]"', file=sys.stderr)
        return 1

    try:
        # Before the work, not after it.
        _check(args.out, args.animated)
        draw = moving_sheet if args.animated else contact_sheet
        size = {"side": args.size} if args.size else {}
        save(draw(args.photo, args.second, only=args.only, workers=args.workers, **size), args.out)
    except (OSError, ValueError) as error:
        print(f"kling-widgets contact-sheet: {error}", file=sys.stderr)
        return 1

    print(f"{args.out}: open it, choose an effect, and use the name beneath its title as effect_scene.")
    return 0


def _check(out: Path, animated: bool) -> None:
    if not out.parent.is_dir():
        raise ValueError(f"There is no folder {out.parent}: make it first, or name another file with --out.")

    if out.suffix.lower() not in FORMATS:
        raise ValueError(f"{out} would be of a format that is not known here: end its name in .webp, .png or .jpg.")

    if animated and out.suffix.lower() != MOVING:
        raise ValueError(f"A {out.suffix} file does not move here: end the name in .webp, or leave out --animated.")


def _count(text: str) -> int:
    try:
        count = int(text)
    except ValueError:
        count = 0
    if count < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a count: give 1 or more")

    return count
