"""Whether what uniffi wrote for Python and Kotlin fits a library: its interface has the checksums they were made for.

A function's checksum covers its name, arguments, result and documentation. Fields of records have none: the tests of
the languages read all of them.
"""

import ctypes
import re
import sys
from pathlib import Path

BINDINGS = Path(__file__).resolve().parent.parent / "bindings"
WRITTEN = [
    "python/src/pwvault/_native/pwvault.py",
    "kotlin/src/main/uniffi/com/pwvault/uniffi/pwvault.kt",
]


def main() -> int:
    place = Path(sys.argv[1])
    library = ctypes.CDLL(str(place))
    exported = set(re.findall(rb"\0(uniffi_pwvault_checksum_\w+)(?=\0)", place.read_bytes()))
    told = {}
    for name in (one.decode() for one in exported):
        function = getattr(library, name)
        function.restype = ctypes.c_uint16
        told[name] = function()
    if not told:
        print(f"{place} has no interface of uniffi")
        return 1
    status = 0
    for file in WRITTEN:
        text = (BINDINGS / file).read_text(encoding="utf-8")
        found = re.findall(r"(uniffi_pwvault_checksum_\w+)\(\).* != (\d+)", text)
        if {name: int(number) for name, number in found} != told:
            print(f"bindings/{file} is not made for this library: run scripts/uniffi")
            status = 1
    return status


if __name__ == "__main__":
    sys.exit(main())
