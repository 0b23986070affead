from .motion_discriminator import (
    MotionDiscriminator,
    lsgan_discriminator,
    lsgan_generator,
)

__all__ = ['MotionDiscriminator', 'lsgan_discriminator', 'lsgan_generator']
