"""How Sphinx makes the API documentation: `make docs`."""

import pkgutil
from pathlib import Path

import pwvault
import pwvault.model

project = "pwvault"
version = release = pwvault.__version__
extensions = ["sphinx.ext.autodoc"]
html_theme = "alabaster"
html_theme_options = {"description": "An embeddable password vault"}
# What stands in single backticks is a name of Python, where there is one.
default_role = "py:obj"
autodoc_member_order = "bysource"
autodoc_typehints = "signature"
autodoc_default_options = {"members": True, "show-inheritance": False}
# A case of a family is reached by the family and by its own name; the latter documents it.
suppress_warnings = ["ref.python"]


def write_model(app):
    """A page for each module of values."""
    folder = Path(app.srcdir) / "model"
    folder.mkdir(exist_ok=True)
    for module in pkgutil.iter_modules(pwvault.model.__path__):
        title = module.name.replace("_", " ").capitalize()
        text = f"{title}\n{'=' * len(title)}\n\n.. automodule:: pwvault.model.{module.name}\n"
        (folder / f"{module.name}.rst").write_text(text, "utf-8")


def setup(app):
    app.connect("builder-inited", write_model)
