# The second motion-text encoder, for the gates (docs/motion_text.md). It is
# trained on every second clip; the others calibrate its thresholds.
_base_ = ['./train_motion_text.py']

motion_text = dict(
    _delete_=True,
    type='JointMotionText',
    body=dict(type='SMPLBody'),
    width=128,
    layers=3,
    heads=4,
    feedforward=256,
    frames=60,
    text_dim=384,
)
model = dict(
    motion_text=motion_text,
    bfloat16=False,
    ranked=8,
    # Labels first: the gate has to tell a wrong label from a right one.
    weights=dict(pull=0.5, damped=1.0, frozen=1.0, time=1.0),
)
train_dataloader = dict(
    batch_size=64,
    dataset=dict(
        windows=3200,
        part=(0, 2),
        noise=dict(jitter=0.1, drift=0.15, drift_frames=10.0, lost=0.04),
    ),
)
train_cfg = dict(max_epochs=28)
randomness = dict(seed=7)
