"""What can be done to a message that is on the platform already."""

from collections.abc import Mapping
from typing import Literal

Deed = Literal["hide", "unhide", "delete", "edit"]

DONE: Mapping[Deed, str] = {
    "hide": "The comment was hidden",
    "unhide": "The comment is shown again",
    "delete": "It was deleted on the platform",
    "edit": "It was changed on the platform",
}
