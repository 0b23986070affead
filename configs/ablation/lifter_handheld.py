# The lifter on held-out renders of edition handheld (docs/lifting.md). All
# settings are from the dev splits: lifter_dev.py and handheld_dev.py.
sets = dict(
    open='data/test_sets/open_handheld_test',
    cmu='data/test_sets/cmu_handheld_test',
)
variants = ['clear', 'legs_hidden', 'blocks']
seeds = [0]
reference = '2d_smooth'
pairs = [
    ('semtta + lifter', 'un-adapted'),
    ('semtta + lifter', 'semtta + lifter, no text'),
    ('semtta + lifter', 'semtta + lifter, wrong text'),
    ('2d_smooth + lifter', 'un-adapted'),
    ('lifter alone', 'lifter alone, unknown camera'),
    ('semtta + lifter', '2d_smooth + lifter'),
    ('semtta', '2d_smooth'),
]
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
    ),
    dict(name='2d_smooth + lifter', config='2d_smooth_lifter.py'),
    # The whole method of the paper, and the lifter.
    dict(name='semtta + lifter', config='semtta_lifter.py'),
    # Beside that: smoothed over time, one shape per track.
    dict(
        name='semtta + lifter, as it ships',
        config='../semtta_hmr_demo_lifter.py',
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
    dict(name='lifter alone', config='lifter_alone.py'),
    # The focal length is guessed.
    dict(
        name='lifter alone, unknown camera',
        config='lifter_alone.py',
        camera=False,
        variants=['clear', 'legs_hidden'],
    ),
    # The paper's whole method.
    dict(name='semtta', config='../semtta_hmr_demo.py'),
]
