from .base import BaseLabeler, check_labels
from .file_labeler import FileLabeler, read_labels, write_labels
from .fixed_labeler import FixedLabeler, SpanLabeler
from .resolver import LabelResolver
from .spans import LabelSpan, frame_labels, match_spans

__all__ = [
    'BaseLabeler',
    'FileLabeler',
    'FixedLabeler',
    'LabelResolver',
    'LabelSpan',
    'SpanLabeler',
    'check_labels',
    'frame_labels',
    'match_spans',
    'read_labels',
    'write_labels',
]
