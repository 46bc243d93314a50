### Vorlagen für Nachrichten, und ihre Zustellung.

# TemplatePlace, TemplatePart
template-subject = Betreff
template-body = Text
template-place = { $part } der Vorlage für { $audience } auf { $locale }, { $kind }
template-place-line = Zeile { $line } im { $part } der Vorlage für { $audience } auf { $locale }, { $kind }

# TemplateError
template-too-long = { $place }: { $found } Bytes; angenommen werden höchstens { $max }
template-empty = { $place }: nichts steht darin; schreiben Sie einen Text, oder schalten Sie die Nachricht ab
template-subject-lines = { $place }: ein Betreff ist eine Zeile ohne Steuerzeichen
template-syntax = { $place }: das lässt sich nicht lesen; schreiben Sie Text, Platzhalter in doppelten geschweiften Klammern, und if, elif, else, endif in Klammern mit Prozentzeichen
template-unsupported = { $place }: Schleifen, Zuweisungen, Filter und Funktionen werden nicht angenommen; schreiben Sie Platzhalter und if, elif, else, endif
template-unknown-placeholder = { $place }: einen Platzhalter { $placeholder } gibt es nicht; es gibt { $known }
template-does-not-render = { $place }: daraus wird kein Text
template-message-too-long = { $place }: die Nachricht ist länger als die { $max } Bytes, die verschickt werden

# SmtpError
smtp-sender = der Absender ist keine E-Mail-Adresse
smtp-domain = das ist keine Domain; schreiben Sie einen Rechnernamen wie panel.example
smtp-plain-elsewhere = unverschlüsselt geht Mail nur an einen Server auf diesem Rechner; wählen Sie TLS oder STARTTLS
smtp-authorities = die Zertifizierungsstellen sind keine PEM-Zertifikate
smtp-timeout = die Wartezeit ist null; erlauben Sie mindestens eine Sekunde
smtp-tls = für diesen Rechner ließ sich kein TLS einrichten
