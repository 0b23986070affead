from .body_painter import BodyMesh, BodyPainter
from .keypoints import COLOURS, draw_keypoints
from .mesh_track import MeshTrack, draw_people, mesh_track
from .skeleton import limbs
from .track_video import draw_track, write_track_video
from .video_writer import VideoWriter
from .views import Scene, write_view

__all__ = [
    'COLOURS',
    'BodyMesh',
    'BodyPainter',
    'MeshTrack',
    'Scene',
    'VideoWriter',
    'draw_keypoints',
    'draw_people',
    'draw_track',
    'limbs',
    'mesh_track',
    'write_track_video',
    'write_view',
]
