# Table 1, 3DPW: CycleAdapt. MPJPE / PA-MPJPE / MPVPE in the paper: 230.3 /
# 123.4 / 253.4 mm before, 87.7 / 53.8 / 105.7 mm after.
_base_ = [
    './_base_/default_runtime.py',
    './_base_/estimators/hmr_resnet50-gn.py',
    './_base_/bodies/smpl.py',
    './_base_/datasets/3dpw.py',  # protocol, and that of WHAM beside it
    './_base_/methods/cycleadapt_official.py',
]

model = dict(
    estimator={{_base_.estimator}},  # with its dropout of 0.5
    weights='data/checkpoints/hmr_basemodel.pt',  # of CycleAdapt, unchanged
    body={{_base_.body}},
)
# OpenPose's 13 body points among CycleAdapt's 29; no point of the face.
tracks = _base_.tracks
tracks.update(
    convention='cycleadapt_29',
    unused=(
        'pelvis',
        'nose',
        'left_eye',
        'right_eye',
        'left_ear',
        'right_ear',
    ),
)
train_dataloader = dict(dataset=tracks)
