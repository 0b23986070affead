# The lifter on held-out renders of edition handheld (docs/lifting.md). All
# settings are from the dev splits: lifter_dev.py and handheld_dev.py.
sets = dict(
    open='data/test_sets/open_handheld_test',
    cmu='data/test_sets/cmu_handheld_test',
)
variants = ['clear', 'legs_hidden', 'blocks']
seeds = [0, 1, 2]
reference = '2d_smooth'
pairs = [
    ('semtta + lifter', 'un-adapted'),
    ('semtta + lifter', 'semtta + lifter, no text'),
    ('semtta + lifter', 'semtta + lifter, wrong text'),
    ('2d_smooth + lifter', 'un-adapted'),
    ('lifter alone', 'lifter alone, unknown camera'),
    ('semtta + lifter', '2d_smooth + lifter'),
    ('semtta + lifter', 'semtta + lifter, shuffled text'),
    ('2d_smooth + lifter', '2d_smooth + lifter, no text'),
    (
        '2d_smooth + lifter, labels by the motion',
        '2d_smooth + lifter, no text',
    ),
    ('semtta', '2d_smooth'),
    ('2d_smooth', '2d'),
    ('2d_smooth_align', '2d_smooth'),
    ('2d_smooth_align', '2d_smooth_align, wrong text'),
    ('2d_smooth_ema', '2d_smooth'),
    ('2d_smooth_align_ema', '2d_smooth_align'),
    ('semtta', '2d_smooth_align_ema'),
]
controls = ['clear', 'legs_hidden']
hidden = ['legs_hidden']
without_text = {'hooks.lifter.texts': False}
without_any_text = {
    **without_text,
    'model.losses.align': None,
    'hooks.reweight': None,
}

rows = [
    dict(name='2d_smooth', config='2d_smooth.py'),
    # No lifter; without gross errors of the detector.
    dict(
        name='2d_smooth, evidence checked',
        config='2d_smooth.py',
        options={'hooks.evidence': dict(type='EvidenceCheckHook')},
        seeds=[0],
    ),
    dict(name='2d_smooth + lifter', config='2d_smooth_lifter.py', seeds=[0]),
    # The whole method of the paper, and the lifter.
    dict(name='semtta + lifter', config='semtta_lifter.py'),
    # Beside that: smoothed over time, one shape per track.
    dict(
        name='semtta + lifter, as it ships',
        config='../semtta_hmr_demo_lifter.py',
        seeds=[0],
    ),
    dict(
        name='semtta + lifter, no text',
        config='semtta_lifter.py',
        options=without_any_text,
        variants=hidden,
    ),
    dict(
        name='semtta + lifter, wrong text',
        config='semtta_lifter.py',
        labels='wrong',
        variants=hidden,
    ),
    dict(
        name='semtta + lifter, shuffled text',
        config='semtta_lifter.py',
        labels='shuffled',
        variants=hidden,
        seeds=[0],
    ),
    dict(
        name='2d_smooth + lifter, no text',
        config='2d_smooth_lifter.py',
        options=without_text,
        variants=hidden,
        seeds=[0],
    ),
    # Labels by the lifted motion; the true ones are not seen.
    dict(
        name='2d_smooth + lifter, labels by the motion',
        config='2d_smooth_lifter_motion_labels.py',
        labels='none',
        variants=hidden,
        seeds=[0],
    ),
    # Oracle: exact 2D of all keypoints, also of hidden ones.
    dict(
        name='2d_smooth + lifter, true 2D',
        config='2d_smooth_lifter.py',
        evidence='true',
        variants=controls,
        seeds=[0],
    ),
    dict(name='lifter alone', config='lifter_alone.py', seeds=[0]),
    # The focal length is guessed.
    dict(
        name='lifter alone, unknown camera',
        config='lifter_alone.py',
        camera=False,
        variants=controls,
        seeds=[0],
    ),
    # The paper, part by part (Table 4), and its whole method.
    dict(name='2d', config='2d.py', variants=controls, seeds=[0]),
    dict(
        name='2d_smooth_align',
        config='2d_smooth_align.py',
        variants=controls,
        seeds=[0],
    ),
    # Is it the text, or any pull towards true motions?
    dict(
        name='2d_smooth_align, wrong text',
        config='2d_smooth_align.py',
        labels='wrong',
        variants=hidden,
        seeds=[0],
    ),
    dict(
        name='2d_smooth_ema',
        config='2d_smooth_ema.py',
        variants=controls,
        seeds=[0],
    ),
    dict(
        name='2d_smooth_align_ema',
        config='2d_smooth_align_ema.py',
        variants=controls,
        seeds=[0],
    ),
    dict(name='semtta', config='../semtta_hmr_demo.py', seeds=[0]),
]
