"""What a path of a config is for, and how to get what belongs there.

Names and commands only; ``docs/licensed_assets.md`` has licences and trees.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from .config_places import Place

GUIDE = 'docs/licensed_assets.md'


@dataclass(frozen=True)
class Asset:
    """Something that a user brings.

    Attributes:
        name: What it is.
        get: Where it is from, and the command that prepares it.
    """

    name: str
    get: str


SMPL = Asset(
    'SMPL',
    'register at the SMPL (and, for the neutral body, SMPLify) web site, then '
    '`semtta prepare-smpl SRC`; $SMPL_MODEL_DIR names the folder',
)
H36M = Asset(
    'J_regressor_h36m.npy',
    'data of SPIN, CycleAdapt or mmhuman3d; `semtta prepare-smpl SRC` with it '
    'in SRC checks it',
)
PW3D = Asset(
    '3DPW',
    'the two archives of its web site, sequenceFiles and imageFiles, unpacked '
    'into one folder',
)
OPENPOSE = Asset(
    'OpenPose JSON',
    'run OpenPose with --write_json on the images, one folder a sequence',
)
LABELS = Asset(
    'text labels',
    'one TRACK.json a track, see docs/tracks.md; --text or --labels gives '
    'others',
)
GN_HMR = Asset(
    'HMR with GroupNorm, trained on Human3.6M',
    "CycleAdapt's hmr_basemodel.pt or BOA's basemodel.pt, as it is",
)
SPIN_HMR = Asset('HMR with BatchNorm', "SPIN's model_checkpoint.pt, as it is")
HMR2 = Asset(
    'HMR2.0',
    "4D-Humans' Lightning checkpoint (epoch=35-step=1000000.ckpt), as it is",
)
MDNET = Asset(
    'MDNet', "CycleAdapt's md_basemodel.pt, as it is; mdnet_open ships"
)
MOTIONCLIP = Asset(
    'MotionCLIP',
    "its repository's released checkpoint_0100.pth.tar, as it is; "
    'motion_text_open ships',
)
DICTIONARY = Asset(
    'motion dictionary',
    'BABEL and AMASS, then `semtta build-dictionary --babel DIR --amass DIR '
    '--encoder clip --weights ViT-B-32.pt --out FILE`; open ships',
)
MOTION_PATCHES = Asset(
    'MotionPatches', "its repository's best_model.pt for HumanML3D, as it is"
)
HUMANML3D = Asset(
    'mean and deviation of HumanML3D',
    "HumanML3D, then MotionPatches' scripts/cal_mean_var.py, which writes "
    'Mean_raw.npy and Std_raw.npy',
)
CLIP = Asset(
    'CLIP ViT-B/32',
    "OpenAI's ViT-B-32.pt, or a folder of open_clip or transformers, as it is",
)
DISTILBERT = Asset(
    'vocabulary of distilbert-base-uncased', 'its tokenizer.json or vocab.txt'
)
DISTILBERT_WHOLE = Asset(
    'distilbert-base-uncased',
    'its folder in the form of transformers: weights and tokenizer',
)
TMR_MOTION = Asset(
    'TMR',
    "tmr_humanml3d_guoh3dfeats of its repository's pre-trained models: "
    'last_weights/motion_encoder.pt, as it is',
)
TMR_WORDS = Asset('TMR, texts', 'beside it: last_weights/text_encoder.pt')
TMR_STATISTICS = Asset(
    "mean and deviation of TMR's features",
    'stats/humanml3d/guoh3dfeats of its repository: mean.pt and std.pt',
)
TMR_SKELETON = Asset(
    "HumanML3D's skeleton",
    "src/guofeats/skeleton_example_h3d.npy of TMR's repository",
)
MEAN_PARAMS = Asset(
    'smpl_mean_params.npz', "SPIN's data, as it is; 'standing' needs no file"
)
GMM = Asset('gmm_08.pkl', 'pose prior of SMPLify, also in the data of SPIN')
VPOSER = Asset(
    'VPoser', 'V01 or V02 of the SMPL-X (SMPLify-X) web site, its snapshot'
)
VIBE = Asset(
    'motion discriminator', "VIBE's checkpoint with disc_motion_state_dict"
)
TRAINED = Asset('weights of a training', '`semtta train` with its config')

_TRACKS = {
    '3dhp': 'MPI-INF-3DHP, then `semtta convert 3dhp SRC {path} --fps FPS '
    '--openpose JSON`',
    'egobody': 'EgoBody, then `semtta convert egobody SRC {path}`',
    'h36m': 'Human3.6M, then `semtta convert h36m SRC {path} --openpose JSON`',
    '3dpw': '3DPW, then `semtta convert 3dpw SRC {path}`',
    'synthetic': '`semtta make-test-set`',
}
_ESTIMATORS = {'HMREstimator': GN_HMR, 'HMR2Estimator': HMR2}

_ASSETS = {
    ('SMPLBody', 'model_path'): SMPL,
    ('SMPLBody', 'regressors.h36m_17'): H36M,
    ('ThreeDPWReader', 'keypoints'): PW3D,
    ('ThreeDPWReader', 'openpose'): OPENPOSE,
    ('OpenPoseReader', 'keypoints'): OPENPOSE,
    ('FileLabeler', 'path'): LABELS,
    ('MotionCLIP', 'weights'): MOTIONCLIP,
    ('MotionPatches', 'weights'): MOTION_PATCHES,
    ('MotionPatches', 'statistics'): HUMANML3D,
    ('MotionPatchesText', 'weights'): MOTION_PATCHES,
    ('MotionPatchesText', 'vocabulary'): DISTILBERT,
    ('TMR', 'weights'): TMR_MOTION,
    ('TMR', 'statistics'): TMR_STATISTICS,
    ('TMR', 'skeleton'): TMR_SKELETON,
    ('TMRText', 'weights'): TMR_WORDS,
    ('TMRText', 'words'): DISTILBERT_WHOLE,
    ('CLIPText', 'weights'): CLIP,
    ('CLIPText', 'vocabulary'): CLIP,
    ('DenoiserHook', 'weights'): MDNET,
    ('SemTTA', 'dictionary'): DICTIONARY,
    ('HMREstimator', 'mean_params'): MEAN_PARAMS,
    ('HMR2Estimator', 'mean_params'): MEAN_PARAMS,
    ('GMMPriorLoss', 'path'): GMM,
    ('VPoserPriorLoss', 'weights'): VPOSER,
    ('MotionPriorLoss', 'weights'): VIBE,
}


def asset_of(place: Place) -> Asset:
    """What belongs at a path.

    Args:
        place: The path and what stands around it.

    Returns:
        The asset; one that only names the field if nothing is known.
    """
    known = _ASSETS.get((place.type, place.key))
    if known is not None:
        return known
    if place.key == 'weights':
        return _weights(place)
    if (place.type, place.key) == ('NpzTrackReader', 'keypoints'):
        get = _TRACKS.get(place.dataset, '`semtta convert`').format(
            path=place.value
        )
        return Asset(f'tracks of {place.dataset or "a video"}', get)
    return Asset(place.key or place.field, f'--cfg-options {place.field}=PATH')


def _weights(place: Place) -> Asset:
    """Weights of a network; those of a training have its folder's name."""
    if place.value.startswith('work_dirs'):
        return TRAINED
    estimator = place.owner.get('estimator')
    if not isinstance(estimator, Mapping):
        return Asset('weights', f'--cfg-options {place.field}=PATH')
    kind = str(estimator.get('type', '')).rpartition('.')[2]
    norm = (estimator.get('backbone') or {}).get('norm_cfg') or {}
    if kind == 'HMREstimator' and norm.get('type') == 'BN':
        return SPIN_HMR
    return _ESTIMATORS.get(
        kind, Asset('weights', f'--cfg-options {place.field}=PATH')
    )
