from .page import ViewerPerson, write_viewer
from .pictures import Pictures, choose_pictures

__all__ = ['Pictures', 'ViewerPerson', 'choose_pictures', 'write_viewer']
