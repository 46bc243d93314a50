### Namen des Modells und seine Fehler.

# Action
action-view = Ansehen
action-reveal = Aufdecken
action-use = Benutzen
action-edit = Ändern
action-delete = Löschen
action-share = Teilen

# Permission
permission-view = Ansehen
permission-reveal = Aufdecken
permission-use = Benutzen
permission-create = Anlegen
permission-edit = Ändern
permission-delete = Löschen
permission-share = Teilen
permission-transfer = Import und Export
permission-keys = Schlüssel
permission-manage-users = Weitere Benutzer
permission-profile = Profil
permission-contacts = Kontakte
permission-products = Produkte
permission-manage-products = Änderungen an Produkten
permission-product-sso = Anmeldung bei Produkten
permission-domains = Domains
permission-manage-domains = Änderungen an Domains
permission-invoices = Rechnungen
permission-quotes = Angebote
permission-tickets = Supporttickets
permission-affiliates = Partnerprogramm
permission-emails = E-Mails
permission-orders = Bestellungen

# Section
section-entries = Einträge
section-entries-for-clients = Einträge für Kunden
section-entries-import = Import von Einträgen
section-entries-export = Export von Einträgen
section-keys = Schlüssel
section-keys-manage = Verwaltung von Schlüsseln
section-access = Zugriffsregeln
section-access-explain = Erklärungen des Zugriffs
section-logs = Protokolle
section-logs-export = Export von Protokollen
section-logs-verify = Prüfung von Protokollen
section-settings = Einstellungen
section-rotation = Wechsel der Tresorschlüssel
section-principals = Personenverzeichnis
section-categories = Kategorien
section-tags = Schlagwörter
section-templates = Vorlagen für Nachrichten
section-outbox = ausgehende Nachrichten
section-translations = Übersetzungen
section-connect = Anmeldung an Servern
section-connect-configure = Einrichtung von Servern
section-requests = Anfragen nach Zugangsdaten
section-approvals = Freigaben durch Zweite
section-directory = gespeichertes Personenverzeichnis
section-logs-prune = Löschung alter Ereignisse
section-subjects = Auskunft und Löschung persönlicher Daten
section-host-events = Folgen von Ereignissen im Panel
section-dashboard = Übersicht
section-tickets = Tickets anderer Abteilungen
section-reports = Berichte
section-scheduled = geplante Aufgaben

# Surface
surface-api = Programmierschnittstelle
surface-admin-area = Verwaltungsbereich
surface-client-area = Kundenbereich
surface-summary = Kundenübersicht
surface-ticket = Ticket
surface-cron = geplante Aufgabe

# EventKind
event-vault-created = Tresor angelegt
event-entry-created = Eintrag angelegt
event-entry-updated = Eintrag geändert
event-secret-changed = Geheimnis geändert
event-secret-restored = früheres Geheimnis wiederhergestellt
event-entry-trashed = Eintrag in den Papierkorb gelegt
event-entry-restored = Eintrag aus dem Papierkorb geholt
event-entry-purged = Eintrag vernichtet
event-entries-listed = Einträge aufgelistet
event-entry-viewed = Eintrag angesehen
event-secret-revealed = Geheimnis aufgedeckt
event-past-secret-revealed = früheres Geheimnis aufgedeckt
event-secret-copied = Geheimnis kopiert
event-entries-imported = Einträge importiert
event-entries-exported = Einträge exportiert
event-sharing-changed = Freigaben geändert
event-keys-attached = Schlüssel angehängt
event-keys-detached = Schlüssel gelöst
event-key-created = Schlüssel angelegt
event-key-updated = Schlüssel geändert
event-key-deleted = Schlüssel gelöscht
event-unlocked = aufgeschlossen
event-ticket-ended = wieder verschlossen
event-master-password-set = Master-Passwort gesetzt
event-master-password-changed = Master-Passwort geändert
event-master-password-disabled = Master-Passwort abgeschaltet
event-master-password-recovered = Master-Passwort wiederhergestellt
event-access-changed = Zugriffsregeln geändert
event-settings-changed = Einstellungen geändert
event-principals-synced = Personenverzeichnis abgeglichen
event-rotated = Tresorschlüssel gewechselt
event-log-read = Protokoll gelesen
event-log-exported = Protokoll exportiert
event-log-verified = Protokoll geprüft
event-category-created = Kategorie angelegt
event-category-updated = Kategorie geändert
event-category-deleted = Kategorie gelöscht
event-category-assigned = Kategorie von Einträgen geändert
event-tag-created = Schlagwort angelegt
event-tag-updated = Schlagwort umbenannt
event-tag-deleted = Schlagwörter gelöscht
event-tags-assigned = Schlagwörter von Einträgen geändert
event-reminder-changed = Erinnerungen eines Eintrags geändert
event-scheduled-run = geplante Aufgaben erledigt
event-message-claimed = Nachrichten zur Zustellung übernommen
event-message-delivered = Nachricht zugestellt
event-message-failed = Nachricht nicht zugestellt
event-message-removed = Nachrichten entfernt oder neu eingereiht
event-template-changed = Nachrichtenvorlage geändert
event-translations-changed = Übersetzungen geändert
event-totp-shown = Einmalcode angezeigt
event-url-opened = Webadresse geöffnet
event-connect-changed = Anmeldung an einem Server geändert
event-sign-on-started = Anmeldung an einem Server begonnen
event-sign-on-finished = Anmeldung an einem Server beendet
event-service-revealed = Anzeige eines Dienstpassworts erlaubt
event-service-secret-changed = Dienstpasswort geändert
event-link-created = Einmal-Link angelegt
event-link-opened = Einmal-Link geöffnet
event-link-revoked = Einmal-Link beendet
event-credentials-requested = Zugangsdaten erbeten
event-credentials-given = Zugangsdaten übergeben
event-credential-request-ended = Anfrage nach Zugangsdaten zurückgenommen
event-approval-asked = Freigabe erbeten
event-approval-given = Freigabe erteilt
event-approval-refused = Freigabe verweigert
event-log-pruned = alte Ereignisse gelöscht
event-checkpoints-copied = Prüfpunkte nach außen kopiert
event-person-created = Person angelegt
event-person-updated = Person geändert
event-person-deleted = Person gelöscht
event-unit-changed = Rolle, Abteilung oder Gruppe geändert
event-invite-created = Einladung angelegt
event-invite-accepted = Einladung angenommen
event-invite-cancelled = Einladung zurückgenommen
event-signed-in = angemeldet
event-second-factor-changed = zweiter Faktor geändert
event-login-password-changed = Anmeldepasswort geändert
event-host-event-applied = Ereignis im Panel nachvollzogen
event-subject-exported = persönliche Daten ausgegeben
event-subject-erased = persönliche Daten gelöscht
event-report-read = Bericht gelesen
event-access-explained = Zugriff anderer erklärt
event-migrated = Format der Datensätze aktualisiert
event-turned-away = Person ohne Anteil am Tresor abgewiesen
event-second-factor-asked = zweiter Faktor verlangt
event-login-reset-asked = neues Anmeldepasswort angefordert
event-people-listed = Personen angesehen
event-recovery-code-renewed = Wiederherstellungscode erneuert
event-rotation-required = Änderung von Geheimnissen verlangt
event-approval-withdrawn = Freigabe zurückgenommen

# Outcome
outcome-done = ausgeführt
outcome-denied = abgelehnt
outcome-failed = fehlgeschlagen

# EntryKind
entry-kind-login = Anmeldung
entry-kind-licence-key = Lizenzschlüssel
entry-kind-server = Server
entry-kind-note = Notiz

# Tier
tier-vault = unter dem Schlüssel des Tresors
tier-key-stored = unter einem gespeicherten Schlüssel
tier-master-password = unter dem Master-Passwort
tier-key-passphrase = unter einem Schlüssel mit Passphrase
tier-key-public-only = unter einem öffentlichen Schlüssel

# KeyConfiguration
key-configuration-public-only = nur der öffentliche Schlüssel
key-configuration-passphrase = privater Schlüssel gespeichert, mit Passphrase
key-configuration-stored = privater Schlüssel gespeichert, ohne Passphrase

# KeySuite
key-suite-rsa-oaep = RSA-OAEP mit SHA-256
key-suite-hpke-x25519 = HPKE mit X25519

# Owner, Person, Grantee, Subject
person-admin = Administrator { $id }
person-client = Kunde { $id }
person-sub-user = Benutzer { $user } des Kunden { $account }
person-system = geplante Aufgabe
person-bearer = Inhaber eines Links
people-role = Rolle { $id }
people-department = Abteilung { $id }
people-group = Kundengruppe { $id }
people-sub-users = die Unterbenutzer des Kunden { $id }
people-administrators = alle Administratoren
key-owner-vault = der Tresor
master-state-enabling = wird eingerichtet
master-state-active = in Kraft
master-state-disabling = wird abgeschaltet
period-unit-days = Tage
period-unit-weeks = Wochen
period-unit-months = Monate
period-unit-years = Jahre
people-staff = das Team
binding-ticket = Ticket { $id }
binding-service = Dienst { $id }
period-days = { $count ->
    [one] ein Tag
   *[other] { $count } Tage
}
period-weeks = { $count ->
    [one] eine Woche
   *[other] { $count } Wochen
}
period-months = { $count ->
    [one] ein Monat
   *[other] { $count } Monate
}
period-years = { $count ->
    [one] ein Jahr
   *[other] { $count } Jahre
}
service-part-adopted = Anmeldung des Dienstes
service-part-additional = weitere Anmeldung
notice-secret-changed = ein Geheimnis wurde geändert
notice-change-soon = ein Geheimnis sollte bald geändert werden
notice-change-due = ein Geheimnis sollte jetzt geändert werden
notice-secret-expired = ein Geheimnis ist abgelaufen
notice-secret-revealed = ein Geheimnis wurde aufgedeckt
notice-invitation = Einladung
notice-credentials-requested = Zugangsdaten werden erbeten
notice-credentials-given = Zugangsdaten wurden übergeben
notice-approval-asked = eine Freigabe wird erbeten
notice-approval-decided = eine Freigabe wurde erteilt oder verweigert
audience-clients = Kunden
audience-administrators = Administratoren
message-state-waiting = wartet
message-state-claimed = in Zustellung
message-state-dead = nicht zugestellt

# DeliveryError
delivery-transient = die Nachricht konnte jetzt nicht zugestellt werden: { $reason }
delivery-permanent = die Nachricht kann nicht zugestellt werden: { $reason }

# AddressError
address-too-long = die Adresse hat { $found } Bytes; angenommen werden höchstens { $max }
address-scheme = angenommen werden nur Adressen, die mit http:// oder https:// beginnen
address-malformed = das ist keine Webadresse; schreiben Sie https://rechner/pfad
address-password = in der Adresse steht ein Passwort; geben Sie es im Passwortfeld ein

# DirectoryError
directory-failed = das Personenverzeichnis konnte nicht antworten: { $reason }

# ServicesError
services-failed = die Dienste des Hosts konnten nicht abgefragt werden: { $reason }

# KeyProviderError
key-provider-failed = es war kein KEK zu bekommen: { $reason }

# IdError
id-not-a-uuid = eine Kennung ist eine UUID mit Bindestrichen; dieser Text von { $length } Bytes ist keine
id-host-id = eine Kennung hat 1 bis { $max } Bytes Text ohne Steuerzeichen; diese hat { $length } Bytes
id-random = die Zufallsquelle des Betriebssystems hat versagt
id-kind = { $number } ist keine Art von Datensatz; sie sind von 1 bis { $max } gezählt

# PersonId, PersonKind, Realm, MailTopic, UnitKind
person-user = Benutzer { $id }
person-kind-admin = Administratoren
person-kind-client = Kunden
person-kind-user = Benutzer
realm-staff = Mitarbeiter
realm-clients = Kunden
mail-general = allgemeine Nachrichten
mail-billing = Rechnungen und Zahlungen
mail-support = Supporttickets
mail-products = Produkte und Dienste
mail-domains = Domains
mail-affiliates = Partnerprogramm
mail-system = Systemmeldungen
mail-vault = Nachrichten des Tresors
unit-role = Rolle
unit-department = Abteilung
unit-group = Gruppe

# HostEvent
host-event-client-deleted = Kunde { $client } ist weg
host-event-clients-merged = Kunde { $from } ist Teil von Kunde { $into }
host-event-service-deleted = Dienst { $service } ist weg
host-event-service-moved = Dienst { $service } gehört Kunde { $client }
host-event-ticket-closed = Ticket { $ticket } ist geschlossen
host-event-ticket-reopened = Ticket { $ticket } ist wieder offen
host-event-admin-left = Administrator { $admin } ist gegangen, und { $new_owner } hat die Einträge
host-event-role-deleted = Rolle { $role } ist weg

# Warum ein Link oder eine Anfrage vorbei ist
ended-expired = ist abgelaufen
ended-used = wurde schon benutzt
ended-guessed = wurde nach zu vielen falschen Passphrasen beendet

# Worum ein Kunde gebeten wird
wanted-username = Benutzername
wanted-password = Passwort
wanted-notes = Notizen
wanted-totp = Geheimnis der Einmalcodes
wanted-website = Website
wanted-login-url = Anmeldeadresse
wanted-field = das Feld „{ $name }“

# UnknownPermission
unknown-permission = das Wort an Stelle { $place } der Liste ist keine Berechtigung
