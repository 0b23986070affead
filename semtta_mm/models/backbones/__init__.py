from .hmr2_vit import HMR2ViT
from .movenet_trunk import MoveNetTrunk

__all__ = ['HMR2ViT', 'MoveNetTrunk']
