### Anmeldung an Servern.

# ConnectError
connect-refused = der Server hat die Zugangsdaten abgelehnt; prüfen Sie Benutzername und Passwort oder Token
connect-not-allowed = der Server erlaubt diesem Konto die Anmeldung am gewünschten Dienst nicht
connect-unreachable = der Server war nicht zu erreichen; prüfen Sie Adresse, Port und Netz
connect-untrusted = dem Zertifikat des Servers wird nicht vertraut; installieren Sie ein gültiges, oder heften Sie das vorhandene an
connect-timed-out = der Server hat nicht rechtzeitig geantwortet
connect-malformed = die Antwort des Servers wird nicht angenommen: { $problem }
connect-unsupported = { $field }: { $problem }
