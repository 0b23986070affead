# Table 4: + EMA; with fill-in it is semtta_hmr_demo.py.
_base_ = ['../semtta_hmr_demo.py']

method = '2d_smooth_align_ema'
hooks = dict(fill=None, video=None)
