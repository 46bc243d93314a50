### Übersetzungen.

# TranslateError
translate-bad-locale = dieser Text von { $length } Bytes ist keine Sprachangabe; schreiben Sie eine nach BCP 47, etwa de-AT
translate-missing-locale = für die Sprache { $locale } gibt es keinen Katalog; es gibt { $known }
translate-unknown-key = keine Meldung hat den Schlüssel { $key }
translate-too-large = der Katalog hat { $found } Bytes; angenommen werden höchstens { $max }
translate-syntax = Zeile { $line } des Katalogs ist kein Fluent; schreiben Sie `schlüssel = text`
translate-repeated = der Schlüssel { $key } steht zweimal im Katalog
translate-unknown-placeholder = die Meldung { $key } hat keinen Platzhalter { $placeholder }; sie hat { $known }
translate-unsupported = die Meldung { $key } benutzt Funktionen, Attribute oder Verweise; schreiben Sie nur Text, Platzhalter und Auswahlen
translate-does-not-render = die Meldung { $key } ergibt keinen Text; nennen Sie jeden Platzhalter wie im englischen Text
