"""A vault and its sessions."""

from __future__ import annotations

import json
import threading
import weakref
from types import TracebackType
from typing import TYPE_CHECKING, Any, Iterable, Optional, Tuple, Type, Union

from . import operations
from ._call import Caller, invoke, write
from ._library import native
from ._secret import SecretBytes, hide_bytes, hide_each_bytes
from ._wire import codec

if TYPE_CHECKING:
    from .hosts import Host
    from .model import OpenOptions, Principal, RequestContext


class Vault(operations.OnVault, Caller):
    """An open vault. Close it, or use it in a `with` block.

    It may be used from several threads at once, and in a process that was forked from the one that
    opened it.
    """

    _sort = "vault"

    def __init__(self) -> None:
        raise TypeError("a vault is opened: use Vault.open(OpenOptions(...))")

    @classmethod
    def open(cls, options: OpenOptions, *, host: Optional[Host] = None) -> Vault:
        """Opens or creates the vault that the options describe.

        :param host: What the host implements itself: its store, directory, notifier, connectors and
            key provider.
        :raises NoVaultError: when the store holds no such vault, and none shall be made.
        :raises VaultExistsError: when it holds one, and a new one was wanted.
        :raises KekError: when the key does not fit.
        :raises StoreError: when the store cannot be read or written.
        """
        secrets: list[Any] = []
        document = codec("OpenOptions").encode(codec("OpenOptions").accept(options, "options"), secrets)
        made = cls.__new__(cls)
        callback = None
        if host is not None:
            from ._hosts import Adapter

            callback = Adapter(host)
            document.update(callback.options())
        made._native = invoke(native.open, json.dumps(document, ensure_ascii=False), secrets, callback)
        made._lock = threading.Lock()
        made._sessions = weakref.WeakSet()
        return made

    _lock: threading.Lock
    _sessions: weakref.WeakSet[Session]

    def session(
        self,
        principal: Principal,
        context: Optional[RequestContext] = None,
        tickets: Iterable[Union[bytes, SecretBytes]] = (),
    ) -> Session:
        """Begins a session.

        :param principal: Who acts, as the host has authenticated them.
        :param context: The request on whose behalf.
        :param tickets: What was unlocked before: the results of `Session.unlock`.
        """
        hidden = hide_each_bytes(tickets)
        del tickets
        begun = self._begin(principal, context, hidden)
        begun._vault, begun._principal, begun._context = self, principal, context
        begun._tickets = tuple(hidden)
        return begun

    def _begin(self, principal: Principal, context: Optional[RequestContext], tickets: Any) -> Session:
        held = self._held()
        document, secrets = write(
            {
                "principal": ("Principal", principal),
                "context": ("RequestContext?", context),
                "tickets": ("[secret_bytes]", tickets),
            }
        )
        begun = Session._of(invoke(held.session, document, secrets))
        with self._lock:
            if self._native is not None:
                self._sessions.add(begun)
                return begun
        begun.close()
        self._held()
        raise AssertionError("a closed vault begins no session")

    def close(self) -> None:
        """Closes it and its sessions; doing it twice changes nothing."""
        with self._lock:
            self._native = None
            sessions = list(self._sessions)
        for one in sessions:
            one.close()

    def __enter__(self) -> Vault:
        self._held()
        return self

    def __exit__(
        self,
        kind: Optional[Type[BaseException]],
        error: Optional[BaseException],
        traceback: Optional[TracebackType],
    ) -> None:
        self.close()


class Session(operations.OnSession, Caller):
    """What one principal does with a vault. Begun by `Vault.session`; close it, or use a `with` block."""

    _sort = "session"

    def __init__(self) -> None:
        raise TypeError("a session is begun by a vault: use Vault.session(Principal(...))")

    @classmethod
    def _of(cls, held: Any) -> Session:
        made = cls.__new__(cls)
        made._native = held
        return made

    _vault: Vault
    _principal: Principal
    _context: Optional[RequestContext]
    _tickets: Tuple[SecretBytes, ...]

    def with_ticket(self, ticket: Union[bytes, SecretBytes]) -> Session:
        """Another session like this one, in which what the ticket unlocked is open too.

        :param ticket: What `unlock` gave.
        """
        ticket = hide_bytes(ticket)
        self._held()
        return self._vault.session(self._principal, self._context, [*self._tickets, ticket])

    def close(self) -> None:
        """Ends it; doing it twice changes nothing. Its secrets stay until they are wiped or dropped."""
        self._native = None

    def __enter__(self) -> Session:
        self._held()
        return self

    def __exit__(
        self,
        kind: Optional[Type[BaseException]],
        error: Optional[BaseException],
        traceback: Optional[TracebackType],
    ) -> None:
        self.close()
