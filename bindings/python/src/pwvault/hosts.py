"""What a host may implement itself: its store, directory, notifier, connectors, keys and services.

Give a `Host` with some of them to `Vault.open`. All of it is called on the thread that called the
vault, with no lock held, and from several threads at once when several call. What an implementation
raises ends the call; the error of the vault has it as its cause, and `KeyboardInterrupt` and
`SystemExit` come back as they are.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any, Dict, Iterable, Mapping, Optional, Sequence

from .records import ChangeSet, Page, Query, RecordKey, StoredRecord, Subject

if TYPE_CHECKING:
    from .model import (
        Checkpoint,
        ClientId,
        ConnectorKind,
        Contact,
        HostKek,
        OutboxMessage,
        Person,
        ServiceId,
        ServiceRef,
        SignOn,
        StoreInfo,
    )
    from .records import ConnectRequest


class HostError(Exception):
    """Says by name what went wrong in what a host implements. Any other exception counts as a failure
    without a name.

    The message becomes part of the vault's error, and some are stored and listed: it holds no secret
    and no person's data.
    """

    def __init__(self, name: str, message: str, detail: Optional[Mapping[str, Any]] = None) -> None:
        super().__init__(message)
        self.name = name
        self.message = message
        self.detail: Dict[str, Any] = dict(detail or {})

    @classmethod
    def conflict(cls, key: RecordKey) -> HostError:
        """Of a store: a record is not at the revision the change set expected. Nothing was written."""
        detail = {"key": {"vault": key.vault, "kind": key.kind, "id": key.id}}
        return cls("conflict", "a record is not at the revision expected", detail)

    @classmethod
    def busy(cls) -> HostError:
        """Of a store: another writer held the database for too long."""
        return cls("busy", "the database stayed locked for too long")

    @classmethod
    def full(cls) -> HostError:
        """Of a store: there is no room for the change set. Nothing was written."""
        return cls("full", "the database or its disk is full")

    @classmethod
    def read_only(cls) -> HostError:
        """Of a store: the database cannot be written."""
        return cls("read_only", "the database is read-only")

    @classmethod
    def transient(cls, reason: str) -> HostError:
        """Of a notifier: it may work later, and the vault tries again."""
        return cls("transient", reason)

    @classmethod
    def permanent(cls, reason: str) -> HostError:
        """Of a notifier: it will not work, and the message becomes a dead letter."""
        return cls("permanent", reason)

    @classmethod
    def refused(cls) -> HostError:
        """Of a connector: the server did not accept the credential."""
        return cls("refused", "the server refused the credential")

    @classmethod
    def not_allowed(cls) -> HostError:
        """Of a connector: the server does not allow this account to sign in."""
        return cls("not_allowed", "the account may not sign in")

    @classmethod
    def unreachable(cls) -> HostError:
        """Of a connector: no connection came about."""
        return cls("unreachable", "the server could not be reached")

    @classmethod
    def untrusted(cls) -> HostError:
        """Of a connector: the server's certificate is not trusted."""
        return cls("untrusted", "the server's certificate is not trusted")

    @classmethod
    def timed_out(cls) -> HostError:
        """Of a connector: the server took too long."""
        return cls("timed_out", "the server did not answer in time")

    @classmethod
    def unavailable(cls, reason: str) -> HostError:
        """Of any: the answer could not be had."""
        return cls("unavailable", reason)


class Store(ABC):
    """A database of records, as a host keeps one over its own database layer.

    - Every method may be called from several threads at once. A store calls nothing back.
    - Each call sees one consistent snapshot: all of a commit or nothing of it.
    - A commit that returned is seen by every later call, from every process.
    - Vaults are separate: no call for one vault sees or changes a record of another.
    - A store keeps bodies and labels byte for byte and reads nothing out of them.
    - After an error other than `HostError.conflict`, a commit may have happened or not, but never in part.

    `store_conformance` says what is wrong with one.
    """

    @abstractmethod
    def load(self, keys: Sequence[RecordKey]) -> Iterable[Optional[StoredRecord]]:
        """Reads records by key, in the order asked; absent ones as None. A key asked twice is answered
        twice."""

    @abstractmethod
    def scan(self, query: Query) -> Page:
        """Reads one page of the records of a kind, by id.

        A page holds at most ``query.limit`` rows. It may hold fewer while ``Page.next`` is set, but then
        holds at least one. Following it to its end gives every record that was there throughout exactly
        once.
        """

    @abstractmethod
    def commit(self, changes: ChangeSet) -> None:
        """Applies all of a change set or nothing of it.

        Every expectation is compared with the state before the change set. Asserted records must stay as
        expected until the commit is done.

        :raises HostError: `HostError.conflict` with the first key that differs: asserts, then writes, then
            deletes, each in the order given.
        """

    @abstractmethod
    def info(self) -> StoreInfo:
        """What the store is and can do."""


class Directory(ABC):
    """Answers who exists, what they are called and how to reach them. It may call the vault."""

    @abstractmethod
    def contact(self, person: Person) -> Optional[Contact]:
        """How to name and reach a person; None when there is no such person."""

    @abstractmethod
    def client_by_email(self, email: str) -> Optional[ClientId]:
        """The client with exactly this e-mail address."""

    @abstractmethod
    def members(self, subject: Subject) -> Iterable[Person]:
        """The people a subject stands for."""


class Notifier(ABC):
    """Delivers messages, such as by mail. After a crash the same message may come once more with the
    same id; a notifier that can tell repetitions by it delivers exactly once."""

    @abstractmethod
    def deliver(self, message: OutboxMessage) -> None:
        """Delivers one message. To return means that it has been handed over for good.

        :raises HostError: `HostError.transient` or `HostError.permanent`.
        """


class Connector(ABC):
    """Signs in to servers of one kind.

    It ends in bounded time. It sends the credential to the named server alone, over an encrypted and
    authenticated connection, and neither keeps nor logs it.
    """

    @abstractmethod
    def kind(self) -> ConnectorKind:
        """Its kind; asked once, when the vault is opened."""

    @abstractmethod
    def connect(self, request: ConnectRequest) -> SignOn:
        """Signs in."""

    def test(self, request: ConnectRequest) -> None:
        """Tries the credential without signing in."""
        raise HostError("unsupported", "this kind cannot try a credential; sign in instead")


class KeyProvider(ABC):
    """Gives the vault its KEKs: asked when a vault is created or opened and when the KEK is rotated.

    A key passes through Python as `bytes`, which nobody can wipe. `KekSource.File` keeps it out of Python.
    """

    @abstractmethod
    def keks(self) -> Iterable[HostKek]:
        """The ring of KEKs, the current one first; the others only open."""


class Services(ABC):
    """Answers which services there are. It may call the vault."""

    @abstractmethod
    def service(self, id: ServiceId) -> Optional[ServiceRef]:
        """The service of this id, as it is now; None for one that is not known."""


class CheckpointSink(ABC):
    """Keeps signed checkpoints outside the database. It may get one more than once, and must not call
    the vault. What fails is tried again with the next checkpoint."""

    @abstractmethod
    def keep(self, checkpoint: Checkpoint) -> None:
        """Keeps a checkpoint."""


class Host:
    """What a host implements itself. What is left out comes from the library or is not there."""

    def __init__(
        self,
        *,
        store: Optional[Store] = None,
        directory: Optional[Directory] = None,
        notifier: Optional[Notifier] = None,
        connectors: Iterable[Connector] = (),
        key_provider: Optional[KeyProvider] = None,
        services: Optional[Services] = None,
        checkpoint_sink: Optional[CheckpointSink] = None,
    ) -> None:
        self.store = store
        self.directory = directory
        self.notifier = notifier
        kinds = [(one.kind(), one) for one in connectors]
        self.connectors = {kind.name: (kind, one) for kind, one in kinds}
        self.key_provider = key_provider
        self.services = services
        self.checkpoint_sink = checkpoint_sink


def store_conformance(store: Store) -> Sequence[str]:
    """Tries a store against its contract, and says what is wrong with it. It writes to vaults of its
    own, and leaves their records behind.

    :return: What failed; nothing when all is well.
    """
    from ._call import invoke
    from ._hosts import Adapter
    from ._library import native

    failed: Sequence[str] = invoke(native.store_conformance, Adapter(Host(store=store)))
    return tuple(failed)
