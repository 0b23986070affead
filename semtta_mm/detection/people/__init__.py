from .base import FoundPeople, PersonDetector
from .detector import MoveNetPersonDetector
from .evidence import Evidence, Limits, measure, why_no_person
from .find import FindOptions, Person, choose, find_people, main_first
from .mmdet_detector import MMDetPersonDetector
from .reader import PeopleReader
from .result import TrackedPeople
from .search import SearchOptions, search_people
from .tracking import TrackerOptions, track_boxes

__all__ = [
    'Evidence',
    'FindOptions',
    'FoundPeople',
    'Limits',
    'MMDetPersonDetector',
    'MoveNetPersonDetector',
    'PeopleReader',
    'Person',
    'PersonDetector',
    'SearchOptions',
    'TrackedPeople',
    'TrackerOptions',
    'choose',
    'find_people',
    'main_first',
    'measure',
    'search_people',
    'track_boxes',
    'why_no_person',
]
