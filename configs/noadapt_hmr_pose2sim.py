# The open HMR without adaptation, on the real tracks.
_base_ = [
    './_base_/default_runtime.py',
    './_base_/estimators/hmr_mobilenetv2.py',
    './_base_/bodies/open.py',
    './_base_/datasets/pose2sim.py',
]

method = 'noadapt'
weights = 'hmr_mobilenetv2_open'
