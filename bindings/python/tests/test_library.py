"""A native library that is missing, broken or of another version is named with both versions."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import pwvault
from pwvault import _library as library
from pwvault._version import ABI

SOURCE = """
unsigned pwv_abi_version(void) { return 7; }
struct slice { const char *data; unsigned long len; };
int pwv_library_version(struct slice *out) { out->data = "0.0.9"; out->len = 5; return 0; }
"""


def test_the_library_that_came_along_fits() -> None:
    assert library.unfit(library._file()) is None
    assert pwvault.__version__ == library.versions(library._file())[1]


def test_a_missing_library_is_named_with_its_place(tmp_path: Path) -> None:
    told = library.unfit(tmp_path / "libpwvault.so")
    assert told is not None
    assert f"needs its native library {pwvault.__version__}" in told
    assert "there is no such file" in told and str(tmp_path) in told


def test_what_is_no_library_is_named(tmp_path: Path) -> None:
    broken = tmp_path / "libpwvault.so"
    broken.write_bytes(b"no library")
    assert "it is no library of pwvault for this machine" in (library.unfit(broken) or "")


@pytest.mark.skipif(shutil.which("cc") is None, reason="there is no C compiler")
def test_an_older_library_is_refused_with_both_versions(tmp_path: Path) -> None:
    (tmp_path / "old.c").write_text(SOURCE)
    old = tmp_path / "libpwvault.so"
    subprocess.run(["cc", "-shared", "-fPIC", "-o", old, tmp_path / "old.c"], check=True)
    told = library.unfit(old) or ""
    assert (
        f"needs its native library {pwvault.__version__} (ABI {ABI})" in told and "is 0.0.9 (ABI 7)" in told
    )
    # The whole package, as it would be found.
    package = tmp_path / "site" / "pwvault"
    shutil.copytree(Path(pwvault.__file__).parent, package)
    shutil.copyfile(old, package / "_native" / old.name)
    program = "import pwvault"
    run = subprocess.run(
        [sys.executable, "-S", "-c", program], cwd=package.parent, capture_output=True, text=True
    )
    assert run.returncode == 1 and "LibraryError" in run.stderr and "0.0.9" in run.stderr
    assert "ImportError" in str(pwvault.LibraryError.__mro__)
