# Table 1, 3DHP: HMR, trained on Human3.6M, adapted to each of the six
# videos separately. MPJPE / PA-MPJPE in the paper: 218.5 / 119.6 mm before,
# 101.3 / 65.1 mm after; no MPVPE, since the references have no bodies. The
# conversion selects annot3 or univ_annot3; the paper does not state which.
_base_ = [
    './_base_/default_runtime.py',
    './_base_/estimators/hmr_resnet50-gn.py',
    './_base_/bodies/smpl.py',
    './_base_/datasets/3dhp.py',  # protocol, and those of others beside it
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
train_cfg = dict(labeler=dict(type='FileLabeler', path='data/labels/3dhp'))
