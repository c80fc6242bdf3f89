"""Departments: how their names are written, spoken, carried over and told apart."""

from bot.departments.directory import Departments
from bot.departments.mentions import Certainty, Mention
from bot.departments.names import has_department_shape, is_collective_name

__all__ = [
    "Certainty",
    "Departments",
    "Mention",
    "has_department_shape",
    "is_collective_name",
]
