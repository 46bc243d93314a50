### Umschläge.

# EnvelopeError
envelope-malformed = das ist kein Umschlag dieses Formats: { $what }
envelope-unknown-version = die Umschlagversion { $found } ist unbekannt; diese Bibliothek liest Version 1
envelope-unknown-suite = die Verfahrensgruppe { $found } ist unbekannt oder gehört nicht hierher
envelope-unknown-key = versiegelt mit einem Schlüssel, der nicht im Schlüsselbund ist
envelope-wrong-key = der Schlüssel passt nicht, oder die Daten wurden verändert oder gehören anderswohin
envelope-tampered = die Daten wurden verändert oder gehören anderswohin
envelope-newer-keyring = versiegelt unter Stand { $found } des Schlüsselbunds, neuer als der geladene Stand { $loaded }
envelope-newer-format = ein Datensatz hat Format { $found }, diese Bibliothek liest bis { $supported }; nehmen Sie eine neuere
envelope-bad-payload = der versiegelte Inhalt hat nicht die Form dieses Formats: { $what }
envelope-too-large = größer, als das Format fassen kann: { $what }
