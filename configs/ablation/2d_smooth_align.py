# Table 4: + alignment (the semantic prior, 79.3 mm on 3DPW).
_base_ = ['../semtta_hmr_demo.py']

method = '2d_smooth_align'
hooks = dict(ema=None, fill=None, video=None)
