# A gate that asks a second encoder, with a threshold for each label.
gate = dict(
    type='MotionTextGate',
    motion_text=dict(
        type='JointMotionText',
        body=dict(type='SMPLBody'),
        weights='motion_text_gate_open',
    ),
    calibration='motion_text_gate_open',
)
