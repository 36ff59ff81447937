"""What a project says that cannot all be true; refused, because no answer could be relied on."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from drawreview.errors import Problem

if TYPE_CHECKING:
    from drawreview.project.model import Building, Project


def contradictions(project: Project) -> Iterator[Problem]:
    """Yield each pair of statements that exclude each other."""
    buildings = project.buildings or ()
    for index, building in enumerate(buildings):
        yield from _of_building(building, f"buildings[{index}]")
    areas = [building.floor_area_m2 for building in buildings]
    works = project.works_floor_area_m2
    if works is not None and areas and None not in areas and works > sum(a for a in areas if a):
        problem = f"施工范围面积 {works} 大于各栋面积之和。"
        yield Problem("works_floor_area_m2", problem, "核对两处面积。")


def _of_building(building: Building, at: str) -> Iterator[Problem]:
    height, storey = building.height_m, building.max_storey_height_m
    if height is not None and storey is not None and storey > height:
        problem = f"单层高度 {storey} 大于建筑高度 {height}。"
        yield Problem(f"{at}.max_storey_height_m", problem, "核对两处高度。")
    if height is not None and building.highest_point_m and building.highest_point_m < height:
        problem = f"最高点 {building.highest_point_m} 低于建筑高度 {height}。"
        yield Problem(f"{at}.highest_point_m", problem, "核对两处高度。")
    for place, venue in enumerate(building.fire_venues or ()):
        inside, whole = venue.floor_area_m2, building.floor_area_m2
        if inside is not None and whole is not None and inside > whole:
            problem = f"场所面积 {inside} 大于所在建筑的面积 {whole}。"
            yield Problem(f"{at}.fire_venues[{place}].floor_area_m2", problem, "核对两处面积。")
