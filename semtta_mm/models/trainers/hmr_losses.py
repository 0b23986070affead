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
    """Mean distance of joints relative to the pelvis, m.

    Not squared, so that outliers do not dominate.

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
    # A person very close to the camera must not dominate the step.
    distance = ((prediction - target) / (crop_size / 2)).abs().clamp(max=2)
    return (weight * distance).sum() / weight.sum().clamp(min=1) / 2


def scale_prior(camera: Tensor, least: float = 0.2) -> Tensor:
    """Penalty of weak-perspective scales near 0.

    A hinge, not SPIN's ``exp(-10 s)^2``, with which training diverged
    (lr 1.2e-3: NaN after 200 steps).

    Args:
        camera: ``(s, tx, ty)`` ``[B, 3]``.
        least: Scales above this have no loss; with 0.2 a body fills a sixth
            of the crop.
    """
    return (least - camera[:, 0]).clamp(min=0).square().mean()


def heatmap_loss(
    logits: Tensor,
    target: Tensor,
    visible: Tensor,
    crop_size: int,
    margin: int = 0,
) -> Tensor:
    """Cross-entropy of keypoint heatmaps with the cells around the target.

    The target is on the four cells around a keypoint, weighted so that their
    mean is the keypoint. Without it, a loss of the expectation only (integral
    regression) learns slowly: a flat map is a local minimum.

    Args:
        logits: ``[B, K, h, w]``.
        target: ``[B, K, 2]``, px of the crop.
        visible: ``[B, K]``, bool.
        crop_size: Side of the crop, px.
        margin: Width at each side of the crop outside the maps, px;
            keypoints there are ignored.

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
    weight = visible.to(total)
    return (total * weight).sum() / weight.sum().clamp(min=1)
