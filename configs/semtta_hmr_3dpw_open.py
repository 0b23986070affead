# As semtta_hmr_3dpw.py, with the shipped motion-text model, dictionary and
# denoiser: needs 3DPW, SMPL and the HMR only. Results differ from the paper's.
_base_ = [
    './_base_/default_runtime.py',
    './_base_/estimators/hmr_resnet50-gn.py',
    './_base_/bodies/smpl.py',
    './_base_/datasets/3dpw.py',
    './_base_/motion_text/open.py',
    './_base_/methods/semtta.py',
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
