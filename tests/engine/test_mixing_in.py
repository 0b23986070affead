"""Parts of semtta_mm in another project's Runner, scope and model."""

import torch
from mmengine.config import Config
from mmengine.hooks import Hook
from mmengine.model import BaseModel
from mmengine.registry import HOOKS, MODELS
from mmengine.runner import Runner

from semtta_mm.compat.torchvision import ensure_torchvision
from semtta_mm.datasets.track_io import save_track


class TheirHook(Hook):
    """Records every step."""

    steps: list[dict] = []

    def after_train_iter(
        self, runner, batch_idx, data_batch=None, outputs=None
    ):
        self.steps.append(outputs)


def test_an_ordinary_runner_adapts(tmp_path, dataset):
    """mmengine's own Runner, scope and hooks; ours by prefix."""
    HOOKS.register_module(name='TheirHook', module=TheirHook, force=True)
    TheirHook.steps.clear()
    ensure_torchvision()  # a broken one would stop any Runner of mmengine
    save_track(tmp_path / 'tracks' / 'someone.npz', dataset[0].track)
    root = __file__.rsplit('/tests/', 1)[0]
    cfg = Config.fromfile(f'{root}/configs/mixing/mmengine_runner.py')
    cfg.work_dir = str(tmp_path / 'work')
    # Its real tracks are fetched; the weights are those of the package.
    cfg.train_dataloader.dataset.reader = dict(
        type='semtta_mm.NpzTrackReader', keypoints=str(tmp_path / 'tracks')
    )
    cfg.train_cfg.max_epochs = 2
    cfg.custom_hooks.append(dict(type='TheirHook'))
    cfg.log_level = 'WARNING'
    runner = Runner.from_cfg(cfg)
    assert type(runner) is Runner
    start = runner.model.estimator.head.fc1.weight.clone()
    runner.train()
    assert not torch.equal(start, runner.model.estimator.head.fc1.weight)
    assert len(TheirHook.steps) >= 2
    assert {'loss_keypoints', 'loss_align', 'similarity'} <= TheirHook.steps[
        0
    ].keys()
    assert runner.model.session.prediction is not None


class TheirModel(BaseModel):
    """A network of another project, with our loss beside its own."""

    def __init__(self, align: dict) -> None:
        super().__init__()
        self.layer = torch.nn.Linear(3, 3)
        self.align = MODELS.build(align)

    def forward(self, x, mode='loss'):
        similarity = torch.cosine_similarity(self.layer(x), x)
        known = torch.ones(len(x), dtype=torch.bool)
        return {'loss_align': self.align.compute(similarity, known)}


def test_a_loss_in_another_model():
    """From the parent registry, by prefix, after one import."""
    torch.manual_seed(0)
    model = TheirModel(
        dict(type='semtta_mm.MotionTextAlignLoss', loss_weight=1.0)
    )
    optimizer = torch.optim.Adam(model.parameters(), lr=0.1)
    x = torch.randn(8, 3)
    first = model(x)['loss_align'].item()
    for _ in range(30):
        loss = model(x)['loss_align']
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    assert loss.item() < 0.2 * first
