from .head_trainer import HeadTrainer
from .hmr_trainer import HMRTrainer
from .inpainter_trainer import InpainterTrainer
from .lifter_trainer import LifterTrainer
from .mdnet_trainer import MDNetTrainer
from .motion_text_trainer import MotionTextTrainer

__all__ = [
    'HMRTrainer',
    'HeadTrainer',
    'InpainterTrainer',
    'LifterTrainer',
    'MDNetTrainer',
    'MotionTextTrainer',
]
