# The same standing body in every frame of the real tracks: what any network
# must beat. HMR's mean body, with its crop.
_base_ = [
    './_base_/default_runtime.py',
    './_base_/bodies/open.py',
    './_base_/datasets/pose2sim.py',
]

method = 'constant'
estimator = dict(
    type='ConstantEstimator', mean_params='standing', input_size=128
)
