# The demo with Table 2's second architecture, small: only the network and its
# weights differ.
_base_ = [
    './_base_/methods/semtta_demo.py',
    './_base_/estimators/hmr2_vit-small.py',
]

model = dict(estimator={{_base_.estimator}}, weights='hmr2_small_open')
