# The paper's method with the paper's own parts, read from the unchanged public
# files (docs/licensed_assets.md).
_base_ = ['./semtta.py', '../motion_text/motionclip.py']

# Sec. 3.2: MotionCLIP as released, frozen; CLIP ViT-B/32 encodes the texts.
motion_text = dict(
    weights='data/checkpoints/motionclip/checkpoint_0100.pth.tar'
)
# Sec. 4.1: labels, text embeddings and exemplars, from BABEL and AMASS.
model = dict(dictionary='data/dictionaries/babel.npz')
# Sec. 4.3: the motion denoiser of CycleAdapt.
hooks = dict(denoiser=dict(weights='data/checkpoints/md_basemodel.pt'))
