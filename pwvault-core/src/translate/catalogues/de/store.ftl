### Speicher.

# StoreError
store-conflict = { $key } hat nicht den erwarteten Stand; lesen Sie neu und entscheiden Sie neu
store-bad-change-set = die Änderungen werden bei { $key } abgelehnt: { $reason }
store-bad-query = die Abfrage wird abgelehnt: { $reason }
store-too-large = { $what }: { $length } liegt über der Grenze von { $max }
store-bad-answer = die Antwort des Speichers wird abgelehnt: { $reason }
store-busy = die Datenbank blieb länger als die Wartezeit von einem anderen Schreiber gesperrt; versuchen Sie es erneut
store-read-only = die Datenbank ist schreibgeschützt; die Datei und ihr Verzeichnis müssen beschreibbar sein
store-full = die Datenbank oder ihre Platte ist voll; schaffen Sie Platz und versuchen Sie es erneut
store-not-a-store = die Datei { $path } ist kein Tresorspeicher; nennen Sie den Pfad eines solchen oder einen, an dem noch keine Datei liegt
store-no-file = es gibt keine Datei { $path }; nennen Sie den Pfad eines Tresorspeichers, oder legen Sie einen an
store-newer-schema = der Speicher hat Schema { $found }, diese Bibliothek kennt Schemas bis { $supported }; nehmen Sie eine neuere Bibliothek
store-damaged = die Datenbank ist beschädigt; stellen Sie sie aus einer Sicherung wieder her
store-io = das Dateisystem hat versagt; siehe die Ursache
store-backend = die Datenbank hat versagt; siehe die Ursache
