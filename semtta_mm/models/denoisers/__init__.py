from .mask import hidden_frames
from .mdnet import MDNet, hidden_l1_loss
from .text_inpainter import TextInpainter

__all__ = ['MDNet', 'TextInpainter', 'hidden_frames', 'hidden_l1_loss']
