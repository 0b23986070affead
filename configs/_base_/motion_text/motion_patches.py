# MotionPatches (CVPR 2024) instead of MotionCLIP, by path. Its cosines have
# another scale: calibrate sigma of the fill-in (docs/adapting.md).
motion_text = dict(
    type='MotionPatches',
    weights='data/checkpoints/motion_patches/HumanML3D/best_model.pt',
    statistics='data/HumanML3D',
    body=dict(type='SMPLBody'),
    z_up=True,  # exemplars of AMASS; False with the shipped dictionary
)
