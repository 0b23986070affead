# ISO, online: the weights go on from frame to frame.
_base_ = ['./iso_hmr_demo.py']

method = 'iso_online'
model = dict(mode='online', steps=1)
