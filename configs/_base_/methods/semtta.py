# The paper's method and its numbers (Sec. 5.2); what the paper leaves open is
# said beside each value.
method = 'semtta'
quiet_console = True  # a progress bar instead; the log file has it all

model = dict(
    type='SemTTA',
    keypoint_loss=dict(type='Keypoint2DLoss', loss_weight=0.1),  # lambda_1
    align_loss=dict(type='MotionTextAlignLoss', loss_weight=0.2),  # lambda_2
    smooth_loss=dict(type='SmoothLoss'),  # Eq. 9; weight 1 in Eq. 10
    window_frames=60,  # Sec. 3.2
)

train_cfg = dict(type='VideoAdaptLoop', max_epochs=6)  # Sec. 5.2
# Windows a step: Sec. 5.2. How many steps an epoch has, the paper leaves open.
train_dataloader = dict(batch_size=4, passes_per_epoch=2.0)

optim_wrapper = dict(
    optimizer=dict(type='Adam', lr=5e-5, betas=(0.5, 0.9)),  # Sec. 5.2
)
# Sec. 5.2: cosine to 1e-6; one step an epoch, and no warm-up (it says none).
param_scheduler = dict(type='CosineAnnealingLR', eta_min=1e-6, by_epoch=True)

# One name per piece, so that a row of the ablation can leave one out. Hooks
# run by priority, whatever their order in a list.
hook_refresh = dict(type='RefreshHook')
hook_denoiser = dict(
    type='DenoiserHook', denoiser=dict(type='MDNet'), weights='mdnet_open'
)
hook_ema = dict(type='PoseBankEMAHook', alpha=0.9)  # Eq. 7
hook_fill = dict(type='PoseBankFillInHook', sigma=0.75)  # Eq. 6
hook_weights = dict(type='SegmentReweightHook')
hook_result = dict(type='TrackResultHook')
hook_progress = dict(type='AdaptProgressHook')

default_hooks = dict(
    checkpoint=None,  # each track starts anew; results are files of their own
    logger=dict(type='LoggerHook', interval=10),
)
