# Control of the inpainter: conditioned on the joints only, without a text.
_base_ = ['../semtta_hmr_demo_inpaint.py']

method = 'semtta_inpaint_no_text'
hooks = dict(inpaint=dict(texts=False), video=None)
