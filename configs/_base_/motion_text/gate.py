# A second encoder for gates, never in a loss: joints in the pelvis' frame
# instead of rotations, other clips, another seed. Space of MiniLM (384-d).
motion_text = dict(
    type='JointMotionText',
    body=dict(type='SMPLBody'),
    width=128,
    layers=3,
    heads=4,
    feedforward=256,
    frames=60,
    text_dim=384,
    weights='motion_text_gate_open',
)
