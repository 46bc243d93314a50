"""What a host writes, under the strictest types. It is checked and not run."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Iterable, List, Optional, Sequence, Tuple

from pwvault import (
    Action,
    AdminId,
    Challenge,
    ClientId,
    Contact,
    DeniedError,
    EntryDraft,
    EntryId,
    EntryQuery,
    EntrySecret,
    GrantChange,
    Grantee,
    GrantTerms,
    LockedError,
    OpenOptions,
    OutboxMessage,
    Owner,
    Person,
    Principal,
    PwvaultError,
    Reason,
    Secret,
    SecretBytes,
    Session,
    StoreInfo,
    UnlockAnswer,
    Vault,
)
from pwvault.hosts import Directory, Host, HostError, Notifier, Store
from pwvault.records import ChangeSet, Page, Query, RecordKey, StoredRecord, Subject


def names(session: Session) -> List[str]:
    return [entry.head.name for entry in session.each_entry(EntryQuery(limit=10))]


def add(session: Session, password: Secret) -> EntryId:
    entry = session.create_entry(
        EntryDraft(name="Mail", password=password, owner=Owner.Client(ClientId("7")))
    )
    terms = GrantTerms(ends_at=datetime(2030, 1, 1, tzinfo=timezone.utc))
    put = GrantChange.Put(grantee=Grantee.Admin(AdminId("1")), actions=[Action.REVEAL], terms=terms)
    version: int = session.share(entry, [put])
    assert version
    return entry


def reveal(session: Session, entry: EntryId, password: str) -> Tuple[EntrySecret, Optional[SecretBytes]]:
    try:
        return session.reveal(entry), None
    except LockedError as locked:
        for challenge in locked.any_of:
            if isinstance(challenge, Challenge.MasterPassword):
                owner: Owner = challenge.owner
                ticket = session.unlock(UnlockAnswer.MasterPassword(owner=owner, password=password))
                return session.with_ticket(ticket).reveal(entry), ticket
        raise


def why(error: PwvaultError) -> Sequence[Reason]:
    return error.decision.reasons if isinstance(error, DeniedError) else ()


class People(Directory):
    def contact(self, person: Person) -> Optional[Contact]:
        return None

    def client_by_email(self, email: str) -> Optional[ClientId]:
        return ClientId("7") if email == "anna@example.com" else None

    def members(self, subject: Subject) -> Iterable[Person]:
        if isinstance(subject, Subject.Admin):
            yield Person.Admin(subject.value)


class Mail(Notifier):
    def deliver(self, message: OutboxMessage) -> None:
        if message.contact is None:
            raise HostError.permanent("nobody to send it to")


class Nowhere(Store):
    def load(self, keys: Sequence[RecordKey]) -> Iterable[Optional[StoredRecord]]:
        return [None for _ in keys]

    def scan(self, query: Query) -> Page:
        return Page.Records([])

    def commit(self, changes: ChangeSet) -> None:
        for write in changes.writes:
            raise HostError.conflict(write.record.key)

    def info(self) -> StoreInfo:
        return StoreInfo(backend="nowhere", schema=1, durable=False, parallel_commits=False)


def begin(options: OpenOptions, principal: Principal) -> Session:
    vault = Vault.open(options, host=Host(store=Nowhere(), directory=People(), notifier=Mail()))
    return vault.session(principal)
