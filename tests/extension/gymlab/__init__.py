"""Another project: parts for semtta_mm under a scope of its own."""

from . import detector, estimator, labeler, loss, method

__all__ = ['detector', 'estimator', 'labeler', 'loss', 'method']
