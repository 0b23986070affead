from .actions import ACTIONS, make_clip
from .style import SPLITS, Split, Style

__all__ = ['ACTIONS', 'SPLITS', 'Split', 'Style', 'make_clip']
