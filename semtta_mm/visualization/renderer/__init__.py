from .rasterizer import Fragments, rasterize, vertex_normals
from .shading import draw_mesh, lambert

__all__ = [
    'Fragments',
    'draw_mesh',
    'lambert',
    'rasterize',
    'vertex_normals',
]
