# Table 3: CycleAdapt with a motion discriminator, on 3DPW. MPJPE / PA-MPJPE in
# the paper: 115.0 / 69.1 mm. Numbers of VIBE; the paper has neither weight nor
# steps.
_base_ = ['./cycleadapt_hmr_3dpw.py']

method = 'cycleadapt_discriminator'
model = dict(
    losses=dict(
        adversarial=dict(
            type='MotionAdversarialLoss',
            # Real motions: generated from the labels, as in the paper.
            references=dict(
                type='NpzMotions', path='data/motions/motiongpt_3dpw.npz'
            ),
            # VIBE's, pre-trained.
            weights='data/checkpoints/vibe/model_best.pth.tar',
            frames=16,  # at 25 fps
            loss_weight=0.5,
        )
    ),
    dictionary='data/dictionaries/babel.npz',
    window_frames=60,  # Sec. 3.2; losses on motions need windows
)
train_dataloader = dict(batch_size=1)  # 60 frames, where CycleAdapt has 32
hooks = dict(
    discriminator=dict(type='DiscriminatorHook', lr=1e-4, weight_decay=1e-4)
)
# GPT-4's answers by frame in the paper (Sec. 4.1); any TRACK.json here.
train_cfg = dict(labeler=dict(type='FileLabeler', path='data/labels/3dpw'))
