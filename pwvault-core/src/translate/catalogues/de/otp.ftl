### Einmalcodes.

# OtpError
otp-empty = der Startwert ist leer; er ist Base32-Text oder eine otpauth://-Adresse
otp-too-long = der Startwert hat { $found } Bytes; angenommen werden höchstens { $max }
otp-character = Zeichen { $at } gehört nicht zu Base32; dazu gehören die Buchstaben A bis Z und die Ziffern 2 bis 7
otp-cut-off = der Base32-Text ist abgeschnitten: { $found } Zeichen ergeben keine ganzen Bytes
otp-padding = die Auffüllung passt nicht; lassen Sie die `=` weg, oder schreiben Sie so viele, dass Achtergruppen entstehen
otp-key-length = der Schlüssel hat { $found } Bytes; angenommen werden höchstens { $max }
otp-kind = die Art der Adresse ist unbekannt; schreiben Sie otpauth://totp/ oder otpauth://hotp/
otp-twice = `{ $name }` steht zweimal in der Adresse; schreiben Sie es einmal
otp-missing = `{ $name }` fehlt in der Adresse
otp-parameter = `{ $name }` wird nicht angenommen: { $rule }
