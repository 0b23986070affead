# DynaBOA (Guan et al., TPAMI 2022): what differs from BOA, as read in the
# published code (facts: docs/baselines_online.md).
_base_ = ['./boa.py']

method = 'dynaboa'
model = dict(
    type='DynaBOA',
    losses=dict(
        # 25 + 24 joints, 3D not about the hips.
        teacher=dict(conventions=('smpl_24', 'openpose_25'), centred=False),
        motion=dict(loss_weight=0.8),
    ),
    second_order=False,
    # Another step while a step moves fc1's output by more than this, 1 - cos.
    stop_distance=3.1e-4,
    max_extra_steps=7,
)
optim_wrapper = dict(optimizer=dict(betas=(0.5, 0.9)))
