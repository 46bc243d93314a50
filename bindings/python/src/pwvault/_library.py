"""Finds the native library and holds it against this package before anything is called."""

from __future__ import annotations

import ctypes
import sys
from pathlib import Path
from typing import Any, Optional

from ._version import ABI, VERSION


class LibraryError(ImportError):
    """The native library is missing, cannot be loaded, or is of another version."""


def _file() -> Path:
    name = {"darwin": "libpwvault.dylib", "win32": "pwvault.dll"}.get(sys.platform, "libpwvault.so")
    return Path(__file__).resolve().parent / "_native" / name


class _Slice(ctypes.Structure):
    _fields_ = [("data", ctypes.POINTER(ctypes.c_char)), ("len", ctypes.c_size_t)]


def versions(file: Path) -> Any:
    """The versions of the ABI and of the library in a file, or what is wrong with it."""
    if not file.is_file():
        return "there is no such file"
    try:
        library = ctypes.CDLL(str(file))
        abi = library.pwv_abi_version
        told = library.pwv_library_version
    except (OSError, AttributeError) as error:
        return f"it is no library of pwvault for this machine: {error}"
    abi.restype = ctypes.c_uint32
    text = _Slice()
    told.argtypes = [ctypes.POINTER(_Slice)]
    if told(ctypes.byref(text)) != 0:
        return "it does not say its version"
    return int(abi()), ctypes.string_at(text.data, text.len).decode("ascii", "replace")


def unfit(file: Path) -> Optional[str]:
    """Why a file is not the library that this package was made for; None when it is."""
    found = versions(file)
    wanted = f"pwvault {VERSION} needs its native library {VERSION} (ABI {ABI})"
    again = "install the package again for this system: pip install --force-reinstall pwvault"
    if isinstance(found, str):
        return f"{wanted}, at {file}: {found}; {again}"
    if found != (ABI, VERSION):
        return f"{wanted}, but {file} is {found[1]} (ABI {found[0]}); {again}"
    return None


def _load() -> Any:
    problem = unfit(_file())
    if problem is not None:
        raise LibraryError(problem, name="pwvault", path=str(_file()))
    from ._native import pwvault as generated  # type: ignore[import-not-found,import-untyped,unused-ignore]

    return generated


native: Any = _load()
"""What uniffi generates: objects and functions without a facade."""
