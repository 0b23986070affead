# The paper's main experiment (Table 1, 3DPW): HMR, trained on Human3.6M,
# adapted to each of the 37 tracks separately. MPJPE / PA-MPJPE / MPVPE in the
# paper: 230.3 / 123.4 / 253.4 mm before, 76.4 / 47.2 / 94.0 mm after.
_base_ = [
    './_base_/default_runtime.py',
    './_base_/estimators/hmr_resnet50-gn.py',
    './_base_/bodies/smpl.py',
    './_base_/datasets/3dpw.py',  # protocol, and that of WHAM beside it
    './_base_/methods/semtta_official.py',  # numbers of Sec. 5.2
]

model = dict(
    estimator={{_base_.estimator}},
    # Trained on Human3.6M (Sec. 5.1); CycleAdapt's, read unchanged.
    weights='data/checkpoints/hmr_basemodel.pt',
    body={{_base_.body}},
    motion_text={{_base_.motion_text}},
)
train_dataloader = dict(dataset={{_base_.tracks}})
# The paper uses GPT-4's answers by frame (Sec. 4.1); here, any TRACK.json.
train_cfg = dict(labeler=dict(type='FileLabeler', path='data/labels/3dpw'))
