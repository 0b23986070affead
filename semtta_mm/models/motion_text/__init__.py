from .clip_text import CLIPText
from .dictionary import Match, MotionDictionary
from .dictionary_file import read_dictionary, read_dictionary_for
from .joint_motion_text import JointMotionText
from .labels import normalise
from .motion_patches import MotionPatches
from .motion_patches_text import MotionPatchesText
from .motionclip import MotionCLIP, cosine
from .text import MiniLMText, TextEncoder, load_encoder
from .tmr import TMR
from .tmr_text import TMRText

__all__ = [
    'TMR',
    'CLIPText',
    'JointMotionText',
    'Match',
    'MiniLMText',
    'MotionCLIP',
    'MotionDictionary',
    'MotionPatches',
    'MotionPatchesText',
    'TMRText',
    'TextEncoder',
    'cosine',
    'load_encoder',
    'normalise',
    'read_dictionary',
    'read_dictionary_for',
]
