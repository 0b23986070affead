# Table 2, 3DPW: HMR2.0 without adaptation. MPJPE / PA-MPJPE in the paper:
# 80.2 / 53.3 mm.
_base_ = [
    './_base_/default_runtime.py',
    './_base_/estimators/hmr2_vit-h.py',
    './_base_/bodies/smpl.py',
    './_base_/datasets/3dpw.py',
]

method = 'noadapt'
weights = 'data/checkpoints/hmr2/epoch=35-step=1000000.ckpt'
# HMR2.0's own crops, see semtta_hmr2_3dpw.py.
tracks = dict(input_size=256, box_aspect=4 / 3, antialias=True)
