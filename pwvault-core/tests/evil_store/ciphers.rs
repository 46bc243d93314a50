//! Rows 3, 10 and 11: cheap stretching, ciphertexts with two keys, and buffers after a failure.

use pwvault_core::crypto::{self, CryptoError, MessageKey, PrivateKey, Prk};
use pwvault_core::envelope::{self, Context, EnvelopeError, EnvelopeKey, Purpose, Suite, open_password_wrap};
use pwvault_core::id::RecordKind;
use pwvault_core::model::KdfParams;

use crate::evil::{Ledger, Site};

const PASSWORD: &[u8] = b"password";
const PRIVATE: &[u8] = b"a private key";

/// A wrap as the vault would make it, but for its cost, which is `claimed`. What lies inside is
/// sealed under the output that `run` gives, so that it opens wherever the claim is not checked.
fn wrap(site: &Site, context: &Context<'_>, claimed: KdfParams, run: Option<KdfParams>) -> Vec<u8> {
    let keyring = site.keyring();
    let salt = [7; 16];
    let mut stretched = [0; 32];
    if let Some(KdfParams { memory_kib, passes, lanes }) = run {
        let cost = argon2::Params::new(memory_kib, passes, lanes, Some(32)).unwrap();
        let argon2 = argon2::Argon2::new(argon2::Algorithm::Argon2id, argon2::Version::V0x13, cost);
        argon2.hash_password_into(PASSWORD, &salt, &mut stretched).unwrap();
    }
    let inner_key = EnvelopeKey::unnamed(&stretched);
    let inner =
        envelope::seal(&inner_key, Purpose::PasswordWrappedKey, Suite::Argon2id, context, &[], PRIVATE).unwrap();
    let KdfParams { memory_kib, passes, lanes } = claimed;
    let numbers = [memory_kib, passes, lanes].map(u32::to_be_bytes).concat();
    let body = [numbers.as_slice(), &salt, &inner].concat();
    envelope::seal(keyring.data_key(), Purpose::PasswordWrap, Suite::Symmetric, context, &[], &body).unwrap()
}

#[test]
fn stretching_out_of_bounds_is_refused_before_it_runs() {
    let mut ledger = Ledger::default();
    let site = Site::new();
    let context = Context { vault: Some(site.id), kind: Some(RecordKind::Key), ..Context::default() };
    let keyring = site.keyring();
    let open = |wrap: &[u8]| open_password_wrap(&keyring, &context, PASSWORD, wrap);
    let (floor, ceiling) = (KdfParams::FLOOR, KdfParams::CEILING);

    // The forgery is good: at the floor it opens.
    let (opened, _) = open(&wrap(&site, &context, floor, Some(floor))).unwrap();
    assert_eq!(opened.expose(), PRIVATE);

    // If they ran, cheap ones would open and dear ones fail for want of memory.
    let mut made = 0;
    let cheap = [1, 2, 8, 1024, floor.memory_kib - 1]
        .into_iter()
        .flat_map(|memory_kib| [(1, 1), (2, 1), (3, 1)].map(|(passes, lanes)| KdfParams { memory_kib, passes, lanes }));
    let cheap = cheap.chain([KdfParams { passes: 1, ..floor }]);
    let numbers = |floor: u32, ceiling: u32| [0, floor - 1, floor, ceiling, ceiling + 1, u32::MAX];
    let tuples = numbers(floor.memory_kib, ceiling.memory_kib).into_iter().flat_map(|memory_kib| {
        numbers(floor.passes, ceiling.passes).into_iter().flat_map(move |passes| {
            numbers(floor.lanes, ceiling.lanes).map(|lanes| KdfParams { memory_kib, passes, lanes })
        })
    });
    for params in cheap.chain(tuples).filter(|params| !params.in_bounds()) {
        let cheap = (8..floor.memory_kib).contains(&params.memory_kib) && (1..=3).contains(&params.passes);
        let forged = wrap(&site, &context, params, (cheap && params.lanes == 1).then_some(params));
        assert_eq!(open(&forged).unwrap_err(), EnvelopeError::Crypto(CryptoError::KdfParams), "{params:?}");
        made += 1;
    }
    ledger.enter("3", "costs of Argon2id out of bounds, in genuine wraps", made, made);
    pem_costs(&mut ledger);
}

/// The cost in an encrypted PEM is patched where it stands in the file.
fn pem_costs(ledger: &mut Ledger) {
    let text = include_str!("../keys/rsa-2048-pbkdf2-sha256.pem");
    let body: String = text.lines().filter(|line| !line.starts_with("-----")).collect();
    let der = <base64ct::Base64 as base64ct::Encoding>::decode_vec(&body).unwrap();
    // The iterations follow the salt: OCTET STRING, INTEGER.
    let at = der.windows(2).position(|pair| pair == [0x04, 0x10] || pair == [0x04, 0x08]).unwrap();
    let at = at + 2 + usize::from(der[at + 1]);
    assert_eq!(der[at], 0x02, "an integer");
    let len = usize::from(der[at + 1]);
    let mut made = 0;
    for iterations in [10_000_001_u32, 20_000_000, 0x7fff_ffff] {
        // In place, so that no length around it changes: only as long as the one it replaces.
        let bytes = iterations.to_be_bytes();
        let mut patched = der.clone();
        let grown = 4 - len;
        patched.splice(at + 1..at + 2 + len, std::iter::once(4).chain(bytes));
        grow_lengths(&mut patched, at, grown);
        let pem = format!(
            "-----BEGIN ENCRYPTED PRIVATE KEY-----\n{}\n-----END ENCRYPTED PRIVATE KEY-----\n",
            <base64ct::Base64 as base64ct::Encoding>::encode_string(&patched)
                .as_bytes()
                .chunks(64)
                .map(|line| std::str::from_utf8(line).unwrap())
                .collect::<Vec<_>>()
                .join("\n")
        );
        let refused = PrivateKey::from_pem(&pem, Some(&"correct-horse".into()));
        assert_eq!(refused.unwrap_err(), CryptoError::KeyEncryptionCost, "{iterations}");
        made += 1;
    }
    ledger.enter("3", "costs of PBKDF2 over the bound, in a PEM", made, made);
}

/// Adds to the length of every SEQUENCE that the byte at `inside` lies in.
fn grow_lengths(der: &mut [u8], inside: usize, grown: usize) {
    let mut at = 0;
    while at < inside {
        let (header, len) = match der[at + 1] {
            short @ 0..=0x7f => (2, usize::from(short)),
            0x81 => (3, usize::from(der[at + 2])),
            0x82 => (4, usize::from(u16::from_be_bytes([der[at + 2], der[at + 3]]))),
            other => panic!("length of {other:#x}"),
        };
        let end = at + header + len;
        if der[at] == 0x30 && end > inside {
            let new = len + grown;
            match header {
                2 => der[at + 1] = u8::try_from(new).unwrap(),
                3 => der[at + 2] = u8::try_from(new).unwrap(),
                _ => der[at + 2..at + 4].copy_from_slice(&u16::try_from(new).unwrap().to_be_bytes()),
            }
            at += header;
        } else {
            at = end;
        }
    }
}

#[test]
fn a_ciphertext_with_two_keys_opens_with_one() {
    let mut ledger = Ledger::default();
    let context = Context { field: Some("secret"), ..Context::default() };
    let data = context.encode(Suite::Symmetric, Purpose::Secret, &[0; 16]).unwrap();
    let hash = crypto::sha256(&[&data]);
    let (mut made, mut refused) = (0, 0);
    for round in 0..16_u8 {
        let salt = [round; 32];
        let keys = [[1 + round; 32], [101 + round; 32]];
        let [(one, commitment), (two, other_commitment)] =
            keys.map(|key| Prk::extract(&key).message_key(&salt, &hash).unwrap());

        // Two blocks: the first is a length of 28 and 12 bytes of data, the second is solved for.
        let mut first = [0; 16];
        first[..4].copy_from_slice(&28_u32.to_be_bytes());
        let (ciphertext, tag) = collide(&one, &two, &data, first);
        for key in [&one, &two] {
            let mut buffer = ciphertext.clone();
            crypto::open_in_place(key, &data, &mut buffer, &tag).expect("the collision is real");
        }

        let envelope = |commitment: &[u8; 32]| {
            let mut out = b"PWV\x01\x00\x01\x03".to_vec();
            out.extend_from_slice(&[0; 16]);
            out.extend_from_slice(&salt);
            out.extend_from_slice(commitment);
            out.extend_from_slice(&32_u32.to_be_bytes());
            out.extend_from_slice(&ciphertext);
            out.extend_from_slice(&tag);
            out
        };
        let open = |key: &[u8; 32], commitment: &[u8; 32]| {
            let key = EnvelopeKey::unnamed(key);
            envelope::open(&key, Purpose::Secret, Suite::Symmetric, &context, &[], &envelope(commitment))
        };
        assert_eq!(open(&keys[0], &commitment).unwrap().len(), 28);
        for (key, commitment) in [(&keys[1], &commitment), (&keys[0], &other_commitment)] {
            made += 1;
            refused += u64::from(open(key, commitment).is_err_and(|error| error == EnvelopeError::WrongKey));
        }
    }
    ledger.enter("10", "ciphertexts made to decrypt under two keys", made, refused);
}

#[test]
fn nothing_is_left_of_a_failed_decryption() {
    let mut ledger = Ledger::default();
    let key = MessageKey::from_vector([9; 32]);
    let mut made = 0;
    for len in [0, 1, 15, 16, 17, 64, 300, 5_000] {
        let plain: Vec<u8> = (0..len).map(|at| u8::try_from(at % 251).unwrap() | 1).collect();
        let mut sealed = plain.clone();
        let tag = crypto::seal_in_place(&key, b"data", &mut sealed).unwrap();
        for bit in 0..128 + len.min(64) * 8 {
            let (mut buffer, mut tag) = (sealed.clone(), tag);
            match bit {
                0..128 => tag[bit / 8] ^= 1 << (bit % 8),
                _ => buffer[(bit - 128) / 8] ^= 1 << (bit % 8),
            }
            assert_eq!(crypto::open_in_place(&key, b"data", &mut buffer, &tag), Err(CryptoError::Tampered));
            assert!(buffer.iter().all(|byte| *byte == 0), "{len} bytes, bit {bit}");
            made += 1;
        }
    }
    ledger.enter("11", "buffers wiped after a tampered open", made, made);
}

/// A ciphertext of two blocks with one tag that is good under both keys. Its first block decrypts to
/// `first` under `one`; the second is what the equation of the two tags leaves.
fn collide(one: &MessageKey, two: &MessageKey, data: &[u8], first: [u8; 16]) -> (Vec<u8>, [u8; 16]) {
    let mut block = first.to_vec();
    crypto::seal_in_place(one, &[], &mut block).unwrap();
    let c1 = u128::from_be_bytes(block.try_into().unwrap());
    // With the second block zero, each key asks for its own tag.
    let half = |key: &MessageKey| {
        let (hash_key, mask) = hash_key(key);
        let lengths = (data.len() as u128 * 8) << 64 | 256;
        let blocks = data.chunks(16).map(padded_block).chain([c1, 0, lengths]);
        let hash = blocks.fold(0, |sum, block| times(sum ^ block, hash_key));
        (times(hash_key, hash_key), hash ^ mask)
    };
    let ((square_one, tag_one), (square_two, tag_two)) = (half(one), half(two));
    let c2 = times(tag_one ^ tag_two, inverse(square_one ^ square_two));
    let tag = tag_one ^ times(c2, square_one);
    ([c1.to_be_bytes(), c2.to_be_bytes()].concat(), tag.to_be_bytes())
}

/// The hash key and the mask of the tag, told by two tags: over nothing it is the mask alone, over
/// one zero block of associated data the product of the lengths and the hash key is added.
fn hash_key(key: &MessageKey) -> (u128, u128) {
    let tag = |data: &[u8]| u128::from_be_bytes(crypto::seal_in_place(key, data, &mut []).unwrap());
    let mask = tag(&[]);
    let lengths = 128_u128 << 64;
    (times(tag(&[0; 16]) ^ mask, inverse(lengths)), mask)
}

fn padded_block(bytes: &[u8]) -> u128 {
    let mut block = [0; 16];
    block[..bytes.len()].copy_from_slice(bytes);
    u128::from_be_bytes(block)
}

/// The product in the field of GCM (NIST SP 800-38D, 6.3).
fn times(a: u128, b: u128) -> u128 {
    let (mut product, mut power) = (0, b);
    for bit in (0..128).rev() {
        if a >> bit & 1 == 1 {
            product ^= power;
        }
        power = if power & 1 == 1 { power >> 1 ^ 0xe1 << 120 } else { power >> 1 };
    }
    product
}

/// `a` to the power 2^128 - 2.
fn inverse(a: u128) -> u128 {
    let mut result = 1 << 127;
    let mut power = a;
    for _ in 1..128 {
        power = times(power, power);
        result = times(result, power);
    }
    result
}
