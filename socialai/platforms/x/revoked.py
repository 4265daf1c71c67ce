"""The account took the app's access away."""

REVOKED = "The X account took the hub's access away. Connect it again if that was not meant."
