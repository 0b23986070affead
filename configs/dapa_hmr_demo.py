# DAPA on the four real tracks in the package, with the open HMR.
_base_ = [
    './_base_/default_runtime.py',
    './_base_/estimators/hmr_mobilenetv2.py',
    './_base_/bodies/open.py',
    './_base_/datasets/pose2sim.py',
    './_base_/methods/dapa.py',
]

model = dict(
    estimator={{_base_.estimator}},
    weights='hmr_mobilenetv2_open',
    body={{_base_.body}},
    adapts='head',  # a fraction of the time; as published: 'network'
)
# A track of 50 frames would be one batch of 64; 30 epochs are a few minutes.
train_cfg = dict(max_epochs=30)
train_dataloader = dict(dataset={{_base_.tracks}}, batch_size=16)
