"""`import kling_widgets` against `import anywidget` alone, each in a fresh process. Target: at most 1.15 x."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time

ROUNDS = 15


def main() -> None:
    times: dict[str, list[float]] = {"anywidget": [], "kling_widgets": [], "kling_widgets and a widget": []}
    code = {
        "anywidget": "import anywidget",
        "kling_widgets": "import kling_widgets",
        "kling_widgets and a widget": "import kling_widgets; kling_widgets.MotionBrush",
    }
    for _ in range(ROUNDS):
        for name, command in code.items():
            began = time.perf_counter()
            subprocess.run([sys.executable, "-c", command], check=True)
            times[name].append(time.perf_counter() - began)
    median = {name: statistics.median(values) for name, values in times.items()}
    for name, value in median.items():
        print(f"import {name:28} {value * 1000:6.0f} ms   {value / median['anywidget']:.2f} x")


if __name__ == "__main__":
    main()
