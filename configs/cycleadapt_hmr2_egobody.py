# Table 2, EgoBody: CycleAdapt on HMR2.0. MPJPE / PA-MPJPE in the paper:
# 118.2 / 69.6 mm before, 108.7 / 60.4 mm after. Its code has no HMR2.0, so
# HMR's numbers are used.
_base_ = [
    './_base_/default_runtime.py',
    './_base_/estimators/hmr2_vit-h.py',
    './_base_/bodies/smpl.py',
    './_base_/datasets/egobody.py',  # protocol, and that of WHAM beside it
    './_base_/methods/cycleadapt_official.py',
]

model = dict(
    estimator={{_base_.estimator}},
    # 4D-Humans' default, 2.0b by its un-adapted errors; the original file.
    weights='data/checkpoints/hmr2/epoch=35-step=1000000.ckpt',
    body={{_base_.body}},
)
# HMR2.0's own crops, see semtta_hmr2_egobody.py.
tracks = _base_.tracks
tracks.update(input_size=256, box_aspect=4 / 3, antialias=True)
train_dataloader = dict(dataset=tracks)
