# The official size, 16,900,608 parameters; `weights` takes the released
# checkpoint_0100.pth.tar, whose texts are CLIP ViT-B/32's (512-d).
motion_text = dict(type='MotionCLIP')
