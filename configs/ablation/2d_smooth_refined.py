# Control: 2D + smoothing, its result moved to the keypoints; no lifter.
_base_ = ['./2d_smooth.py', '../_base_/lifters/open.py']

method = '2d_smooth_refined'
hooks = dict(refined_result={{_base_.refined_result}})
