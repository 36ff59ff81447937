"""Serve a data folder for a test, on a given day, without limits on how often it may be asked."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path

from drawreview.web.app import create_app
from drawreview.web.server import run
from drawreview.web.settings import Settings
from examples.window import set_back

if __name__ == "__main__":
    settings = Settings(
        data=Path(sys.argv[1]),
        secure=False,
        requests_per_minute=10**9,
        logins_per_minute=10**9,
        # Within the trial, but going on: sessions run out by it.
        clock=set_back(date.fromisoformat(sys.argv[3])),
    )
    run(create_app, settings, port=int(sys.argv[2]), log_level="error")
