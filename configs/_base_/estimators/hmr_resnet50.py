# HMR of SPIN: the same network with BatchNorm.
_base_ = ['./hmr_resnet50-gn.py']

estimator = dict(backbone=dict(norm_cfg=dict(_delete_=True, type='BN')))
