# Table 3: CycleAdapt with unpaired local poses, on 3DPW. MPJPE / PA-MPJPE in
# the paper: 88.2 / 54.5 mm.
_base_ = ['./cycleadapt_hmr_3dpw.py']

method = 'cycleadapt_unpaired'
model = dict(
    losses=dict(
        unpaired=dict(
            type='UnpairedPoseLoss',
            # From the labels by MotionGPT, as in the paper.
            references=dict(
                type='NpzMotions', path='data/motions/motiongpt_3dpw.npz'
            ),
            hands=False,  # MotionGPT has none
            loss_weight=1.0,  # that of the smoothing loss; not in the paper
        )
    ),
    dictionary='data/dictionaries/babel.npz',
    window_frames=60,  # Sec. 3.2
)
train_dataloader = dict(batch_size=1)  # 60 frames, where CycleAdapt has 32
# GPT-4's answers by frame in the paper (Sec. 4.1); any TRACK.json here.
train_cfg = dict(labeler=dict(type='FileLabeler', path='data/labels/3dpw'))
