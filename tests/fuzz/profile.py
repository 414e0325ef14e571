"""How many cases: 200 in the test command, 10,000 with HYPOTHESIS_PROFILE=nightly."""

from __future__ import annotations

import os

CASES = 10_000 if os.environ.get("HYPOTHESIS_PROFILE") == "nightly" else 200
