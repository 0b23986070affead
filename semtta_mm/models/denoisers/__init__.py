from .mask import hidden_frames
from .mdnet import MDNet, hidden_l1_loss

__all__ = ['MDNet', 'hidden_frames', 'hidden_l1_loss']
