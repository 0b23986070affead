from .hmr2_vit import HMR2ViT

__all__ = ['HMR2ViT']
