"""Every look by the name that data/looks.json calls it by."""

from __future__ import annotations

from collections.abc import Callable
from inspect import signature
from typing import Any

from kling_widgets.emulator.job import Photo
from kling_widgets.emulator.looks import (
    cards,
    drawn,
    film,
    lights,
    materials,
    pairs,
    particles,
    signs,
    sky,
    surround,
    warps,
    wear,
    wings,
)

Look = Callable[..., Photo]

STYLES: dict[str, Look] = {
    look.__name__: look
    for look in (
        drawn.aged,
        drawn.anime,
        drawn.cartoon,
        drawn.comic,
        drawn.duotone,
        drawn.neon,
        drawn.oil,
        drawn.pixels,
        drawn.sketch,
        materials.crystal,
        materials.felt,
        materials.frost,
        materials.knit,
        materials.metal,
        materials.plush,
        materials.stone,
    )
}
"""style(photo, seed, **parameters) -> photo: worked out once for a film."""

MOVES: dict[str, Look] = {
    look.__name__: look
    for look in (
        cards.crowd,
        cards.gallery,
        cards.globe,
        cards.kaleidoscope,
        cards.miniature,
        cards.printed,
        cards.sliced,
        cards.swirled,
        cards.vanish,
        film.blink,
        film.cinema,
        film.colour_cycle,
        film.doubled,
        film.glimpse,
        film.glitch,
        film.grain,
        film.zoom,
        lights.aura,
        lights.fire,
        sky.fireworks,
        sky.lightning,
        sky.night,
        lights.rays,
        sky.smoke,
        lights.sparkle,
        lights.spotlights,
        lights.strobe,
        particles.burst,
        particles.circle,
        particles.rain,
        particles.rise,
        signs.lettered,
        signs.speed_lines,
        signs.viewfinder,
        surround.mane,
        surround.scrolls,
        surround.standee,
        surround.unwrapped,
        warps.bounce,
        warps.fall,
        warps.inflate,
        warps.melt,
        warps.orbit,
        warps.ripple,
        warps.rush,
        warps.shake,
        warps.slide,
        warps.spin,
        warps.squish,
        warps.twirl,
        warps.wave,
        warps.wobble,
        wear.bandage,
        wear.bubbles,
        wear.crown,
        wear.halo,
        wear.held,
        wear.mist,
        wings.wings,
    )
}
"""move(frame, t, seed, **parameters) -> frame: of one moment of the film."""

ABOUT_SUBJECT = frozenset(name for name, look in MOVES.items() if "subject" in signature(look).parameters)
"""The moves that ask where the subject is: a keyword, subject."""

PAIRS: dict[str, Look] = {look.__name__: look for look in (pairs.clash, pairs.swept, pairs.together)}
"""pair(two, t, seed, **parameters) -> frame: two photos to one."""

Step = dict[str, Any]
"""One entry of data/looks.json: {"look": name, parameter: value, ...}."""
