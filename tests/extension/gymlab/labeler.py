"""A labeler; any callable that takes a track would do."""

from semtta_mm.labeling import LabelSpan

from .registry import TASK_UTILS


@TASK_UTILS.register_module()
class HalvesLabeler:
    """Walks first, then waves."""

    def __call__(self, track):
        first, last = int(track.frame_ids[0]), int(track.frame_ids[-1])
        middle = (first + last) // 2
        return [
            LabelSpan(first, middle, 'walk', source='gymlab'),
            LabelSpan(middle, last + 1, 'wave a hand', source='gymlab'),
        ]
