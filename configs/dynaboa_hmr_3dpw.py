# DynaBOA in Table 1, 3DPW: HMR, trained on Human3.6M, with OpenPose's 2D.
# MPJPE / PA-MPJPE / MPVPE after it in the paper: 135.1 / 73.0 / 168.2 mm.
_base_ = [
    './_base_/default_runtime.py',
    './_base_/estimators/hmr_resnet50-gn.py',
    './_base_/bodies/smpl.py',
    './_base_/datasets/3dpw_smpl24.py',
    './_base_/methods/dynaboa.py',
]

model = dict(
    estimator={{_base_.estimator}},
    # Trained on Human3.6M; CycleAdapt's original file, or BOA's basemodel.pt.
    weights='data/checkpoints/hmr_basemodel.pt',
    body={{_base_.body}},
    # Human3.6M from your own files:
    #   semtta make-source-bank --human-data h36m_train.npz --images DIR \
    #       --config dynaboa_hmr_3dpw --out data/source/h36m.npz
    # source=None is source-free.
    source=dict(type='SourceBankFile', path='data/source/h36m.npz'),
)
train_dataloader = dict(dataset={{_base_.tracks}})
