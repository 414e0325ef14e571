"""What each bundle weighs on the wire, gzip, against what may be: 30 kB the motion brush, 90 kB all together.

The studio holds pieces of all the others and has no limit of its own.
"""

from __future__ import annotations

import gzip

from kling_widgets.widgets.base import STATIC

LIMITS = {"motion_brush": 30.0, "all": 90.0}


def main() -> None:
    scripts = sorted(path.stem for path in STATIC.glob("*.js"))
    sizes = {name: len(gzip.compress((STATIC / f"{name}.js").read_bytes(), 9)) / 1000 for name in scripts}
    for name, size in {**sizes, "all": sum(sizes.values())}.items():
        limit = LIMITS.get(name)
        print(f"{name:16} {size:6.1f} kB", f"  of {limit:.0f} kB   {size / limit:.2f} x" if limit else "")
    for sheet in sorted(STATIC.glob("*.css")):
        print(f"{sheet.name:22} {len(gzip.compress(sheet.read_bytes(), 9)) / 1000:6.1f} kB")


if __name__ == "__main__":
    main()
