from .spatial_neck import SpatialNeck

__all__ = ['SpatialNeck']
