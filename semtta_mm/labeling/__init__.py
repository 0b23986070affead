from .base import BaseLabeler, check_labels
from .file_labeler import FileLabeler, read_labels, write_labels
from .fixed_labeler import FixedLabeler, SpanLabeler
from .motion_labeler import MotionLabeler
from .resolver import LabelResolver
from .spans import LabelSpan, frame_labels, match_spans
from .test_set_labeler import TestSetLabeler
from .vlm import VLMLabeler

__all__ = [
    'BaseLabeler',
    'FileLabeler',
    'FixedLabeler',
    'LabelResolver',
    'LabelSpan',
    'MotionLabeler',
    'SpanLabeler',
    'TestSetLabeler',
    'VLMLabeler',
    'check_labels',
    'frame_labels',
    'match_spans',
    'read_labels',
    'write_labels',
]
