"""How often a film flashes, as WCAG 2.3.1 counts: more than three times in a second can bring on a seizure."""

import numpy as np

STEP = 0.1
"""A change of relative luminance, of which white has 1, that counts."""

BRIGHT = 0.8
"""Only changes whose darker side is below this count."""


def most_flashes(film: np.ndarray, fps: int) -> float:
    """The most flashes that any quarter of the film's frames, shape (n, height, width, 3), sees within one second.

    A flash is a pair of opposing changes. Frames are to be small: a moving edge is a flash to the pixels it crosses.
    """
    share = film.astype(np.float32) / 255
    light = np.where(share <= 0.04045, share / 12.92, ((share + 0.055) / 1.055) ** 2.4) @ (0.2126, 0.7152, 0.0722)
    light = light.reshape(len(film), -1)
    way = np.zeros(light.shape[1])
    low, high = light[0].copy(), light[0].copy()
    changes = np.zeros(light.shape, int)
    for index, now in enumerate(light):
        low, high = np.minimum(low, now), np.maximum(high, now)
        up = (now - low >= STEP) & (low < BRIGHT) & (way <= 0)
        down = (high - now >= STEP) & (now < BRIGHT) & (way >= 0) & ~up
        changes[index] = up | down
        way = np.where(up, 1, np.where(down, -1, way))
        # From its turn on, only the new way's far end is looked out for.
        high = np.where(up | (way < 0), now, high)
        low = np.where(down | (way > 0), now, low)

    total = np.concatenate([np.zeros((1, light.shape[1]), int), changes.cumsum(axis=0)])
    within = total[fps:] - total[:-fps]
    return float(np.quantile(within, 0.75, axis=1).max() / 2)
