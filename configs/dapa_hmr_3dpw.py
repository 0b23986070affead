# DAPA on 3DPW (Table 1 of the paper: 108.0 / 67.5 / 129.8 mm), with VPoser.
# Table 1 compares per track; DAPA is published as one training on all of them.
_base_ = [
    './_base_/default_runtime.py',
    './_base_/estimators/hmr_resnet50-gn.py',
    './_base_/bodies/smpl.py',
    './_base_/datasets/3dpw.py',
    './_base_/methods/dapa.py',
]

model = dict(
    estimator={{_base_.estimator}},
    # Trained on Human3.6M; CycleAdapt's original file. (DAPA's own code
    # starts from SPIN's network with BatchNorm.)
    weights='data/checkpoints/hmr_basemodel.pt',
    body={{_base_.body}},
    pose_space=dict(
        _delete_=True,
        type='VPoserSpace',
        weights='data/checkpoints/vposer/V02_05.ckpt',
    ),
)
train_dataloader = dict(dataset={{_base_.tracks}})
