### Das Protokoll.

# AuditError
audit-damaged = der Protokolleintrag an { $at } ist nicht, was geschrieben wurde; prüfen Sie das Protokoll
audit-truncated = Protokollteil { $shard } hat { $size } Ereignisse, bekannt waren mindestens { $known }; prüfen Sie das Protokoll
audit-rewritten = Protokollteil { $shard } ist nicht das Protokoll, dessen Kopf bei Größe { $size } aufbewahrt wurde; prüfen Sie das Protokoll
audit-no-such-shard = es gibt keinen Protokollteil { $shard }; der Tresor hat { $shards }, gezählt ab 0
audit-wrong-shard = das Ereignis gehört in Protokollteil { $right }; das Ende ist von Teil { $shard }
audit-bad-checkpoint = das ist kein Prüfpunkt dieses Tresors: { $reason }
audit-damaged-checkpoint = der Prüfpunkt { $id } ist nicht, was geschrieben wurde; prüfen Sie das Protokoll
audit-damaged-tombstone = der Grabstein { $id } ist nicht, was geschrieben wurde; prüfen Sie das Protokoll
audit-too-damaged = mehr als { $limit } Einträge am Ende des Protokollteils { $shard } sind beschädigt; stellen Sie sie aus einer Sicherung wieder her
audit-bad-cursor = das ist keine Seitenmarke dieses Protokolls; beginnen Sie ohne sie neu
audit-stale-keyring = der Schlüsselbund wurde geändert; laden Sie ihn neu

# CheckpointSinkError
audit-checkpoint-not-kept = der Prüfpunkt wurde nicht verwahrt: { $reason }

# Witness
audit-witness-stored = ein Prüfpunkt im selben Speicher
audit-witness-head = ein außerhalb aufbewahrter Kopf
audit-witness-exported = ein außerhalb aufbewahrter Prüfpunkt

# Finding
audit-finding-changed = das Ereignis an { $at } wurde verändert
audit-finding-reordered = das Ereignis an { $at } gehört an { $belongs }, wo es fehlt
audit-finding-inserted = an { $at } steht ein Datensatz, der dort nie geschrieben wurde
audit-finding-copied = an { $at } steht eine Kopie des Ereignisses von { $original }
audit-finding-removed = Protokollteil { $shard }: die Ereignisse von { $from } bis vor { $to } fehlen
audit-finding-put-back = der Protokolleintrag an { $at } wurde laut seinem Grabstein gelöscht und ist wieder da
audit-finding-broken-chain = das Ereignis an { $at } schließt nicht an das vorige an
audit-finding-stray = { $key } liegt außerhalb aller Protokollteile
audit-finding-checkpoint-changed = Protokollteil { $shard }: der Prüfpunkt bei Größe { $size } wurde verändert
audit-finding-root-mismatch = Protokollteil { $shard }: bis Größe { $size } ist es nicht das Protokoll, von dem { $witness } zeugt
audit-finding-truncated = Protokollteil { $shard }: { $size } Ereignisse sind übrig von mindestens { $known }, von denen { $witness } zeugt
audit-finding-record-changed = { $key } wurde verändert
audit-finding-rolled-back = { $key } hat Stand { $stored }; laut Protokoll ist es { $logged }
audit-finding-hidden = { $key } fehlt ohne Ereignis; laut Protokoll ist es Stand { $logged }
audit-finding-resurrected = { $key } ist mit Stand { $stored } da, obwohl es laut Protokoll gelöscht wurde
audit-finding-never-logged = { $key } ist mit Stand { $stored } da, und kein Ereignis spricht davon
audit-finding-unlogged = { $key } hat Stand { $stored }, von dem kein Ereignis spricht; laut Protokoll ist es { $logged }
audit-finding-substituted = { $key } hat den Stand des Protokolls, { $revision }, ist aber nicht der Datensatz, von dem es spricht
audit-finding-forked = { $key } wurde auf der Grundlage eines anderen Standes geändert, als das Protokoll nennt
