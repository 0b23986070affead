# The open motion-text model with adversarial training
# (docs/motion_text.md).
_base_ = ['./train_motion_text.py']

model = dict(
    # Largest perturbations, degrees; share of exaggerated versions.
    adversary=dict(wrong=8.0, true=3.0, exaggerated=0.33),
)
