# ISO on 3DPW. The paper cites the method and has no row of it.
_base_ = [
    './_base_/default_runtime.py',
    './_base_/estimators/hmr_resnet50-gn.py',
    './_base_/bodies/smpl.py',
    './_base_/datasets/3dpw.py',
    './_base_/methods/iso.py',
]

model = dict(
    estimator={{_base_.estimator}},
    # Trained on Human3.6M; CycleAdapt's original file.
    weights='data/checkpoints/hmr_basemodel.pt',
    body={{_base_.body}},
)
train_dataloader = dict(dataset={{_base_.tracks}})
