from .backgrounds import sample_background
from .camera import View, sample_view
from .clothes import Dress, Wardrobe, sample_dress
from .crop import Crop, CropRenderer

__all__ = [
    'Crop',
    'CropRenderer',
    'Dress',
    'View',
    'Wardrobe',
    'sample_background',
    'sample_dress',
    'sample_view',
]
