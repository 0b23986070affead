from .keypoints import COLOURS, draw_keypoints
from .skeleton import limbs
from .track_video import draw_track, write_track_video
from .video_writer import VideoWriter

__all__ = [
    'COLOURS',
    'VideoWriter',
    'draw_keypoints',
    'draw_track',
    'limbs',
    'write_track_video',
]
