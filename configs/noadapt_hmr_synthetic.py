# The open HMR without adaptation, on held-out renders with a domain shift.
_base_ = [
    './_base_/default_runtime.py',
    './_base_/estimators/hmr_mobilenetv2.py',
    './_base_/bodies/open.py',
    './_base_/datasets/synthetic.py',
]

method = 'noadapt'
weights = 'hmr_mobilenetv2_open'
