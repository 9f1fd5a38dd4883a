"""Executes cells for the stand-in gateway: a JSON object a line in, one a line out."""

import ast
import contextlib
import importlib.metadata
import io
import json
import os
import sys
import traceback

namespace = {"__name__": "__main__"}

# What the image lists, which is not installed here.
packages = json.loads(os.environ.pop("STAND_IN_PACKAGES", "{}"))
installed = importlib.metadata.version
importlib.metadata.version = lambda name: packages.get(name.lower()) or installed(name)


def execute(code):
    tree = ast.parse(code, "<cell>")
    last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
    exec(compile(tree, "<cell>", "exec"), namespace)
    if last is None:
        return None
    value = eval(compile(ast.Expression(last.value), "<cell>", "eval"), namespace)
    return None if value is None else repr(value)


def told(error):
    """The traceback from the cell on: what is above it is not the author's."""
    place = error.__traceback__
    while place and place.tb_frame.f_code.co_filename == __file__:
        place = place.tb_next
    return "".join(traceback.format_exception(type(error), error, place)).splitlines()


replies = sys.stdout
for line in sys.stdin:
    captured = io.StringIO()
    answer = {"result": None, "error": None}
    with contextlib.redirect_stdout(captured):
        try:
            answer["result"] = execute(json.loads(line)["code"])
        except Exception as error:
            answer["error"] = {
                "ename": type(error).__name__,
                "evalue": str(error),
                "traceback": told(error),
            }
    answer["output"] = captured.getvalue()
    print(json.dumps(answer), file=replies, flush=True)
