# Row of comparison: the un-adapted network; nothing is adapted.
_base_ = ['./2d_smooth.py']

method = 'unadapted'
train_cfg = dict(max_epochs=1)
train_dataloader = dict(passes_per_epoch=0.1, min_steps_per_epoch=1)
optim_wrapper = dict(optimizer=dict(lr=0.0))
hooks = dict(denoiser=None)
