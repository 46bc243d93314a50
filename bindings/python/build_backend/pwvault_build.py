"""Builds the wheel: the library by cargo, what uniffi wrote over it, and the facade.

Where `PWVAULT_LIBRARY` names a library that is built already, that one is packed; the tests do so.
"""

from __future__ import annotations

import base64
import hashlib
import os
import re
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

HERE = Path(__file__).resolve().parent.parent
ROOT = HERE.parent.parent


def build_wheel(wheel_directory, config_settings=None, metadata_directory=None):
    library = os.environ.get("PWVAULT_LIBRARY")
    return put_together(Path(library) if library else built(), Path(wheel_directory))


def target():
    return Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))


def built():
    """The library, built for release."""
    manifest = ROOT / "Cargo.toml"
    command = ["cargo", "build", "--release", "--locked", "--manifest-path", manifest, "-p", "pwvault-ffi"]
    subprocess.run([*command, "--target-dir", target()], check=True)
    name = {"darwin": "libpwvault.dylib", "win32": "pwvault.dll"}.get(sys.platform, "libpwvault.so")
    return target() / "release" / name


def put_together(library, wheel_directory):
    """A wheel from a library that is there."""
    version = re.search(r'^version = "([^"]+)"', (ROOT / "Cargo.toml").read_text("utf-8"), re.M)[1]
    version = version.replace("-dev", ".dev0")
    platform = re.sub(r"[-.]", "_", sysconfig.get_platform())
    tag = f"py3-none-{platform}"
    info = f"pwvault-{version}.dist-info"
    files = {}
    source = HERE / "src"
    for path in sorted((source / "pwvault").rglob("*")):
        inside = path.relative_to(source).as_posix()
        if path.is_file() and "__pycache__" not in path.parts and path.suffix not in (".so", ".dylib", ".dll"):
            files[inside] = path.read_bytes()
    files[f"pwvault/_native/{library.name}"] = library.read_bytes()
    readme = (HERE / "README.md").read_text("utf-8")
    about = f"Metadata-Version: 2.1\nName: pwvault\nVersion: {version}\nRequires-Python: >=3.9\n"
    files[f"{info}/METADATA"] = f"{about}Description-Content-Type: text/markdown\n\n{readme}".encode()
    made = f"Wheel-Version: 1.0\nGenerator: pwvault_build\nRoot-Is-Purelib: false\nTag: {tag}\n"
    files[f"{info}/WHEEL"] = made.encode()
    record = "".join(f"{name},sha256={digest(content)},{len(content)}\n" for name, content in files.items())
    files[f"{info}/RECORD"] = f"{record}{info}/RECORD,,\n".encode()
    name = f"pwvault-{version}-{tag}.whl"
    with zipfile.ZipFile(wheel_directory / name, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as wheel:
        for inside, content in files.items():
            wheel.writestr(inside, content)
    return name


def digest(content):
    return base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()
