# The open size, trained from random weights.
_base_ = ['./open.py']

motion_text = dict(weights=None)
