"""The sample of every platform; a new adapter adds its own."""

from collections.abc import Mapping

from tests.platforms.facebook.sample import FACEBOOK
from tests.platforms.instagram.sample import INSTAGRAM
from tests.platforms.linkedin.sample import LINKEDIN
from tests.platforms.sample import Sample
from tests.platforms.telegram.sample import TELEGRAM
from tests.platforms.webchat.sample import WEBCHAT
from tests.platforms.whatsapp.sample import WHATSAPP
from tests.platforms.x.sample import X_SAMPLE

SAMPLES: Mapping[str, Sample] = {
    "facebook": FACEBOOK,
    "instagram": INSTAGRAM,
    "linkedin": LINKEDIN,
    "telegram": TELEGRAM,
    "webchat": WEBCHAT,
    "whatsapp": WHATSAPP,
    "x": X_SAMPLE,
}
