from .labeler import VLMLabeler

__all__ = ['VLMLabeler']
