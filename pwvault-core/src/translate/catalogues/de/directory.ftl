### Das gespeicherte Verzeichnis.

# PeopleError
people-username-start = ein Benutzername beginnt mit einem Buchstaben von A bis Z
people-username-character = ein Benutzername hat nur Buchstaben von A bis Z und Ziffern
people-username-length = ein Benutzername hat höchstens { $max } Zeichen; dieser hat { $length }
people-email = das ist keine E-Mail-Adresse; schreiben Sie name@host.example
people-password-length = das Passwort hat { $length } Zeichen; verlangt sind mindestens { $min }
people-password-too-long = das Passwort hat { $length } Bytes; angenommen werden höchstens { $max }
people-password-strength = das Passwort hat die Stärke { $found } von 4; verlangt ist mindestens { $min }: wählen Sie ein längeres oder weniger übliches
people-password-character = das Passwort enthält eines der Zeichen & < > " ', die hier nicht angenommen werden
people-password-holds-name = das Passwort enthält den Benutzernamen oder die E-Mail-Adresse; wählen Sie ein anderes
people-taken = schon vergeben: { $what }; wählen Sie etwas anderes
people-exists = mit dieser Kennung gibt es schon: { $what }
people-no-name = wer sich anmeldet, hat einen Benutzernamen oder eine E-Mail-Adresse
people-misplaced = { $what } gehören nur zu { $to }
people-not-held = niemand gibt oder nimmt, was er selbst nicht hat: { $permissions }
people-not-over = einen Administrator verwaltet, wer dieselben Rollen und Abteilungen oder den Bereich Zugriffsregeln hat
people-no-unit = das gibt es nicht: { $what }; legen Sie es zuerst an
people-unit-in-use = es gehören Personen dazu; nehmen Sie sie zuerst heraus
people-oneself = das tut niemand sich selbst; bitten Sie eine andere Person, die es darf

# SignInError
sign-in-refused = Name, Passwort oder Code stimmen nicht, oder es gab zu viele Versuche; warten Sie eine Weile, und versuchen Sie es wieder
sign-in-ended = dieser Link oder Schritt ist abgelaufen; beginnen Sie von vorn

# InviteError
invite-unknown = diese Einladung gibt es nicht; nehmen Sie den Link der neuesten Nachricht
invite-expired = die Einladung ist abgelaufen; bitten Sie um eine neue
invite-used = die Einladung wurde schon angenommen; melden Sie sich an
invite-cancelled = die Einladung wurde zurückgenommen; fragen Sie, wer Sie eingeladen hat
invite-wrong-account = die Einladung ist für eine andere Person; melden Sie sich mit der Adresse an, an die sie ging
invite-sign-in-first = zu dieser Adresse gibt es schon eine Anmeldung; melden Sie sich damit an, und nehmen Sie die Einladung dann an
invite-withdrawn = wer die Einladung geschickt hat, darf das nicht mehr; bitten Sie um eine neue
