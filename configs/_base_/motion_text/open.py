# Small enough for two cores: 1.29 M parameters, space of MiniLM (384-d).
motion_text = dict(
    type='MotionCLIP',
    width=192,
    layers=4,
    heads=4,
    feedforward=384,
    frames=60,
    positions=None,
    text_dim=384,
    weights='motion_text_open',
    dropout=0.0,  # slow on CPUs, not needed with this data
)
