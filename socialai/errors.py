"""Every error raised on purpose. The message is a plain sentence that says what to do.

HubError
├── InvalidInput          what was sent cannot be accepted (400)
│   ├── TooLarge          more bytes than the limit (413)
│   ├── BundleRefused     a bundle of models that is not signed, not whole, or not for this machine
│   ├── UpgradeRefused    the same of a new version of the program, or one that would lose data
│   └── FetchError        a web page that cannot be read; says whether it is gone
├── SignatureError        a delivery or token that does not prove where it comes from (401)
├── NotSignedIn           no session or token, or one that is no longer valid (401)
├── NotAllowed            signed in, but without the permission (403)
├── NotFound              no such thing for this tenant (404)
├── Conflict              it changed meanwhile, or exists already (409)
├── TooManyTries          throttled; `retry_after` seconds (429)
├── SettingsError         settings.toml, an environment variable or the data directory is wrong
├── StoreError            a database file cannot be used
│   ├── NewerDatabase     written by a newer program: refuse, never touch
│   ├── StoreBusy         another process holds the file
│   ├── WrongKey          credentials that were sealed with another secret.key
│   └── DiskFull          nothing more can be kept
├── TunnelError           the way from outside cannot be made
├── ParseError            an authentic event that we do not understand; becomes a dead letter
├── ModelError            a model could not do its work; the turn escalates
│   ├── ModelMissing      its files are absent or damaged
│   ├── ModelRefused      a model file that is not what it says; loading it could end the process
│   ├── PromptTooLong     more than the model can read at once
│   ├── Overloaded        its queue is full
│   ├── DeadlinePassed    it took longer than it was given
│   └── Cancelled         the caller no longer wants the answer
└── DeliveryError         the one error an adapter raises; says what it means for us
"""

from typing import Literal


class HubError(Exception):
    """Base of every error raised on purpose."""


class InvalidInput(HubError): ...


class TooLarge(InvalidInput): ...


class BundleRefused(InvalidInput): ...


class UpgradeRefused(InvalidInput): ...


class FetchError(InvalidInput):
    """`gone`: the page is not there. `refused`: it is not for us, and asking again changes nothing. `failed`:
    another time it may be read. `status` is the site's answer, 0 without one."""

    def __init__(self, message: str, kind: Literal["gone", "refused", "failed"], status: int = 0) -> None:
        super().__init__(message)
        self.kind: Literal["gone", "refused", "failed"] = kind
        self.status = status


class SignatureError(HubError): ...


class NotSignedIn(HubError): ...


class NotAllowed(HubError): ...


class NotFound(HubError): ...


class Conflict(HubError): ...


class TooManyTries(HubError):
    def __init__(self, message: str, retry_after: int) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class SettingsError(HubError): ...


class StoreError(HubError): ...


class NewerDatabase(StoreError): ...


class StoreBusy(StoreError): ...


class WrongKey(StoreError): ...


class DiskFull(StoreError): ...


class TunnelError(HubError): ...


class ParseError(HubError): ...


class ModelError(HubError): ...


class ModelMissing(ModelError): ...


class ModelRefused(ModelError): ...


class PromptTooLong(ModelError): ...


class Overloaded(ModelError): ...


class DeadlinePassed(ModelError): ...


class Cancelled(ModelError): ...


Outcome = Literal["retry", "reauthorise", "permanent", "unknown"]


class DeliveryError(HubError):
    """What went wrong outside, in our words.

    `retry`: not delivered, try later (`retry_after` seconds when the platform says).
    `reauthorise`: the channel's token is dead; nothing more is sent until a person reconnects.
    `permanent`: this item can never be delivered as it is.
    `unknown`: the request left and no answer came; it may have been delivered.
    """

    def __init__(
        self,
        outcome: Outcome,
        message: str,
        *,
        code: str | None = None,
        retry_after: float | None = None,
    ) -> None:
        super().__init__(message)
        self.outcome: Outcome = outcome
        self.code = code
        self.retry_after = retry_after
