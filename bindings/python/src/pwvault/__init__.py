"""An embeddable password vault.

Open a vault with `Vault.open`, begin a session of someone with `Vault.session`, and call its methods.
Secrets come as `Secret` objects, errors as subclasses of `PwvaultError`; `README.md` has the rest.
"""

from . import errors as errors
from . import library as library
from ._fault import ArgumentTypeError as ArgumentTypeError
from ._fault import ArgumentValueError as ArgumentValueError
from ._library import LibraryError as LibraryError
from ._secret import Secret as Secret
from ._secret import SecretBytes as SecretBytes
from ._secret import SecretBytesInput as SecretBytesInput
from ._secret import SecretInput as SecretInput
from ._vault import Session as Session
from ._vault import Vault as Vault
from ._version import VERSION
from .errors import *
from .model import *

__version__ = VERSION
