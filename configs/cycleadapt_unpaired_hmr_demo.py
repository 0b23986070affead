# Table 3's unpaired local poses beside CycleAdapt, on the four real tracks in
# the package. The paper has no weight.
_base_ = ['./cycleadapt_hmr_demo.py']

method = 'cycleadapt_unpaired'
model = dict(
    losses=dict(
        unpaired=dict(
            type='UnpairedPoseLoss',
            # Motions: exemplars of the open dictionary.
            references=dict(type='ExemplarMotions', dictionary='open'),
            loss_weight=1.0,  # that of the smoothing loss; not in the paper
        )
    ),
    dictionary='open',
    window_frames=60,  # Sec. 3.2
)
train_dataloader = dict(batch_size=1)  # 60 frames, where CycleAdapt has 32
# Written by hand, in the package.
train_cfg = dict(labeler=dict(type='FileLabeler', path='pose2sim'))
