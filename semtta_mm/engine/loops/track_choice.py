"""Which tracks a run is about."""

from __future__ import annotations

from collections.abc import Sequence

from ...utils import InputError


def chosen_numbers(
    names: Sequence[str], only: Sequence[str] | None
) -> list[int]:
    """Positions of some tracks.

    Args:
        names: Of all tracks.
        only: Which; None takes all.

    Raises:
        InputError: If there is no track of a name.
    """
    if only is None:
        return list(range(len(names)))
    unknown = sorted(set(only) - set(names))
    if unknown:
        known = f'choose among {", ".join(names)}'
        raise InputError('--tracks', unknown[0], 'is no track', known)
    return [number for number, name in enumerate(names) if name in only]
