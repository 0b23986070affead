# Table 1, 3DPW: HMR, trained on Human3.6M, without adaptation. MPJPE /
# PA-MPJPE / MPVPE in the paper: 230.3 / 123.4 / 253.4 mm.
_base_ = [
    './_base_/default_runtime.py',
    './_base_/estimators/hmr_resnet50-gn.py',
    './_base_/bodies/smpl.py',
    './_base_/datasets/3dpw.py',
]

method = 'noadapt'
weights = 'data/checkpoints/hmr_basemodel.pt'  # of CycleAdapt, unchanged
