"""Colours of bodies."""

from collections.abc import Sequence


def srgb(linear: Sequence[float]) -> tuple[int, int, int]:
    """Linear RGB in [0, 1], as glTF has it, to bytes for a screen."""
    red, green, blue = (round(255 * value ** (1 / 2.2)) for value in linear)
    return red, green, blue
