# For training the head on descriptions.
_base_ = ['./hmr_mobilenetv2.py']

estimator = dict(dropout=0.1)
