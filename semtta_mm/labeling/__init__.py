from .base import BaseLabeler
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
    'frame_labels',
    'match_spans',
    'read_labels',
    'write_labels',
]
