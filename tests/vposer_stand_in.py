"""A file of VPoser V02_05's layout, with random content."""

import torch


def official_state(width=16, latent=4):
    """Names and shapes of V02_05, with random content."""
    generator = torch.Generator().manual_seed(0)

    def random(*shape):
        return torch.randn(*shape, generator=generator) / 3

    state = {}
    for number, size in ((1, 63), (4, width)):
        name = f'vp_model.encoder_net.{number}'
        state |= {
            f'{name}.weight': random(size).abs() + 0.5,
            f'{name}.bias': random(size),
            f'{name}.running_mean': random(size),
            f'{name}.running_var': random(size).abs() + 1,
            f'{name}.num_batches_tracked': torch.tensor(9),
        }
    for name, out, size in (
        ('encoder_net.2', width, 63),
        ('encoder_net.6', width, width),
        ('encoder_net.7', width, width),
        ('encoder_net.8.mu', latent, width),
        ('encoder_net.8.logvar', latent, width),
        ('decoder_net.0', width, latent),
        ('decoder_net.3', width, width),
        ('decoder_net.5', 126, width),
    ):
        state[f'vp_model.{name}.weight'] = random(out, size)
        state[f'vp_model.{name}.bias'] = random(out)
    return {'state_dict': {**state, 'bm_train.v_template': torch.ones(1)}}
