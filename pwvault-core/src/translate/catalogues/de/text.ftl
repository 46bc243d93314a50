### Sätze, die in anderen Meldungen als Angabe stehen; gefunden werden sie über den englischen Wortlaut.

# Was nicht passt
text-passphrase = Passphrase
text-private-key = privater Schlüssel
text-master-password = Master-Passwort
text-recovery-code = Wiederherstellungscode
text-recovery-key = Wiederherstellungsschlüssel

# Was in Gebrauch ist, was zurückgesetzt wurde
text-the-key = der Schlüssel
text-old-vault-key = ein alter Daten- oder Indexschlüssel
text-the-keyring = der Schlüsselbund
text-the-policy = das Regelwerk
text-key-loss = { $entries } Einträge mit { $past_secrets } früheren Geheimnissen sind damit verschlossen; die Geheimnisse von { $sole } davon gingen verloren
text-vault-key-loss = ohne ihn ließen sich diese Datensätze nicht öffnen oder finden: { $counts }

# Zustände
text-no-private-key-stored = der Tresor hält zu diesem Schlüssel keinen privaten Schlüssel mit Passphrase
text-no-master-password = es ist kein Master-Passwort gesetzt
text-every-key-deleted = alle Schlüssel des Eintrags wurden gelöscht, sein Geheimnis ist verloren
text-no-such-recovery = dieser Weg der Wiederherstellung wurde nicht eingeschaltet
text-master-key-length = der öffentliche Schlüssel des Master-Passworts hat eine falsche Länge
text-recovered-by-another = das Master-Passwort wurde von jemand anderem wiederhergestellt; ändern Sie es zuerst
text-still-disabling = das Master-Passwort wird noch abgeschaltet; setzen Sie das zuerst fort
text-no-key-of-this-sort = der Schlüsselbund hat keinen Schlüssel dieser Art
text-not-in-trash = der Eintrag liegt nicht im Papierkorb
text-no-such-address = der Eintrag hat keine solche Adresse
text-no-connector = für diese Art von Server ist kein Konnektor eingetragen, oder der Host ist der Konnektor: beginnen Sie die Anmeldung
text-no-server = der Eintrag sagt nicht, wie man sich an seinem Server anmeldet
text-no-password-to-sign-in = der Eintrag enthält kein Passwort für die Anmeldung
text-host-is-no-connector = der Host ist nicht als Konnektor für diese Art von Server eingetragen
text-permit-ended = die Erlaubnis ist abgelaufen, wurde schon benutzt oder gilt für etwas anderes
text-stays-with-service = der Eintrag ist die eigene Anmeldung des Dienstes und bleibt bei ihm
text-service-has-entry = der Dienst hat schon einen eigenen Eintrag
text-system-owns-nothing = geplante Aufgaben besitzen nichts
text-master-password-set-already = es ist schon ein Master-Passwort gesetzt; ändern Sie es stattdessen

# Eingaben
text-no-offline-key = es ist kein Offline-Schlüssel zur Wiederherstellung eingerichtet
text-old-password = es ist das alte; wählen Sie ein anderes
text-password-length = angenommen werden mindestens { $min } Zeichen und höchstens { $max } Bytes
text-confirmation-differs = die Wiederholung weicht vom Passwort ab
text-recovery-code-mistyped = vertippt: erwartet werden sieben Gruppen aus vier Buchstaben und Ziffern
text-key-twice = ein Schlüssel steht zweimal in der Liste
text-stored-key-and-master-password = der Besitzer hat ein Master-Passwort; ein gespeicherter Schlüssel ohne Passphrase würde es umgehen
text-name-empty = die Angabe ist leer; ein Name hat mindestens ein Zeichen
text-control-character = die Angabe enthält ein Steuerzeichen, etwa ein Zeilenende; entfernen Sie es
text-passphrase-length = die Angabe hat { $length } Bytes; angenommen werden 1 bis { $max }
text-too-long = die Angabe hat { $length } Bytes; angenommen werden höchstens { $max }
text-name-an-owner = Sie besitzen selbst nichts; nennen Sie einen Besitzer
text-unknown-connector = für diese Art ist beim Tresor kein Konnektor eingetragen
text-unknown-service = der Konnektor kennt ihn nicht; nehmen Sie einen von denen, die er nennt
text-server-roles = es sind { $count }; ein beschränkter Server nennt 1 bis { $max }
text-server-without-address = diese Art von Server hat keine; lassen Sie sie leer
text-service-of-another = er gehört einem anderen Kunden als der Eintrag
text-entry-twice = ein Eintrag steht zweimal in der Liste
text-message-twice = eine Nachricht steht zweimal in der Liste
text-claim-ended = die Nachricht gehört nicht mehr zu dieser Übernahme: die Frist ist abgelaufen, oder sie ist schon erledigt
text-end-has-passed = die Zeit ist vorbei; ein Ende liegt in der Zukunft
text-shards = ein Tresor hat 1 bis { $max } Protokollteile
text-no-kek = es kam kein KEK; einer ist nötig
text-another-vault = die Angabe gehört zu einem anderen Tresor
text-person-twice-in-batch = eine Person steht zweimal in der Lieferung
text-contact-lists = { $count } Rollen, Abteilungen und Gruppen; höchstens { $max } sind möglich
text-no-such-field = das Geheimnis hat kein solches Feld
text-out-of-bounds = der Wert ist { $found }; angenommen werden { $min } bis { $max }
text-kdf-bounds = Speicher { $memory_min } bis { $memory_max } KiB, Durchgänge { $passes_min } bis { $passes_max }, Bahnen { $lanes_min } bis { $lanes_max }
text-someone-twice = jemand steht zweimal in der Liste
text-name-a-key = nennen Sie mindestens einen Schlüssel
text-locked-to-key-already = der Eintrag ist mit einem der Schlüssel schon verschlossen
text-too-many-locks = es sind { $found }; ein Eintrag wird mit höchstens { $max } verschlossen
text-would-be-too-many-locks = es wären { $found }; ein Eintrag wird mit höchstens { $max } verschlossen
text-too-many = es sind { $found }; angenommen werden höchstens { $max }
text-not-locked-to-key = der Eintrag ist damit nicht verschlossen
text-not-a-head = das ist kein Kopf eines Tresors; ein solcher beginnt mit `{ $tag }`
text-not-in-list = der Eintrag, auf den verwiesen wird, steht nicht oder nicht mehr in dieser Liste; beginnen Sie ohne die Angabe neu
text-row-private = Zeile { $row } ist privat, und neue private Einträge werden hier nicht angenommen
text-no-seed = der Eintrag hat keinen Startwert für Einmalcodes; fügen Sie zuerst einen hinzu
text-codes-by-counter = der Startwert ergibt Codes nach Zähler; angezeigt werden nur Codes nach der Zeit
text-weak-password = das Passwort hat die Stärke { $found } von 4; die Richtlinie verlangt mindestens { $min }, nehmen Sie also mehr Zeichen oder Wörter
text-too-many-locales = höchstens { $max } Sprachen haben eigene Wörter
text-approval-end = der Zeitpunkt liegt in der Vergangenheit oder mehr als sieben Tage voraus
text-approval-answered = die Anfrage wurde schon beantwortet; sie ist neu zu stellen
text-approval-not-needed = das braucht keine Freigabe; fahren Sie fort

# The stored directory
text-password = Passwort
text-code = Code
text-part-of-user = ein Anteil dieses Benutzers am Konto
text-person = Person
text-mail-topics = Mailthemen
text-no-address-for-link = die Person hat keine E-Mail-Adresse, an die der Link gehen könnte
text-person-without-second-factor = die Person hat keinen zweiten Faktor
text-sign-in-is-own = eine Anmeldung gehört ihrer Person; melden Sie sich als diese Person an
text-no-second-factor = es ist kein zweiter Faktor eingerichtet
text-too-many-accounts = ein Benutzer handelt für höchstens { $max } Konten
text-role = Rolle
text-department = Abteilung
text-group = Gruppe
text-groups = Gruppen
text-roles = Rollen
text-departments = Abteilungen
text-clients = Kunden
text-administrators = Administratoren
text-user-name = Benutzername
text-e-mail-address = E-Mail-Adresse
text-prune-up-to = Ereignisse werden bis zu einer Zeit gelöscht; nennen Sie sie
text-member-twice = ein Mitglied steht zweimal in der Liste
text-assignment-empty = eine Zuordnung braucht mindestens eine Handlung
text-unknown-person = das Personenverzeichnis kennt niemanden dieser Kennung: { $person }
text-entries-have-it = { $count } Einträge haben es
text-more-entries-have-it = mehr als { $count } Einträge haben es
text-shared-or-in-category = der Eintrag ist geteilt; beenden Sie die Freigaben und nehmen Sie ihn aus seiner Kategorie, bevor Sie ihn privat machen
text-tag-twice = ein Schlagwort steht zweimal in der Liste
text-the-category = die Kategorie
text-the-tag = das Schlagwort
