"""Supervised losses of a mesh estimator, after SPIN (ICCV 2019)."""

from torch import Tensor


def pose_loss(prediction: Tensor, target: Tensor) -> Tensor:
    """Mean squared difference of rotation matrices.

    Args:
        prediction: ``[B, J, 3, 3]``.
        target: ``[B, J, 3, 3]``.
    """
    return (prediction - target).square().mean()


def joint_loss(prediction: Tensor, target: Tensor) -> Tensor:
    """Mean distance of joints about their pelvis, m.

    A distance, not its square: wild poses must not drown the rest.

    Args:
        prediction: ``[B, J, 3]``, m, the pelvis first.
        target: ``[B, J, 3]``, m, the pelvis first.
    """
    centred = (prediction - prediction[:, :1]) - (target - target[:, :1])
    return centred.norm(dim=-1).mean()


def keypoint_loss(
    prediction: Tensor, target: Tensor, visible: Tensor, crop_size: int
) -> Tensor:
    """Mean L1 distance of visible keypoints, in half crops.

    Args:
        prediction: ``[B, K, 2]``, px of the crop.
        target: ``[B, K, 2]``, px of the crop.
        visible: ``[B, K]``, bool.
        crop_size: Side of the crop, px.

    Returns:
        Scalar; 0 if nothing is visible.
    """
    weight = visible[..., None].to(prediction)
    # One person a few centimetres before the lens must not decide the step.
    distance = ((prediction - target) / (crop_size / 2)).abs().clamp(max=2)
    return (weight * distance).sum() / weight.sum().clamp(min=1) / 2


def scale_prior(camera: Tensor, least: float = 0.2) -> Tensor:
    """Keeps the weak-perspective scale away from 0, where bodies vanish.

    A hinge, not SPIN's ``exp(-10 s)^2``: one bad step of that blew training
    up (lr 1.2e-3: NaN after 200 steps).

    Args:
        camera: ``(s, tx, ty)`` ``[B, 3]``.
        least: Scales above this cost nothing; 0.2 is a body that fills a
            sixth of the crop.
    """
    return (least - camera[:, 0]).clamp(min=0).square().mean()


def heatmap_loss(
    logits: Tensor,
    target: Tensor,
    visible: Tensor,
    crop_size: int,
    margin: int = 0,
) -> Tensor:
    """Cross-entropy of keypoint maps with the cells about the truth.

    The target lies on the four cells about a keypoint, weighted so that their
    mean is the keypoint itself. An expectation alone (integral regression)
    learns slowly: a flat map in the middle of the body is a valley of its
    own.

    Args:
        logits: ``[B, K, h, w]``.
        target: ``[B, K, 2]``, px of the crop.
        visible: ``[B, K]``, bool.
        crop_size: Side of the crop, px.
        margin: Columns at either side of the crop that the maps leave out,
            px; keypoints there do not count.

    Returns:
        Scalar; 0 if nothing is visible.
    """
    height, width = logits.shape[-2:]
    logits = logits.flatten(2).log_softmax(dim=-1)
    span = target.new_tensor([crop_size - 2 * margin, crop_size])
    scale = target.new_tensor([width, height]) / span
    target = target - target.new_tensor([margin, 0])
    if margin:
        across = target[..., 0]
        visible = visible & (across >= 0) & (across <= span[0])
    cell = target * scale - 0.5  # cell centres are at whole numbers
    cell = cell.clamp(min=0).minimum(scale.new_tensor([width - 1, height - 1]))
    low = cell.floor().long()
    share = cell - low
    total = logits.new_zeros(visible.shape)
    for dx in (0, 1):
        for dy in (0, 1):
            x = (low[..., 0] + dx).clamp(max=width - 1)
            y = (low[..., 1] + dy).clamp(max=height - 1)
            weight = (share[..., 0] - (1 - dx)).abs()
            weight = weight * (share[..., 1] - (1 - dy)).abs()
            found = logits.gather(-1, (y * width + x)[..., None])[..., 0]
            total = total - weight * found
    seen = visible.to(total)
    return (total * seen).sum() / seen.sum().clamp(min=1)
