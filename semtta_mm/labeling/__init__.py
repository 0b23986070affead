from .file_labeler import FileLabeler, read_labels, write_labels
from .fixed_labeler import FixedLabeler
from .spans import LabelSpan, frame_labels, match_spans

__all__ = [
    'FileLabeler',
    'FixedLabeler',
    'LabelSpan',
    'frame_labels',
    'match_spans',
    'read_labels',
    'write_labels',
]
