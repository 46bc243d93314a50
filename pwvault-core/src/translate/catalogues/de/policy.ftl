### Entscheidungen, ihre Gründe und Auswege, und die Fehler von Regeln und Freigaben.

# Reason
reason-owner = es gehört Ihnen
reason-extended-role = Rolle { $role } darf alles mit Einträgen, die nicht privat sind
reason-grant = geteilt mit { $grantee } zum { $actions }
reason-category = Sie gehören zur Kategorie { $category }, und sie gibt { $actions }
reason-ticket = Sie bearbeiten ein Ticket des Kunden, und der Eintrag ist geteilt
reason-access-mode = der Zugriffsmodus { $mode } öffnet Ihnen die Einträge von Kunden
reason-rule-allows = Regel { $rule } erlaubt den Bereich { $section }
reason-rule-full-access = Regel { $rule } erlaubt jeden Bereich
reason-permission = Ihre Berechtigung { $permission } schließt es ein
reason-account = das Konto darf dies
reason-attach-right = { $grantee } darf den Schlüssel anhängen
reason-scheduled-work = geplante Aufgaben wechseln Schlüssel, pflegen Protokolle und stellen Nachrichten zu, sonst nichts
reason-scheduled-only = nur geplante Aufgaben tun das
reason-private = der Eintrag ist privat
reason-owned-locked = ein Master-Passwort schützt Ihre eigenen Einträge und ist nicht aufgeschlossen
reason-trashed = der Eintrag liegt im Papierkorb
reason-rule-restricts = Regel { $rule } sperrt den Bereich { $section }
reason-permission-missing = Ihnen fehlt die Berechtigung { $permission }
reason-setting-off = die Einstellung { $setting } ist aus
reason-staff-only = nur Administratoren haben dies
reason-owner-only = nur der Besitzer darf dies
reason-not-covered = nichts gibt Ihnen { $action }
reason-key-not-covered = nichts gibt Ihnen { $action } für den Schlüssel
reason-section-not-covered = keine Regel erlaubt Ihnen den Bereich { $section }
reason-client-forbidden = die Einstellungen geben diesem Kunden keinen Anteil am Tresor
reason-service-excluded = die Einstellungen schließen das Produkt dieses Dienstes aus
reason-server-rule = der Server ist nur für diese Rollen: { $roles }

# Remedy
remedy-unlock-master-password = Ihr Master-Passwort aufschließen
remedy-restore-from-trash = den Eintrag aus dem Papierkorb holen lassen
remedy-make-not-private = den Besitzer bitten, den Eintrag nicht mehr privat zu halten
remedy-ask-for-grant = den Besitzer, oder wer den Eintrag teilen darf, um { $action } bitten
remedy-ask-owner = den Besitzer fragen
remedy-ask-for-permission = das Konto um die Berechtigung { $permission } bitten
remedy-hold-role = um die Rolle { $role } bitten
remedy-allow-section = eine Regel den Bereich { $section } erlauben lassen
remedy-lift-restriction = Regel { $rule } den Bereich { $section } nicht mehr sperren lassen
remedy-switch-on = die Einstellung { $setting } einschalten lassen

# ModeName
access-mode-full = Voll
access-mode-restricted = Eingeschränkt
access-mode-shared = Geteilt

# SettingName
setting-private-entries = private Einträge
setting-master-passwords = Master-Passwörter
setting-service-entries = Einträge von Diensten
setting-client-area = der Tresor im Kundenbereich
setting-summary = der Tresor in der Kundenübersicht
setting-tickets = der Tresor in Tickets

# KeyAction
key-action-view = Ansehen
key-action-attach = Anhängen
key-action-manage = Verwalten

# Effect
effect-deny = abgelehnt
effect-allow = erlaubt

# Denied
not-found = unter dieser Kennung gibt es nichts

# SharingError
sharing-private = ein privater Eintrag kann nicht geteilt werden; machen Sie ihn zuerst nicht privat
sharing-to-owner = der Besitzer darf schon alles und bekommt keine Freigabe
sharing-not-held = nur was man am Eintrag selbst darf, kann man geben oder nehmen
sharing-beyond-terms = eine Freigabe endet nicht später und verlangt nicht weniger als die, aus der sie weitergegeben wird
sharing-ended = das Ende der Freigabe ist vorbei; wählen Sie ein späteres, oder entfernen Sie die Freigabe
sharing-empty = eine Freigabe braucht mindestens eine Handlung; um sie zu beenden, entfernen Sie sie
sharing-repeated = ein Empfänger darf unter den Änderungen nur einmal stehen
sharing-too-many = ein Eintrag hat höchstens { $max } Freigaben; mit dieser Änderung wären es { $count }

# RuleError
rule-too-many = ein Tresor hat höchstens { $max } Regeln; das sind { $count }
rule-name = der Name einer Regel hat 1 bis { $max } Bytes Text ohne Steuerzeichen
rule-repeated-id = zwei Regeln haben dieselbe Kennung
rule-repeated-name = zwei Regeln haben denselben Namen
rule-repeated-item = eine Regel nennt einen Bereich, einen Administrator oder eine Rolle zweimal
rule-lockout = kein Administrator und keine Rolle dieser Regeln hätte den Bereich der Zugriffsregeln, niemand könnte sie also mehr ändern

# QuestionError
question-missing = die Anfrage braucht die Angabe `{ $fact }`, und sie fehlt
question-always-on = die Oberfläche { $surface } lässt sich nicht abschalten; Kundenbereich, Übersicht und Tickets schon

# Verb
verb-list = Auflisten
verb-view = Ansehen
verb-create = Anlegen
verb-manage = Verwalten
verb-configure = Einrichten
verb-delete = Löschen
verb-cancel = Abbrechen

# Finding
finding-names-nobody = Regel { $rule } nennt weder Administrator noch Rolle und gilt also für niemanden
finding-says-nothing = Regel { $rule } erlaubt nichts und sperrt nichts
finding-shadowed = alles, was Regel { $rule } erlaubt, ist für alle gesperrt, die sie nennt
finding-dependent = { $subject }: { $verb } im Bereich { $section } ohne { $needs }; das gibt der Bereich { $given_by }
finding-no-landing = kein Bereich, der { $subject } offensteht, hat eine Seite zum Anfangen; erlauben Sie einen, der etwas auflistet

# Decision
decision-allowed = das ist erlaubt: { $reasons }
decision-denied = das ist nicht erlaubt: { $reasons }
decision-denied-with-help = das ist nicht erlaubt: { $reasons } (was hülfe: { $remedies })
