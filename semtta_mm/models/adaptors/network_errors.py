"""Expected errors of the network's rotations on a track."""

from __future__ import annotations

from torch import Tensor

from ...structures.pose_bank import Source
from .observed_rotations import observed_with_root
from .precision import ExpectedErrors
from .session import Session


def network_errors(errors: ExpectedErrors, session: Session) -> Tensor:
    """Expected errors of the network's rotations ``[T, 24]``, radians.

    Args:
        errors: The usual ones.
        session: Of the track; may have a lifted motion.
    """
    root = None if session.lifted is None else session.lifted.root_error
    return errors.of(observed(session), session.frames.track.rate, root)


def observed(session: Session) -> Tensor:
    """Rotations that detected keypoints constrain, with the root."""
    detected = session.bank.source == int(Source.DETECTED)
    return observed_with_root(detected, session.frames.convention)
