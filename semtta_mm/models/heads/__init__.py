from .hmr2_head import HMR2Head

__all__ = ['HMR2Head']
