### Envelopes.

# EnvelopeError
envelope-malformed = not an envelope of this format: { $what }
envelope-unknown-version = envelope version { $found } is unknown; this library reads version 1
envelope-unknown-suite = suite { $found } is unknown or does not belong here
envelope-unknown-key = sealed under a key that is not in the ring
envelope-wrong-key = the key does not fit, or the data was changed or belongs elsewhere
envelope-tampered = the data was changed or belongs elsewhere
envelope-newer-keyring = sealed under keyring epoch { $found }, newer than the loaded epoch { $loaded }
envelope-newer-format = a record is in format { $found }, and this library reads up to { $supported }; use a newer library
envelope-bad-payload = the sealed payload is not a { $what } of this format
envelope-too-large = { $what } is larger than the format can hold
