# Table 1, 3DHP: HMR, trained on Human3.6M, without adaptation. MPJPE /
# PA-MPJPE in the paper: 218.5 / 119.6 mm.
_base_ = [
    './_base_/default_runtime.py',
    './_base_/estimators/hmr_resnet50-gn.py',
    './_base_/bodies/smpl.py',
    './_base_/datasets/3dhp.py',
]

method = 'noadapt'
weights = 'data/checkpoints/hmr_basemodel.pt'  # of CycleAdapt, unchanged
