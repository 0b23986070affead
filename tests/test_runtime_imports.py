"""Adapting a video loads no code that makes data or diagnoses."""

import subprocess
import sys
import textwrap

OFFLINE = ('synthetic', 'preparation', 'diagnosis')
"""Packages that only commands, and functions that serve them, import."""

ADAPT = """
    import sys
    from pathlib import Path

    import cv2
    import numpy as np

    def check(step):
        found = [
            name
            for name in sys.modules
            if name.startswith('semtta_mm.')
            and name.split('.')[1] in sys.argv[2].split(',')
        ]
        assert not found, (step, found)

    from semtta_mm.apis import SemTTAInferencer
    check('import')

    from semtta_mm.setup_env import own_registries, register_all_modules
    register_all_modules()
    for registry in own_registries():
        registry.import_from_location()
    check('registries')

    from semtta_mm.structures import PersonTrack
    rng = np.random.default_rng(0)
    for number in range(6):
        image = np.full((120, 100, 3), 90, np.uint8)
        assert cv2.imwrite(f'{sys.argv[1]}/{number:03d}.png', image)
    track = PersonTrack(
        name='someone',
        frame_ids=np.arange(6),
        fps=25.0,
        boxes=np.tile([20.0, 10, 80, 110], (6, 1)),
        keypoints=rng.uniform(20, 100, (6, 17, 2)),
        scores=np.ones((6, 17)),
        convention='coco_17',
        video=Path(sys.argv[1]),
    )
    inferencer = SemTTAInferencer('semtta_hmr_demo', show_progress=False)
    check('build')
    (result,) = inferencer(track, text='walk', epochs=1)
    assert result.params.pose.shape == (6, 24, 3, 3)
    check('adapt')

    from semtta_mm.detection import (
        BlazePoseDetector,
        DetectionResult,
        Detector2D,
    )

    # Networks are not fetched by tests; of one person, nobody is searched.
    BlazePoseDetector.settings = lambda self: {}
    BlazePoseDetector.detect_in_boxes = Detector2D.detect_in_boxes
    BlazePoseDetector.detect = lambda self, video, *_, **__: DetectionResult(
        source='images',
        fps=25.0,
        image_size=(100, 120),
        convention='blazepose_33',
        searched=np.arange(6),
        frame_ids=np.arange(6),
        keypoints=rng.uniform(20, 100, (6, 33, 2)),
        scores=np.ones((6, 33)),
        boxes=np.tile([20.0, 10, 80, 110], (6, 1)),
    )
    from semtta_mm.commands.main import main
    words = ['adapt', 'semtta_hmr_demo', '--video', sys.argv[1]]
    words += ['--work-dir', sys.argv[1] + '_work', '--cfg-options']
    words += ['train_cfg.max_epochs=1']
    words += ['train_dataloader.dataset.reader.fps=25']
    assert main(words) == 0
    assert next(Path(sys.argv[1] + '_work').glob('*/result.npz')).is_file()
    check('command')
"""


def test_adapting_loads_no_offline_package(tmp_path):
    code = textwrap.dedent(ADAPT)
    done = subprocess.run(
        [sys.executable, '-c', code, str(tmp_path), ','.join(OFFLINE)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
