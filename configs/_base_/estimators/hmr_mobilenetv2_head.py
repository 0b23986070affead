# For training the head on extracted features.
_base_ = ['./hmr_mobilenetv2.py']

estimator = dict(dropout=0.1)
