from .hmr_trainer import HMRTrainer

__all__ = ['HMRTrainer']
