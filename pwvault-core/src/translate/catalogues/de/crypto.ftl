### Kryptographie.

# CryptoError
crypto-random = die Zufallsquelle des Betriebssystems hat versagt; nichts wurde versiegelt
crypto-tampered = das Prüfzeichen stimmt nicht: die Daten wurden verändert oder gehören anderswohin
crypto-too-long = der Klartext ist länger, als AES-GCM annimmt
crypto-kdf-params = die Argon2id-Werte liegen außerhalb der Grenzen: angenommen werden 19456 bis 1048576 KiB, 2 bis 16 Durchgänge und 1 bis 16 Bahnen
crypto-memory = der Speicher reicht nicht, um das Passwort zu strecken
crypto-key-too-long = der Schlüssel ist länger als 64 KiB, was kein unterstützter Schlüssel ist
crypto-not-pem = das ist kein PEM-Schlüssel: erwartet wird ein Block von -----BEGIN bis -----END und nichts darum herum
crypto-key-malformed = der Schlüssel ist beschädigt oder unvollständig
crypto-key-unsupported = diese Art Schlüssel wird nicht unterstützt: RSA mit 2048 bis 8192 Bit und X25519 werden es, als PEM in PKCS#8 oder PKCS#1
crypto-rsa-bits = der RSA-Schlüssel hat { $bits } Bit: angenommen werden 2048 bis 8192
crypto-rsa-exponent = der öffentliche RSA-Exponent ist nicht 65537, der einzige, der angenommen wird
crypto-rsa-generate = RSA-Schlüssel werden mit 3072 oder 4096 Bit erzeugt, nicht mit { $bits }
crypto-private-key-needed = das ist ein öffentlicher Schlüssel: hier wird der private gebraucht
crypto-public-key-needed = das ist ein privater Schlüssel: hierher gehört nur der öffentliche
crypto-passphrase-needed = der private Schlüssel ist verschlüsselt: seine Passphrase wird gebraucht
crypto-passphrase-wrong = die Passphrase öffnet den privaten Schlüssel nicht, oder er ist beschädigt
crypto-key-encryption-cost = die Verschlüsselung des Schlüssels ist zu aufwendig: angenommen werden höchstens 10000000 Durchläufe PBKDF2 oder 128 MiB scrypt
crypto-key-encryption-unsupported = die Verschlüsselung des Schlüssels wird nicht unterstützt: wandeln Sie ihn um mit openssl pkcs8 -topk8 -v2 aes-256-cbc -v2prf hmacWithSHA256
crypto-key-encryption-legacy = der Schlüssel ist im alten Format von OpenSSL verschlüsselt: wandeln Sie ihn um mit openssl pkcs8 -topk8 -in old.pem -out new.pem
crypto-info-too-long = der Zusammenhang einer Hülle ist länger als 60 KiB
crypto-ciphertext-length = der eingehüllte Schlüssel hat nicht die Länge, die dieses Schlüsselpaar ergibt
crypto-key-mismatch = der private Schlüssel gehört nicht zum öffentlichen
crypto-key-rejected = die Kryptobibliothek hat den Schlüssel abgelehnt
