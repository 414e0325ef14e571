"""Every bench in turn: `python -m tests.bench`, or some of them: `python -m tests.bench imports render`."""

import importlib
import sys
from pathlib import Path

ALL = sorted(path.stem for path in Path(__file__).parent.glob("[a-z]*.py"))

for name in sys.argv[1:] or ALL:
    bench = importlib.import_module(f"tests.bench.{name}")
    print(f"\n== {name}: {bench.__doc__.splitlines()[0]}", flush=True)
    bench.main()
