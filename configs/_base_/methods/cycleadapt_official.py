# CycleAdapt with its own motion denoiser, read from the unchanged public file
# (docs/licensed_assets.md).
_base_ = ['./cycleadapt.py']

hooks = dict(denoiser=dict(weights='data/checkpoints/md_basemodel.pt'))
