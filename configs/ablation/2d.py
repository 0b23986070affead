# Table 4, row by row: reprojection only.
_base_ = ['../semtta_hmr_demo.py']

method = '2d'
model = dict(losses=dict(smooth=None, align=None))
hooks = dict(denoiser=None, ema=None, fill=None, reweight=None, video=None)
