# CycleAdapt on the four real tracks in the package, with the open HMR.
_base_ = [
    './_base_/methods/cycleadapt_demo.py',
    './_base_/estimators/hmr_mobilenetv2.py',
]

model = dict(
    estimator={{_base_.estimator}},
    weights='hmr_mobilenetv2_open',
)
