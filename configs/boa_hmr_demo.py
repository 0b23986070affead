# BOA on the four real tracks in the package, with the open HMR.
_base_ = [
    './_base_/default_runtime.py',
    './_base_/estimators/hmr_mobilenetv2.py',
    './_base_/bodies/open.py',
    './_base_/datasets/pose2sim.py',
    './_base_/methods/boa.py',
]

model = dict(
    estimator={{_base_.estimator}},
    weights='hmr_mobilenetv2_open',
    body={{_base_.body}},
    adapts='head',  # a fraction of the time; as published: 'network'
    # Source-free, and without the prior, whose file is licensed.
    losses=dict(pose=None),
)
train_dataloader = dict(dataset={{_base_.tracks}})
