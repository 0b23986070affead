import torch

from semtta_mm.models.estimators import predict_track


def test_every_frame_once_in_eval_mode(dataset, oracle, body, truth):
    oracle.train()
    frames = dataset[0]
    out = predict_track(oracle, body, frames, ('smpl_24',), batch_size=4)
    assert oracle.modes == [False, False, False]
    assert oracle.training  # as it was found
    assert len(out) == len(frames)
    assert torch.equal(out.params.pose, truth.pose)
    # The evidence was made with the same camera, so projections are equal.
    assert (out.joints2d - frames.keypoints).abs().max() < 0.05
    assert out.vertices is None
    assert set(out.joints) == {'coco_17', 'smpl_24'}


def test_batches_do_not_matter(dataset, oracle, body):
    one = predict_track(oracle, body, dataset[0], vertices=True, batch_size=1)
    all_ = predict_track(
        oracle, body, dataset[0], vertices=True, batch_size=50
    )
    assert torch.allclose(one.vertices, all_.vertices, atol=1e-6)
    assert torch.allclose(one.joints2d, all_.joints2d, atol=1e-3)


def test_no_gradient_leaves(dataset, oracle, body):
    out = predict_track(oracle, body, dataset[0])
    assert not out.joints['smpl_24'].requires_grad
