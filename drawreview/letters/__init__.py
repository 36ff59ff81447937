"""Fills in the 勘察设计质量承诺书 of a decision, word for word, on its two pages."""

from __future__ import annotations

from drawreview.letters.letter import blank_letter, fill_letter
from drawreview.letters.refusals import Decided

__all__ = ["Decided", "blank_letter", "fill_letter"]
