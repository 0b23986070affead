"""HMR as in SPIN, BOA and CycleAdapt, written from the reference.

Independent code to test renaming: torchvision's names of a ResNet-50 (all
widths a parameter), norms always called ``bnN``, and the iterative regressor
beside them (reference, Sec. 5.1).
"""

import torch
from torch import Tensor, nn
from torch.nn.functional import normalize, relu


def norm(channels: int, kind: str) -> nn.Module:
    if kind == 'GN':
        return nn.GroupNorm(4, channels)
    return nn.BatchNorm2d(channels)


class Bottleneck(nn.Module):
    def __init__(self, inside: int, width: int, stride: int, kind: str):
        super().__init__()
        out = 4 * width
        self.conv1 = nn.Conv2d(inside, width, 1, bias=False)
        self.bn1 = norm(width, kind)
        self.conv2 = nn.Conv2d(width, width, 3, stride, 1, bias=False)
        self.bn2 = norm(width, kind)
        self.conv3 = nn.Conv2d(width, out, 1, bias=False)
        self.bn3 = norm(out, kind)
        self.downsample = None
        if stride != 1 or inside != out:
            shortcut = nn.Conv2d(inside, out, 1, stride, bias=False)
            self.downsample = nn.Sequential(shortcut, norm(out, kind))

    def forward(self, x: Tensor) -> Tensor:
        y = relu(self.bn1(self.conv1(x)))
        y = relu(self.bn2(self.conv2(y)))
        y = self.bn3(self.conv3(y))
        return relu(y + (x if self.downsample is None else self.downsample(x)))


class LineageHMR(nn.Module):
    """``[B, 3, 224, 224]``, normalised, to rotations, betas and camera."""

    def __init__(self, kind: str, width: int = 64):
        super().__init__()
        self.conv1 = nn.Conv2d(3, width, 7, 2, 3, bias=False)
        self.bn1 = norm(width, kind)
        inside = width
        for number, depth in enumerate((3, 4, 6, 3)):
            blocks = []
            for index in range(depth):
                stride = 2 if number and not index else 1
                wide = width * 2**number
                blocks.append(Bottleneck(inside, wide, stride, kind))
                inside = 4 * wide
            setattr(self, f'layer{number + 1}', nn.Sequential(*blocks))
        self.fc1 = nn.Linear(inside + 144 + 10 + 3, 1024)
        self.fc2 = nn.Linear(1024, 1024)
        self.decpose = nn.Linear(1024, 144)
        self.decshape = nn.Linear(1024, 10)
        self.deccam = nn.Linear(1024, 3)
        for name, size in (('pose', 144), ('shape', 10), ('cam', 3)):
            self.register_buffer(f'init_{name}', torch.randn(1, size))

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        x = relu(self.bn1(self.conv1(x)))
        x = nn.functional.max_pool2d(x, 3, 2, 1)
        for layer in (self.layer1, self.layer2, self.layer3, self.layer4):
            x = layer(x)
        features = nn.functional.avg_pool2d(x, 7).flatten(1)
        pose, shape, camera = (
            start.expand(len(x), -1)
            for start in (self.init_pose, self.init_shape, self.init_cam)
        )
        for _ in range(3):
            hidden = torch.cat([features, pose, shape, camera], 1)
            hidden = self.fc2(self.fc1(hidden))  # dropout: off in eval mode
            pose = pose + self.decpose(hidden)
            shape = shape + self.decshape(hidden)
            camera = camera + self.deccam(hidden)
        return rotations(pose), shape, camera


def rotations(pose: Tensor) -> Tensor:
    """``[B, 144]``: entries 0, 2, 4 of a joint are its first column."""
    first, second = pose.unflatten(1, (24, 3, 2)).unbind(-1)
    first = normalize(first, dim=-1)
    second = second - (first * second).sum(-1, keepdim=True) * first
    second = normalize(second, dim=-1)
    third = torch.linalg.cross(first, second, dim=-1)
    return torch.stack([first, second, third], -1)


def random_hmr(kind: str, width: int) -> LineageHMR:
    """Random in every entry, norms and their statistics included."""
    torch.manual_seed(3)
    net = LineageHMR(kind, width).eval()
    for module in net.modules():
        if isinstance(module, nn.GroupNorm | nn.BatchNorm2d):
            nn.init.uniform_(module.weight, 0.5, 1.5)
            nn.init.normal_(module.bias, std=0.2)
        if isinstance(module, nn.BatchNorm2d):
            nn.init.normal_(module.running_mean, std=0.2)
            nn.init.uniform_(module.running_var, 0.5, 2.0)
            module.num_batches_tracked.fill_(9)
    return net
