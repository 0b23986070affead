# Table 4: + smoothing (the CycleAdapt-like row, 87.7 mm on 3DPW).
_base_ = ['../semtta_hmr_demo.py']

method = '2d_smooth'
model = dict(losses=dict(align=None))
hooks = dict(ema=None, fill=None, reweight=None, video=None)
