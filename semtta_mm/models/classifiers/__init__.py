from .action_classifier import OPEN_ACTIONS, ActionClassifier

__all__ = ['OPEN_ACTIONS', 'ActionClassifier']
