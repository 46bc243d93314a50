#![allow(clippy::unwrap_used, reason = "tests")]

use proptest::prelude::*;

use super::*;
use crate::clock::Timestamp;
use crate::id::RecordId;
use crate::model::{KdfParams, LoginRules, SignInState};
use crate::otp::Seed;
use crate::secret::SecretString;

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_millis(seconds * 1000)
}

/// The panel's rule once more: it begins with a letter and has nothing but letters and digits.
fn naive_username(text: &str) -> bool {
    let letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    let mut characters = text.chars();
    let first = characters.next();
    first.is_some_and(|first| letters.contains(first))
        && characters.all(|c| letters.contains(c) || "0123456789".contains(c))
        && text.len() <= 64
}

#[test]
fn user_names_begin_with_a_letter_and_have_letters_and_digits_only() {
    for good in ["a", "Anna", "anna7", &"a".repeat(64)] {
        assert_eq!(check_username(good), Ok(()), "{good}");
    }
    use PeopleError as E;
    let long = "a".repeat(65);
    for (bad, why) in [
        ("", E::UsernameStart),
        ("7anna", E::UsernameStart),
        ("Änna", E::UsernameStart),
        ("anna.b", E::UsernameCharacter),
        ("anna b", E::UsernameCharacter),
        ("annä", E::UsernameCharacter),
        ("anna@example.com", E::UsernameCharacter),
        (&long, E::UsernameLength { length: 65 }),
    ] {
        assert_eq!(check_username(bad), Err(why), "{bad}");
    }
}

#[test]
fn addresses_are_taken_when_mail_could_arrive() {
    for good in ["a@b", "anna.b+c@mail.example.com", "änna@exämple.com"] {
        assert_eq!(check_email(good), Ok(()), "{good}");
    }
    let long = format!("{}@example.com", "a".repeat(243));
    for bad in ["", "anna", "@b", "a@", "a@b@c", "a b@c", "a@b..c", ".a@b", "a@b.", "a\n@b", "<a@b>", "a@b,c@d", &long]
    {
        assert_eq!(check_email(bad), Err(PeopleError::Email), "{bad}");
    }
}

#[test]
fn a_password_names_every_rule_it_breaks() {
    let rules = LoginRules { panel_characters: true, length_min: 12, ..LoginRules::default() };
    let faults = |text: &str| password_faults(&rules, &text.into(), &["bert", "berta@example.com", "Bo"]);
    assert_eq!(faults("seven quiet herons"), []);
    assert_eq!(faults("seven & nine"), [PeopleError::PasswordCharacter]);
    assert_eq!(faults("Bo is in here"), [], "a name of two letters is in too many words");
    assert_eq!(
        faults("BERTA<"),
        [
            PeopleError::PasswordLength { length: 6, min: 12 },
            PeopleError::PasswordCharacter,
            PeopleError::PasswordHoldsName
        ]
    );
    assert_eq!(faults(&"x".repeat(1025)), [PeopleError::PasswordTooLong { length: 1025 }]);
    let open = LoginRules { panel_characters: false, ..rules };
    assert_eq!(password_faults(&open, &"<seven> & \"nine\"".into(), &[]), []);
}

#[cfg(feature = "strength")]
#[test]
fn a_password_is_as_strong_as_the_rules_ask() {
    let rules = LoginRules { strength_min: Some(3), length_min: 8, ..LoginRules::default() };
    let faults = |text: &str| password_faults(&rules, &text.into(), &[]);
    assert!(matches!(faults("password1").as_slice(), [PeopleError::PasswordStrength { min: 3, .. }]));
    assert_eq!(faults("seven quiet herons fly"), []);
}

#[test]
fn locks_grow_and_end() {
    let rules = LoginRules { attempts: 3, lock_ms: 60_000, lock_max_ms: 200_000, ..LoginRules::default() };
    let mut state = SignInState::default();
    let mut now = at(0);
    let mut locks = Vec::new();
    for _ in 0..6 {
        fail(&mut state, &rules, now);
        let until = state.locked_until.unwrap_or(now);
        locks.push((until.as_millis() - now.as_millis()) / 1000);
        // While it is locked nothing is counted.
        let locked = state;
        fail(&mut state, &rules, now);
        if locked.locked_until.is_some() {
            assert_eq!(state, locked);
        } else {
            state = locked;
        }
        now = until;
        assert!(!is_locked(&state, now), "a lock ends");
    }
    assert_eq!(locks, [0, 0, 60, 120, 200, 200]);
    state.failures = u32::MAX;
    state.locked_until = None;
    fail(&mut state, &rules, now);
    assert!(is_locked(&state, now), "no overflow opens a lock");
    succeed(&mut state, now);
    assert_eq!((state.failures, state.locked_until, state.last_at), (0, None, Some(now)));
}

#[test]
fn a_token_is_for_one_record_and_one_use() {
    let token = Token::generate(RecordId([7; 16])).unwrap();
    let again = Token::from_text(token.to_text().expose()).unwrap();
    let hash = token.hash(TokenUse::Invite);
    assert!(again.fits(TokenUse::Invite, &hash) && again.record() == token.record());
    assert!(!again.fits(TokenUse::Reset, &hash) && !again.fits(TokenUse::SecondFactor, &hash));
    assert!(!Token::generate(RecordId([7; 16])).unwrap().fits(TokenUse::Invite, &hash));
    assert_eq!(token.to_text().len(), 64);
    let text = token.to_text();
    for wrong in ["", "x", &text.expose()[1..], &format!("{}A", text.expose()), &format!("{}=", &text.expose()[1..])] {
        assert!(Token::from_text(wrong).is_none(), "{wrong}");
    }
    assert_eq!(format!("{token:?}"), "Token(redacted)");
}

#[test]
fn credentials_come_back_and_every_part_is_used_up() {
    let password: SecretString = "seven quiet herons".into();
    let mut one = Credentials::default();
    one.set_password(Verifier::new(&password, KdfParams::FLOOR).unwrap());
    let totp = one.begin_factor().unwrap();
    assert!(!one.has_factor(), "it counts once it is confirmed");
    let code = |seconds| totp.code(at(seconds)).code;
    assert!(one.confirm_factor("000000x", at(0)).unwrap().is_none());
    let codes = one.confirm_factor(code(0).expose(), at(0)).unwrap().unwrap();
    assert_eq!((codes.expose().len(), one.recovery_codes_left()), (10, 10));

    let encoded = one.encode().unwrap();
    let mut back = Credentials::decode(&encoded).unwrap();
    let stretch = |typed: &str| Stretched::new(&typed.into(), back.password(), KdfParams::DEFAULT).unwrap();
    let (right, wrong) = (stretch("seven quiet herons"), stretch("six quiet herons"));
    assert!(back.password().unwrap().fits(&right) && !back.password().unwrap().fits(&wrong));
    assert_eq!(back.answer_factor(&code(0), at(0)), None, "the code that confirmed it is used up");
    assert_eq!(back.answer_factor(&code(30), at(30)), Some(FactorAnswer::Code));
    assert_eq!(back.answer_factor(&code(30), at(31)), None);
    let typed = SecretString::new(codes.expose().first().unwrap().expose().to_lowercase().replace('-', " "));
    assert_eq!(back.answer_factor(&typed, at(31)), Some(FactorAnswer::RecoveryCode));
    assert_eq!(back.answer_factor(&typed, at(31)), None);
    assert_eq!(back.recovery_codes_left(), 9);
    assert!(matches!(Seed::parse(totp.to_uri("Host", "anna").expose()), Ok(Seed::Totp(_))));

    let token = Token::generate(RecordId([1; 16])).unwrap();
    back.await_token(&token, TokenUse::Reset, at(0));
    assert!(back.awaits(&token, TokenUse::Reset, at(3599)) && !back.awaits(&token, TokenUse::Reset, at(3600)));
    assert!(!back.awaits(&token, TokenUse::SecondFactor, at(0)));
    back.end_token(TokenUse::Reset);
    assert!(!back.awaits(&token, TokenUse::Reset, at(0)));

    let mut longer = encoded.expose().to_vec();
    longer.push(0);
    assert!(Credentials::decode(&longer.into()).is_err());
    assert_eq!(format!("{one:?} {codes:?}"), "Credentials(redacted) RecoveryCodes(10 redacted)");
}

proptest! {
    #[test]
    fn user_names_agree_with_a_naive_reading(text in "[a-zA-Z0-9.äß_ -]{0,70}|[a-z][a-z0-9]{0,70}") {
        prop_assert_eq!(check_username(&text).is_ok(), naive_username(&text), "{}", text);
    }

    #[test]
    fn passwords_agree_with_a_naive_reading(
        text in "[a-c&<>\"' ä]{0,16}", min in 8_u16..12, panel in any::<bool>(), name in "[a-c]{0,5}",
    ) {
        let rules = LoginRules { length_min: min, panel_characters: panel, ..LoginRules::default() };
        let mut naive = Vec::new();
        if (text.chars().count() as u64) < u64::from(min) {
            naive.push(PeopleError::PasswordLength { length: text.chars().count(), min });
        }
        if panel && text.chars().any(|c| "&<>\"'".contains(c)) {
            naive.push(PeopleError::PasswordCharacter);
        }
        if name.len() >= 4 && (0..text.len()).any(|at| text.get(at..).is_some_and(|rest| rest.starts_with(&name))) {
            naive.push(PeopleError::PasswordHoldsName);
        }
        prop_assert_eq!(password_faults(&rules, &text.as_str().into(), &[&name]), naive);
    }

    #[test]
    fn no_text_makes_a_token_or_an_address_panic(text in ".{0,80}") {
        let _ = Token::from_text(&text);
        let _ = check_email(&text);
    }
}
