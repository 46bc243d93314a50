package com.example;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.pwvault.*;
import com.pwvault.model.*;
import com.pwvault.store.ChangeSet;
import com.pwvault.store.Expected;
import com.pwvault.store.Page;
import com.pwvault.store.Query;
import com.pwvault.store.Record;
import com.pwvault.store.RecordKey;
import com.pwvault.store.Store;
import com.pwvault.store.StoreInfo;
import com.pwvault.store.Write;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.TreeMap;
import kotlin.Pair;
import org.junit.jupiter.api.Test;

/** The vault as a host in Java has it: from another package, by its public names alone. */
class JavaHostTest {
    private static final KekId KEK = new KekId("07".repeat(16));
    private static final KeyProvider KEYS = () -> List.of(new HostKek(KEK, Secret.of(new byte[32])));

    private static OpenOptions options(String store) {
        VaultId id = new VaultId("0190b5a0-0000-7000-8000-000000000001");
        // What is null or empty stays as it is by default; arguments from some place on may be left out.
        return new OpenOptions(
                store, id, KekSource.Host.INSTANCE, OpenMode.CREATE, new RoleId("full"),
                null, null, null, null, List.of(), false, null, "https://panel.example/answer");
    }

    private static Session staff(Vault vault) {
        return vault.session(new Principal(new PrincipalKind.Admin(new AdminId("1"), List.of(new RoleId("full")))));
    }

    private static EntryId add(Session session, String name) {
        return session.createEntry(new EntryDraft(name, EntryKind.LOGIN, "anna", "", "", Secret.of("correct horse")));
    }

    @Test
    void opensWritesAndReads() {
        try (Vault vault = Vault.open(options("memory:"), new Hosts(null, null, null, List.of(), KEYS));
                Session session = staff(vault)) {
            EntryId id = add(session, "Router");
            try (Secret password = session.reveal(id).getPassword()) {
                assertEquals("correct horse", password.exposeText());
            }
            Iterator<EntryView> all = session.eachEntry(new EntryQuery()).iterator();
            assertEquals("Router", all.next().getHead().getName());
            assertTrue(!all.hasNext());
            ImportReport report;
            try (Secret file = Secret.of("name,url,username,password\nWiki,https://wiki.example,ben,pw\n")) {
                report = session.importFile(file, new ImportArguments());
            }
            assertEquals(1, report.getRows().size());
        }
    }

    @Test
    void errorsAreCaughtByClassAndByCode() {
        try (Vault vault = Vault.open(options("memory:"), new Hosts(null, null, null, List.of(), KEYS))) {
            Session session = staff(vault);
            EntryId unknown = new EntryId("0190b5a0-0000-7000-8000-00000000000f");
            NotFoundException missing = assertThrows(NotFoundException.class, () -> session.entry(unknown));
            assertEquals("not_found", said(missing));
            session.close();
            assertEquals("closed", said(assertThrows(VaultException.class, () -> session.entry(unknown))));
        }
        assertTrue(VaultException.class.isSealed(), "a switch over its classes is complete");
    }

    private static String said(VaultException error) {
        return switch (error.getCode()) {
            case 2 -> "closed";
            case 10 -> "not_found";
            default -> error.getName();
        };
    }

    @Test
    void aStoreAndPeopleInJava() {
        List<NoticeKind> delivered = new ArrayList<>();
        Notifier mail = message -> {
            delivered.add(message.getNotice().getKind());
            throw HostException.temporary("the mail server is away");
        };
        MemoryStore store = new MemoryStore();
        try (Vault vault = Vault.open(options("host:"), new Hosts(store, new Phonebook(), mail, List.of(), KEYS))) {
            try (Session session = staff(vault)) {
                EntryId id = add(session, "Router");
                session.shareByEmail(id, "anna@example.com", List.of(Action.VIEW));
                assertEquals(new Grantee.Client(new ClientId("7")), session.grants(id).get(0).getGrantee());
                store.broken = new IllegalStateException("the database is away");
                StoreException failed = assertThrows(StoreException.class, () -> session.entry(id));
                assertSame(store.broken, failed.getCause());
                store.broken = null;
                GeneratedKey key = session.generateKey(
                        new KeyGeneration("Team", KeyOwner.Vault.INSTANCE, 3072, KeyCustody.Stored.INSTANCE, List.of()));
                session.requestCredentials(new CredentialRequestDraft(
                        new ClientId("7"), new Owner.Admin(new AdminId("1")), "Router", EntryKind.LOGIN,
                        List.of(new Wanted(WantedPart.Password.INSTANCE, true)), "Please", List.of(key.getId())));
            }
            try (Session system = vault.session(new Principal(PrincipalKind.System.INSTANCE))) {
                system.runDue(Instant.now());
            }
        }
        assertEquals(List.of(NoticeKind.CREDENTIALS_REQUESTED), delivered);
    }

    private static final class Phonebook implements Directory {
        @Override
        public Contact contact(Person person) {
            return null;
        }

        @Override
        public ClientId clientByEmail(String email) {
            return email.equals("anna@example.com") ? new ClientId("7") : null;
        }

        @Override
        public List<Person> members(Subject subject) {
            return List.of();
        }
    }

    /** A store in memory, as a host would write one over its database. */
    private static final class MemoryStore implements Store {
        private final TreeMap<RecordKey, Record> records = new TreeMap<>();
        private RuntimeException broken;

        @Override
        public synchronized List<Record> load(List<RecordKey> keys) {
            if (broken != null) throw broken;
            List<Record> found = new ArrayList<>();
            keys.forEach(key -> found.add(records.get(key)));
            return found;
        }

        @Override
        public synchronized Page scan(Query query) {
            boolean down = query.getDescending();
            String cursor = query.getCursor();
            String from = cursor != null && !down ? cursor : Objects.requireNonNullElse(query.getFrom(), "");
            String to = cursor != null && down ? cursor : Objects.requireNonNullElse(query.getTo(), "~");
            NavigableMap<RecordKey, Record> asked = from.compareTo(to) > 0
                    ? new TreeMap<>()
                    : records.subMap(key(query, from), cursor == null || down, key(query, to), false);
            List<Record> rows = new ArrayList<>();
            for (Record record : (down ? asked.descendingMap() : asked).values()) {
                if (!query.getLabels().stream().allMatch(group -> group.stream().anyMatch(record.getLabels()::contains))) continue;
                rows.add(record);
                if (rows.size() > query.getLimit()) break;
            }
            boolean more = rows.size() > query.getLimit();
            if (more) rows.remove(rows.size() - 1);
            String next = more ? rows.get(rows.size() - 1).getKey().getId() : null;
            return switch (query.getWant()) {
                case COUNT -> new Page.Count(rows.size());
                case RECORDS -> new Page.Records(rows, next);
                case KEYS -> new Page.Keys(rows.stream().map(one -> new Pair<>(one.getKey(), one.getRevision())).toList(), next);
            };
        }

        private static RecordKey key(Query query, String id) {
            return new RecordKey(query.getVault(), query.getKind(), id);
        }

        @Override
        public synchronized void commit(ChangeSet changes) {
            List<Expected> expected = new ArrayList<>(changes.getAsserts());
            for (Write write : changes.getWrites()) {
                expected.add(new Expected(write.getRecord().getKey(), write.getExpect()));
            }
            expected.addAll(changes.getDeletes());
            for (Expected one : expected) {
                Record there = records.get(one.getKey());
                Long revision = there == null ? null : (Long) there.getRevision();
                if (!Objects.equals(revision, one.getRevision())) throw HostException.conflict(one.getKey());
            }
            changes.getDeletes().forEach(one -> records.remove(one.getKey()));
            changes.getWrites().forEach(one -> records.put(one.getRecord().getKey(), one.getRecord()));
        }

        @Override
        public StoreInfo info() {
            return new StoreInfo("java", false);
        }
    }
}
