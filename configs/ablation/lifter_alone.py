# Row of comparison: the lifted motion itself; nothing is adapted.
_base_ = ['./2d_smooth.py', '../_base_/lifters/open.py']

method = 'lifter_alone'
train_cfg = dict(max_epochs=1)
train_dataloader = dict(passes_per_epoch=0.1, min_steps_per_epoch=1)
optim_wrapper = dict(optimizer=dict(lr=0.0))
hooks = dict(
    denoiser=None,
    evidence={{_base_.evidence_check}},
    lifter={{_base_.lifter}},
    lifted_result=dict(type='LiftedResultHook'),
)
