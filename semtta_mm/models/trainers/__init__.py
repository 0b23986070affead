from .hmr_trainer import HMRTrainer
from .mdnet_trainer import MDNetTrainer

__all__ = ['HMRTrainer', 'MDNetTrainer']
