# CycleAdapt with Table 2's second architecture, small, on the real tracks.
_base_ = [
    './_base_/methods/cycleadapt_demo.py',
    './_base_/estimators/hmr2_vit-small.py',
]

model = dict(estimator={{_base_.estimator}}, weights='hmr2_small_open')
