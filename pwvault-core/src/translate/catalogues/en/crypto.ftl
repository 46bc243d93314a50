### Cryptography.

# CryptoError
crypto-random = the operating system's random source failed; nothing was sealed
crypto-tampered = the authentication tag does not match: the data was changed or belongs elsewhere
crypto-too-long = the plaintext is longer than AES-GCM accepts
crypto-kdf-params = the Argon2id parameters are out of bounds: 19456 to 1048576 KiB, 2 to 16 passes and 1 to 16 lanes are accepted
crypto-memory = there is not enough memory to stretch the password
crypto-key-too-long = the key is longer than 64 KiB, which no supported key is
crypto-not-pem = this is not a PEM key: expected one block from -----BEGIN to -----END and nothing around it
crypto-key-malformed = the key is damaged or incomplete
crypto-key-unsupported = this kind of key is not supported: RSA of 2048 to 8192 bits and X25519 are, in PKCS#8 or PKCS#1 PEM
crypto-rsa-bits = the RSA key has { $bits } bits: 2048 to 8192 are accepted
crypto-rsa-exponent = the RSA public exponent is not 65537, the only one that is accepted
crypto-rsa-generate = RSA keys are generated with 3072 or 4096 bits, not { $bits }
crypto-private-key-needed = this is a public key: the private key is needed here
crypto-public-key-needed = this is a private key: only the public key belongs here
crypto-passphrase-needed = the private key is encrypted: its passphrase is needed
crypto-passphrase-wrong = the passphrase does not open the private key, or the key is damaged
crypto-key-encryption-cost = the key's encryption is too costly: at most 10000000 iterations of PBKDF2 or 128 MiB of scrypt are accepted
crypto-key-encryption-unsupported = the key's encryption is not supported: convert it with openssl pkcs8 -topk8 -v2 aes-256-cbc -v2prf hmacWithSHA256
crypto-key-encryption-legacy = the key is encrypted in OpenSSL's old format: convert it with openssl pkcs8 -topk8 -in old.pem -out new.pem
crypto-info-too-long = the context of a wrap is longer than 60 KiB
crypto-ciphertext-length = the wrapped key is not of the length that this key pair makes
crypto-key-mismatch = the private key does not belong to the public key
crypto-key-rejected = the cryptographic library refused the key
