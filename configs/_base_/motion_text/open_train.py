# The same, to be trained from the start.
_base_ = ['./open.py']

motion_text = dict(weights=None)
