# Table 3's motion discriminator beside CycleAdapt, on the four real tracks in
# the package. Numbers of VIBE; the paper has neither weight nor steps.
_base_ = ['./cycleadapt_hmr_demo.py']

method = 'cycleadapt_discriminator'
model = dict(
    losses=dict(
        adversarial=dict(
            type='MotionAdversarialLoss',
            # Real motions: exemplars of the open dictionary.
            references=dict(type='ExemplarMotions', dictionary='open'),
            # VIBE's width of 1024 takes 0.9 s a step on one CPU thread.
            discriminator=dict(type='MotionDiscriminator', hidden=128),
            frames=16,  # at 25 fps
            loss_weight=0.5,
        )
    ),
    dictionary='open',
    window_frames=60,  # Sec. 3.2; losses on motions need windows
)
train_dataloader = dict(batch_size=1)  # 60 frames, where CycleAdapt has 32
hooks = dict(
    discriminator=dict(type='DiscriminatorHook', lr=1e-4, weight_decay=1e-4)
)
# Written by hand, in the package.
train_cfg = dict(labeler=dict(type='FileLabeler', path='pose2sim'))
