# For training the head on features.
_base_ = ['./hmr_mobilenetv2.py']

estimator = dict(dropout=0.1)
