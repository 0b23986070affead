from .body_estimates import BodyEstimates
from .detection import Detection
from .mesh_prediction import MeshPrediction
from .person_boxes import PersonBoxes
from .person_track import PersonTrack
from .reference import BodyReference
from .smpl_params import SMPLParams
from .track_prediction import TrackPrediction

__all__ = [
    'BodyEstimates',
    'BodyReference',
    'Detection',
    'MeshPrediction',
    'PersonBoxes',
    'PersonTrack',
    'SMPLParams',
    'TrackPrediction',
]
