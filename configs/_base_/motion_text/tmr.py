# TMR (ICCV 2023) instead of MotionCLIP, by path. Its cosines have another
# scale: calibrate sigma of the fill-in (docs/adapting.md).
motion_text = dict(
    type='TMR',
    weights='data/checkpoints/tmr/motion_encoder.pt',
    statistics='data/checkpoints/tmr/stats',
    skeleton='data/checkpoints/tmr/skeleton_example_h3d.npy',
    body=dict(type='SMPLBody'),
    z_up=True,  # exemplars of AMASS; False with the shipped dictionary
)
