"""BOA: bilevel online adaptation (Guan et al., CVPR 2021)."""

from __future__ import annotations

from ....registry import MODELS
from .online_adaptor import OnlineAdaptor


@MODELS.register_module()
class BOA(OnlineAdaptor):
    """One second-order bilevel step for each new frame.

    The lower level fits the frame (2D keypoints, priors, one labelled crop
    of the source); the upper level asks that the network after that step also
    agrees with a teacher and with the motion of the keypoints. Its gradient,
    through the lower step, moves the network; then the teacher follows, and
    the frame is predicted. Written from the facts of the paper and of the
    published code; constants are in ``configs/_base_/methods/boa.py``.

    Args:
        estimator: See :class:`OnlineAdaptor`.
        body: See :class:`OnlineAdaptor`.
        **kwargs: See :class:`OnlineAdaptor`.
    """
