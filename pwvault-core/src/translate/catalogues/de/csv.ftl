### Import und Export von CSV.

# CsvError
csv-too-large = die Datei hat { $found } Bytes; höchstens { $max } werden auf einmal gelesen
csv-not-utf8 = das Byte an Stelle { $offset } (Zeile { $line }) ist kein UTF-8; eine solche CSV-Datei wurde wohl als Windows-1252 oder Latin-1 gespeichert: speichern Sie sie als `CSV UTF-8` und versuchen Sie es erneut
csv-bad-utf16 = der UTF-16-Text ist an Stelle { $offset } beschädigt; speichern Sie die Datei als `CSV UTF-8` und versuchen Sie es erneut
csv-empty = die Datei ist leer; erwartet werden eine Kopfzeile und mindestens eine Zeile
csv-workbook = das ist eine Arbeitsmappe oder ein Archiv und kein Text: öffnen Sie sie in der Tabellenkalkulation und speichern Sie sie als `CSV UTF-8`
csv-binary = die erste Zeile enthält NUL-Bytes und ist keine Kopfzeile: das ist kein Text, oder einer in UTF-16 ohne Kennung; speichern Sie ihn als `CSV UTF-8`
csv-unknown-header = keine Spalte in Zeile { $line } ist dem Dialekt `{ $dialect }` bekannt; nennen Sie einen anderen Dialekt oder eine Spaltenzuordnung
csv-unknown-column = Angabe { $entry } der Spaltenzuordnung nennt eine Spalte, die die Datei nicht hat; sie hat { $columns } Spalten
csv-unclosed-quote = das in Zeile { $line } geöffnete Anführungszeichen wird nie geschlossen; schließen Sie es, und verdoppeln Sie jedes Anführungszeichen in einer Zelle
csv-too-many-columns = die Zeile, die in Zeile { $line } der Datei beginnt, hat über { $max } Spalten; höchstens so viele werden gelesen
csv-row-too-long = die Zeile, die in Zeile { $line } der Datei beginnt, hat über { $max } Bytes; kürzen Sie sie, oder schließen Sie das Anführungszeichen der Zelle, die in Zeile { $cell_line } beginnt, falls sie eines hat
csv-too-many-rows = die Datei hat über { $max } Zeilen; teilen Sie sie in Teile von höchstens so vielen
csv-write = der Export konnte nicht geschrieben werden

# ProblemKind
csv-problem-ragged = { $found } Zellen, wo die Kopfzeile { $expected } hat; geben Sie jeder Zeile eine Zelle je Spalte
csv-problem-stray-quote = Text nach einem schließenden Anführungszeichen; verdoppeln Sie jedes Anführungszeichen in einer Zelle
csv-problem-too-long = { $found } Bytes, wo höchstens { $max } bleiben; kürzen Sie den Text
csv-problem-entry-too-long = die Zeile ergibt einen Eintrag von { $found } Bytes; höchstens { $max } bleiben
csv-problem-too-many-fields = die Zeile ergibt über { $max } eigene Felder; höchstens so viele bleiben
csv-problem-bad-flag = weder `true` noch `false`
csv-problem-bad-list = nicht die JSON-Liste, die `spec/csv.md` beschreibt
csv-problem-bad-mark = weder `v1` noch `v1-safe`; die Zeile stammt von keiner Version, die diese liest
csv-problem-name-derived = der Name ist leer; einer wurde aus der Adresse, dem Benutzernamen oder der Zeile gebildet
csv-problem-name-cleaned = ein Name enthielt Steuerzeichen, etwa einen Zeilenumbruch; sie wurden zu Leerzeichen
csv-problem-scheme-added = die Adresse hat kein Schema; `https://` wurde vorangestellt
csv-problem-not-an-address = keine http- oder https-Adresse von höchstens 2048 Bytes; der Text blieb als eigenes Feld
csv-problem-not-a-time = keine Zeit wie `2024-01-31T12:00:00Z`; der Text blieb als eigenes Feld
csv-problem-unknown-kind = keine Art von Eintrag (login, note, server, licence_key); der Text blieb als eigenes Feld
csv-problem-unescaped = der Apostroph, der Tabellenkalkulationen davon abhält, das Passwort für eine Formel zu halten, wurde entfernt

# SkipReason
csv-skip-empty = alle Zellen der Zeile sind leer
csv-skip-firefox-account = die Zeile ist das eigene Konto von Firefox
csv-skip-folder = die Zeile nennt nur einen Ordner

# Problem
csv-problem-in-row = Zeile { $row } (in der Datei { $line }): { $problem }
csv-problem-in-column = Zeile { $row } (in der Datei { $line }), Spalte { $column }: { $problem }
csv-problem-in-named-column = Zeile { $row } (in der Datei { $line }), Spalte { $column } `{ $name }`: { $problem }
