# The whole method with the lifter, without what ships beside it: rotations
# smoothed over time, one shape per track, labels by the motion. So rows differ
# in one thing.
_base_ = ['../semtta_hmr_demo_lifter.py']

model = dict(shape='frame')
hooks = dict(smoothed_result=None, labels=None)
