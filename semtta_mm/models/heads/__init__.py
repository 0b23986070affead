from .hmr2_head import HMR2Head
from .movenet_head import MoveNetHead

__all__ = ['HMR2Head', 'MoveNetHead']
