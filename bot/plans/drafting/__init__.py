"""Drafting: a draft as a workbook that the office corrects and hands back."""
