# CycleAdapt on the four real tracks in the package. The demos add the network.
_base_ = [
    '../default_runtime.py',
    '../bodies/open.py',
    '../datasets/pose2sim.py',
    './cycleadapt.py',
]

model = dict(
    body={{_base_.body}},
    adapts='head',  # as in semtta_demo.py, whose values the following are, too
    losses=dict(keypoints=dict(tolerance=4.0)),
)
# 13 cycles of 10 steps: about as many as SemTTA's 6 epochs of 20. With one
# pass a cycle, a track of 50 frames would have 2 steps.
train_dataloader = dict(dataset={{_base_.tracks}}, min_steps_per_epoch=10)
optim_wrapper = dict(optimizer=dict(lr=1e-4, fused=True))
