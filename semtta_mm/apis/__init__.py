"""What users import: adapt, evaluate, and the inferencer for videos."""

from .adapt import adapt, init_adaptor
from .evaluate import evaluate

__all__ = ['adapt', 'evaluate', 'init_adaptor']
