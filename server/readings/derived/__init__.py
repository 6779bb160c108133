"""Derived series: formulas over final intervals and factors, evaluated when they are read."""
