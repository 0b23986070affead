# Table 1, 3DHP: CycleAdapt. MPJPE / PA-MPJPE in the paper: 218.5 / 119.6 mm
# before, 110.3 / 74.4 mm after. CycleAdapt's code has no 3DHP, so the
# keypoints are those of the converted tracks.
_base_ = [
    './_base_/default_runtime.py',
    './_base_/estimators/hmr_resnet50-gn.py',
    './_base_/bodies/smpl.py',
    './_base_/datasets/3dhp.py',  # protocol, and those of others beside it
    './_base_/methods/cycleadapt_official.py',
]

model = dict(
    estimator={{_base_.estimator}},  # with its dropout of 0.5
    weights='data/checkpoints/hmr_basemodel.pt',  # of CycleAdapt, unchanged
    body={{_base_.body}},
)
train_dataloader = dict(dataset={{_base_.tracks}})
