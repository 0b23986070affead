# The small open HMR2.0 without adaptation, on the real tracks.
_base_ = [
    './_base_/default_runtime.py',
    './_base_/estimators/hmr2_vit-small.py',
    './_base_/bodies/open.py',
    './_base_/datasets/pose2sim.py',
]

method = 'noadapt'
weights = 'hmr2_small_open'
