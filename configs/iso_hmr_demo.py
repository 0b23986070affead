# ISO on the four real tracks in the package: each frame by itself.
_base_ = [
    './_base_/default_runtime.py',
    './_base_/estimators/hmr_mobilenetv2.py',
    './_base_/bodies/open.py',
    './_base_/datasets/pose2sim.py',
    './_base_/methods/iso.py',
]

model = dict(
    estimator={{_base_.estimator}},
    weights='hmr_mobilenetv2_open',
    body={{_base_.body}},
    adapts='head',  # shared: the MLP of the neck and the first layer
)
train_dataloader = dict(dataset={{_base_.tracks}})
# fused: the same computation, faster (benchmarks/bench_head.py).
optim_wrapper = dict(optimizer=dict(fused=True))
