"""The functions, methods and macros of the language: which there are and how many arguments they take."""

# name -> (least, most) arguments
FUNCTIONS: dict[str, tuple[int, int]] = {
    "abs": (1, 1),
    "date": (1, 1),
    "max": (1, 500),
    "min": (1, 500),
    "present": (1, 1),
    "round": (2, 2),
    "size": (1, 1),
    "sum": (1, 1),
    "years_between": (2, 2),
}
# Methods of a text; each takes one argument beside its receiver.
METHODS = frozenset({"contains", "endsWith", "startsWith"})
# Methods of a list that take a variable and an expression.
MACROS = frozenset({"all", "exists", "exists_one", "filter", "map"})
