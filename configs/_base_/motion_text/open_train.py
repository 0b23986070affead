# The same model without weights, for training.
_base_ = ['./open.py']

motion_text = dict(weights=None)
