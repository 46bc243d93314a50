#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

use proptest::prelude::*;

use super::*;
use crate::clock::Timestamp;
use crate::secret::SecretBytes;

fn totp(text: &str) -> Totp {
    match Seed::parse(text).unwrap() {
        Seed::Totp(totp) => totp,
        Seed::Hotp(_) => panic!("codes by counter"),
    }
}

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_millis(seconds * 1000)
}

fn base32_of(bytes: &[u8]) -> String {
    Totp::new(SecretBytes::from_slice(bytes)).to_base32().expose().to_owned()
}

#[test]
fn hotp_agrees_with_rfc_4226_appendix_d() {
    let text = format!("otpauth://hotp/x?secret={}&counter=0", base32_of(b"12345678901234567890"));
    let Seed::Hotp(hotp) = Seed::parse(&text).unwrap() else { panic!("codes by time") };
    let expected = ["755224", "287082", "359152", "969429", "338314", "254676", "287922", "162583", "399871", "520489"];
    for (counter, code) in (0_u64..).zip(expected) {
        assert_eq!(hotp.code(counter).expose(), code);
    }
    assert_eq!(hotp.check("162583", 5, 3), Some(7));
    assert_eq!(hotp.check("162583", 8, 3), None, "a used counter is behind");
    assert_eq!(hotp.check("520489", 5, 3), None, "too far ahead");
}

#[test]
fn totp_agrees_with_rfc_6238_appendix_b() {
    let digits = b"1234567890".repeat(7);
    let seeds = [("SHA1", &digits[..20]), ("SHA256", &digits[..32]), ("SHA512", &digits[..64])];
    let rows = [
        (59, ["94287082", "46119246", "90693936"]),
        (1_111_111_109, ["07081804", "68084774", "25091201"]),
        (1_111_111_111, ["14050471", "67062674", "99943326"]),
        (1_234_567_890, ["89005924", "91819424", "93441116"]),
        (2_000_000_000, ["69279037", "90698825", "38618901"]),
        (20_000_000_000, ["65353130", "77737706", "47863826"]),
    ];
    for (seconds, codes) in rows {
        for ((name, seed), code) in seeds.iter().zip(codes) {
            let text = format!("otpauth://totp/x?secret={}&algorithm={name}&digits=8", base32_of(seed));
            assert_eq!(totp(&text).code(at(seconds)).code.expose(), code, "{name} at {seconds}");
        }
    }
}

#[test]
fn the_seconds_left_run_to_the_next_step() {
    let totp = totp("JBSWY3DPEHPK3PXP");
    for (millis, left) in [(0, 30), (999, 30), (1_000, 29), (29_999, 1), (30_000, 30)] {
        assert_eq!(totp.code(Timestamp::from_millis(millis)).seconds_left, left, "{millis} ms");
    }
    assert_eq!(totp.code(at(29)).code.expose(), totp.code(at(0)).code.expose());
    assert_ne!(totp.code(at(30)).code.expose(), totp.code(at(0)).code.expose());
}

#[test]
fn a_code_is_good_once_and_within_its_window() {
    let totp = totp("JBSWY3DPEHPK3PXP");
    let code = totp.code(at(3_000)).code;
    let check = |now, last| totp.check(code.expose(), at(now), 1, last);
    assert_eq!(check(3_000, None), Some(100));
    assert_eq!(check(3_030, Some(99)), Some(100), "the step before still counts");
    assert_eq!(check(2_970, None), Some(100), "a clock that is ahead");
    assert_eq!(check(3_060, None), None, "too old");
    assert_eq!(check(2_939, None), None, "too early");
    assert_eq!(check(3_000, Some(100)), None, "used");
    assert_eq!(check(3_000, Some(101)), None, "a later one was used");
    let spaced = format!("{} {}", &code.expose()[..3], &code.expose()[3..]);
    assert_eq!(totp.check(&spaced, at(3_000), 1, None), Some(100));
    for wrong in ["", "12345", "1234567", "12345x", "\u{661}23456", "-12345", "+12345"] {
        assert_eq!(totp.check(wrong, at(3_000), 1, None), None, "{wrong:?}");
    }
}

#[test]
fn seeds_are_read_as_people_and_apps_write_them() {
    let plain = totp("JBSWY3DPEHPK3PXP").code(at(59)).code;
    for same in [
        "jbsw y3dp ehpk 3pxp",
        "JBSW-Y3DP-EHPK-3PXP",
        " JBSWY3DPEHPK3PXP\n",
        "otpauth://totp/Shop:anna@example.com?secret=JBSWY3DPEHPK3PXP&issuer=Shop",
        "OTPAUTH://TOTP/x?Secret=jbswy3dpehpk3pxp&algorithm=sha1&digits=6&period=30&image=https%3A%2F%2Fx",
        "otpauth://totp?secret=%4ABSWY3DPEHPK3PXP",
    ] {
        assert_eq!(totp(same).code(at(59)).code.expose(), plain.expose(), "{same}");
    }
    assert_eq!(totp("MFRGG===").code(at(59)).code.expose(), totp("MFRGG").code(at(59)).code.expose());
}

#[test]
fn a_refused_seed_says_what_is_wrong() {
    use OtpError as E;
    let long = "A".repeat(4097);
    let key = "A".repeat(416);
    for (text, error) in [
        ("", E::Empty),
        ("  ", E::Empty),
        ("====", E::Empty),
        ("JBSWY3DP1", E::Character { at: 9 }),
        ("JBSWY3DP8", E::Character { at: 9 }),
        ("JBSW  Y3DP", E::Character { at: 6 }),
        ("JBSWY3DP-", E::Character { at: 9 }),
        ("JBSWY3DPÄ", E::Character { at: 9 }),
        ("JBSWY3DPA", E::CutOff { found: 9 }),
        ("JBSWY3DPAB", E::CutOff { found: 10 }),
        ("MFRGG==", E::Padding),
        ("MFRGG===========", E::Padding),
        ("MFRGG=A=", E::Padding),
        (&long, E::TooLong { found: 4097 }),
        (&key, E::KeyLength { found: 260 }),
        ("otpauth://steam/x?secret=JBSWY3DP", E::Kind),
        ("otpauth://totp/x", E::Missing { name: "secret" }),
        ("otpauth://totp/x?secret=", E::Empty),
        ("otpauth://totp/x?secret=MFRGG&secret=MFRGG", E::Twice { name: "secret" }),
        ("otpauth://hotp/x?secret=MFRGG", E::Missing { name: "counter" }),
    ] {
        assert_eq!(Seed::parse(text).map(drop), Err(error), "{text:.60}");
    }
    for (name, values) in [
        ("digits", ["5", "9", "six", "+6", ""]),
        ("period", ["0", "3601", "-30", "30s", "99999999999999999999"]),
        ("algorithm", ["MD5", "SHA384", "", "SHA", "sha1,"]),
    ] {
        for value in values {
            let text = format!("otpauth://totp/x?secret=MFRGG&{name}={value}");
            let error = Seed::parse(&text).map(drop).unwrap_err();
            assert!(matches!(error, E::Parameter { name: found, .. } if found == name), "{text}: {error:?}");
        }
    }
}

#[test]
fn only_what_is_clearly_no_seed_is_refused_in_an_entry() {
    for kept in
        ["JBSWY3DPEHPK3PXP", "jbsw y3dp", "JBSWY3DPA", "steam://JBSWY3DPEHPK3PXP", "otpauth://totp/x?secret=MFRGG"]
    {
        assert_eq!(check_stored(kept), Ok(()), "{kept}");
    }
    assert_eq!(check_stored("123456"), Err(OtpError::Character { at: 1 }));
    assert_eq!(check_stored("<none>"), Err(OtpError::Character { at: 1 }));
    assert_eq!(check_stored("://x"), Err(OtpError::Character { at: 1 }));
    assert_eq!(check_stored("otpauth://totp/x?secret=M"), Err(OtpError::CutOff { found: 1 }));
    assert!(check_stored("otpauth://totp/x").is_err());
}

#[test]
fn nothing_of_a_seed_is_printed() {
    let totp = totp("JBSWY3DPEHPK3PXP");
    let printed = format!("{totp:?} {:?} {:?}", Seed::Totp(totp.clone()), totp.code(at(0)));
    assert!(!printed.contains("JBSW") && !printed.contains(totp.code(at(0)).code.expose()), "{printed}");
}

/// Base32 by the table of RFC 4648, bit by bit.
fn naive_base32(bytes: &[u8]) -> String {
    let bits: String = bytes.iter().map(|byte| format!("{byte:08b}")).collect();
    let table: Vec<char> = ('A'..='Z').chain('2'..='7').collect();
    let groups = bits.as_bytes().chunks(5);
    groups
        .map(|five| {
            let mut five = String::from_utf8(five.to_vec()).unwrap();
            five.push_str(&"0".repeat(5 - five.len()));
            table[usize::from_str_radix(&five, 2).unwrap()]
        })
        .collect()
}

proptest! {
    #[test]
    fn base32_and_addresses_come_back(
        key in prop::collection::vec(any::<u8>(), 1..=256), seconds in 0_i64..4_000_000_000, names in ".{0,20}",
    ) {
        let one = Totp::new(SecretBytes::from_slice(&key));
        prop_assert!(one.to_base32().expose() == naive_base32(&key));
        let code = one.code(at(seconds)).code;
        for text in [one.to_base32(), one.to_uri(&names, &names)] {
            let back = totp(text.expose());
            prop_assert!(back.to_base32().expose() == one.to_base32().expose());
            prop_assert!(back.code(at(seconds)).code.expose() == code.expose());
        }
    }

    #[test]
    fn no_text_makes_the_reader_panic(text in ".{0,80}", query in "[a-z0-9=&%?/]{0,60}") {
        let _ = Seed::parse(&text);
        let _ = Seed::parse(&format!("otpauth://totp/{query}"));
        let _ = check_stored(&text);
    }
}
