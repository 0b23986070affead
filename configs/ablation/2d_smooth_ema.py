# EMA (Eq. 7) without alignment and fill-in.
_base_ = ['../semtta_hmr_demo.py']

method = '2d_smooth_ema'
model = dict(losses=dict(align=None))
hooks = dict(fill=None, reweight=None, video=None)
