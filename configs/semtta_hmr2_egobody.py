# Table 2, EgoBody: HMR2.0 adapts to each track separately. MPJPE / PA-MPJPE in
# the paper: 118.2 / 69.6 mm before, 104.6 / 56.1 mm after. Table 2 has no
# settings of its own (those of Sec. 5.2 are used), nor its views and frames.
_base_ = [
    './_base_/default_runtime.py',
    './_base_/estimators/hmr2_vit-h.py',
    './_base_/bodies/smpl.py',
    './_base_/datasets/egobody.py',  # protocol, and that of WHAM beside it
    './_base_/methods/semtta_official.py',  # numbers of Sec. 5.2
]

model = dict(
    estimator={{_base_.estimator}},
    # 4D-Humans' default, 2.0b by its un-adapted errors; the original file.
    weights='data/checkpoints/hmr2/epoch=35-step=1000000.ckpt',
    body={{_base_.body}},
    motion_text={{_base_.motion_text}},
)
# HMR2.0's own crops: 256 px, widened to 4:3 so that the middle 192 columns
# hold the person. The boxes are those of keypoints, so padded as SPIN's.
tracks = _base_.tracks
tracks.update(input_size=256, box_aspect=4 / 3, antialias=True)
train_dataloader = dict(dataset=tracks)
# GPT-4's answers by frame in the paper (Sec. 4.1); any TRACK.json here.
train_cfg = dict(labeler=dict(type='FileLabeler', path='data/labels/egobody'))
