# Offline labels of tracks that have none, by their motion (docs/labels.md).
motion_labels = dict(
    type='MotionLabelHook',
    source='lifted',
    readout='motion_text_open',
    second=dict(
        type='JointMotionText',
        body=dict(type='SMPLBody'),
        weights='motion_text_gate_open',
    ),
    threshold=0.4,  # from the dev split
    checked=('vlm',),
    lifter=dict(type='TextLifter'),
    weights='lifter_open',
    refine=dict(prior_weight=0.5),
)
