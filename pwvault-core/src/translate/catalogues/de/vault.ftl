### Der Tresor.

# VaultError
vault-locked = das Geheimnis ist verschlossen: schließen Sie einen Schlüssel oder das Master-Passwort auf, womit es versiegelt ist, und geben Sie den Nachweis der Sitzung
vault-locked-all = es werden { $count } Schlüssel oder Master-Passwörter gebraucht: entsperren Sie für jeden Bedarf eines, und geben Sie die Tickets der Sitzung
vault-wrong-answer = die Eingabe passt nicht: { $what }
vault-invalid = { $field }: { $problem }
vault-version-conflict = inzwischen geändert: erwartet wurde Version { $expected }, es ist { $found }; lesen Sie neu
vault-too-many = mehr als { $limit } Einträge müssten geöffnet werden; engen Sie den Filter nach Besitzer, Schlüssel oder Freigabe ein
vault-quota-reached = das Konto besäße { $total } Einträge, erlaubt sind { $limit }; löschen Sie einige, oder heben Sie die Grenze an
vault-in-use = in Gebrauch ist { $what }: { $loss }
vault-state = { $state }
vault-unexpected-lock = das Geheimnis würde nicht mit dem Schlüssel versiegelt, den sein Besitzer erwartet; nichts wurde versiegelt
vault-no-vault = der Speicher hält keinen Tresor { $id }
vault-exists = der Speicher hält schon einen Tresor { $id }; öffnen Sie ihn, oder wählen Sie eine andere Kennung
vault-no-policy = das Regelwerk des Tresors fehlt: der Speicher wurde verändert oder ist unvollständig
vault-unknown-kek = der Tresor ist unter KEK { $id } versiegelt, der nicht zu bekommen war
vault-wrong-kek = KEK { $id } öffnet den Tresor nicht: es ist ein anderer Schlüssel unter derselben Kennung, oder der Schlüsselbund wurde verändert
vault-kek-length = ein KEK hat 32 Bytes; der mit der Kennung { $id } hat { $length }
vault-tampered = { $key } wurde außerhalb des Tresors verändert, verschoben oder vertauscht: { $cause }
vault-rolled-back = der Speicher wurde zurückgesetzt: { $what } hat Stand { $found }, schon gesehen wurde { $known }
vault-checkpoint-not-kept = nichts wird gelöscht, bevor sein Prüfpunkt außerhalb verwahrt ist: { $reason }
vault-output = die Ausgabe konnte nicht geschrieben werden: { $reason }
vault-substituted = der Speicher wurde verändert: { $what } hat Stand { $revision } wie schon gesehen, ist aber etwas anderes
vault-reason-required = das ist nur mit einer Begründung erlaubt; geben Sie mit der Anfrage eine an
vault-approval-required = das ist nur mit der Zustimmung einer zweiten Person erlaubt; bitten Sie darum, und kommen Sie wieder, wenn sie gegeben ist
vault-approvals-required = für { $count } der Einträge braucht es die Zustimmung einer zweiten Person: bitten Sie darum, oder lassen Sie sie weg
vault-schedule = { $field }: { $cause }
vault-busy = andere ändern fortwährend dieselben Datensätze; versuchen Sie es erneut
vault-ended = { $what } { $why }
vault-bad-rows = nichts wurde importiert, da manche Zeilen keine Einträge werden können ({ $count }); bessern Sie sie aus, oder importieren Sie nur die guten

# Challenge
challenge-passphrase = die Passphrase des Schlüssels { $key }
challenge-private-key = der private Schlüssel zu Schlüssel { $key }
challenge-master-password = das Master-Passwort von { $owner }

# VaultKey
vault-key-data = Datenschlüssel
vault-key-index = Indexschlüssel
vault-key-audit = Protokollschlüssel

# Consequence
consequence-entry-trashed = ein Eintrag kommt in den Papierkorb
consequence-entry-rehomed = ein Eintrag bekommt einen anderen Besitzer
consequence-entry-kept = ein Eintrag wartet auf seine Übergabe
consequence-service-left = ein Eintrag wird von seinem Dienst gelöst
consequence-grant-ended = eine Freigabe endet
consequence-grant-rehomed = eine Freigabe geht an einen anderen Kunden über
consequence-category-left = ein Eintrag wird aus seiner Kategorie genommen
consequence-reminder-ended = eine Erinnerung entfällt
consequence-server-rule-changed = eine Rolle verliert einen Server
consequence-key-rehomed = ein Schlüssel bekommt einen anderen Besitzer
consequence-key-kept = ein Schlüssel wartet auf seine Übergabe
consequence-attach-right-ended = ein Recht, einen Schlüssel anzuhängen, endet
consequence-attach-right-rehomed = ein Recht, einen Schlüssel anzuhängen, geht an einen anderen Kunden über
consequence-category-rehomed = eine Kategorie bekommt einen anderen Besitzer
consequence-member-removed = eine Mitgliedschaft in einer Kategorie endet
consequence-member-rehomed = eine Mitgliedschaft in einer Kategorie geht an einen anderen Kunden über
consequence-contact-removed = ein Kontakt wird entfernt
consequence-sign-in-ended = eine Anmeldung wird abgeschaltet
consequence-sub-user-removed = ein Benutzer verlässt das Konto
consequence-sub-user-rehomed = ein Benutzer geht in ein anderes Konto über
consequence-role-taken = eine Person verliert die Rolle
consequence-invite-cancelled = eine Einladung wird zurückgenommen
consequence-link-ended = ein Link endet
consequence-request-ended = eine Bitte um Zugangsdaten endet
consequence-message-removed = eine Nachricht wird nicht mehr gesendet
consequence-approval-removed = eine Bitte um Zustimmung wird entfernt
consequence-rule-changed = eine Regel wird geändert
consequence-setting-changed = eine Einstellung wird geändert
consequence-entry-erased = ein Eintrag wird vernichtet
consequence-secret-lost = niemand kann einen Eintrag von jemand anderem mehr öffnen
consequence-key-erased = ein Schlüssel wird vernichtet
consequence-master-password-erased = ein Master-Passwort wird vernichtet
consequence-category-erased = eine Kategorie wird gelöscht
consequence-person-erased = eine Person wird gelöscht
consequence-invite-erased = eine Einladung wird gelöscht
consequence-ticket-ended = ein Entsperrticket oder eine Erlaubnis endet
consequence-binding-ended = nichts kann mehr daran gebunden werden
consequence-binding-reopened = Freigaben können wieder daran gebunden werden

# HandOver
hand-over-locked = Eintrag { $entry } ist gesperrt; entsperren Sie ihn, und melden Sie es noch einmal
hand-over-private = Eintrag { $entry } ist privat; nur sein Besitzer kann ihn übergeben
hand-over-grants = Eintrag { $entry } war für beide Kunden zu verschiedenen Bedingungen freigegeben
hand-over-key = Schlüssel { $key } kann nur sein Inhaber öffnen; entsperren Sie ihn, und melden Sie es noch einmal
hand-over-rules = niemand sonst darf die Regeln ändern; legen Sie zuerst eine Regel für jemanden an
