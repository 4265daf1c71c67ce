"""A hub that thinks with other models."""

from copy import copy
from dataclasses import replace

from socialai.context import App
from socialai.inference.models import Models


def thinking_with(app: App, models: Models) -> App:
    engines = copy(app.engines)
    engines.models = models
    return replace(app, engines=engines)
