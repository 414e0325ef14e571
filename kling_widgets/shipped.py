"""The notebooks and sample photos that come with the package."""

from __future__ import annotations

from pathlib import Path

SAMPLES = {"rocket.jpg": "Rocket", "coffee.png": "Coffee", "chelsea.png": "Cat", "astronaut.png": "Portrait"}


def notebooks() -> Path:
    """The folder: inside the wheel, or in the checkout that an editable install points at."""
    package = Path(__file__).parent
    inside = package / "notebooks"
    return inside if inside.exists() else package.parent / "notebooks"


def sample(name: str) -> Path:
    """The file of one of SAMPLES."""
    return notebooks() / "photos" / name
