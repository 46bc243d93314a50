#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

use std::collections::{HashMap, HashSet};
use std::num::NonZeroU16;

use proptest::prelude::*;

use super::random::Draws;
use super::words::WORDS;
use super::*;
use crate::model::GeneratorPolicy;

/// SplitMix64 from a fixed seed.
struct Seeded(u64);

impl RandomSource for Seeded {
    fn fill(&mut self, out: &mut [u8]) -> Result<(), GenerateError> {
        for byte in out {
            self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
            let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
            let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
            *byte = (mixed >> 56) as u8;
        }
        Ok(())
    }
}

/// Gives these values, two bytes each, over and over.
struct Listed<I: Iterator<Item = u16>>(I);

impl<I: Iterator<Item = u16>> RandomSource for Listed<I> {
    fn fill(&mut self, out: &mut [u8]) -> Result<(), GenerateError> {
        for pair in out.chunks_mut(2) {
            pair.copy_from_slice(&self.0.next().ok_or(GenerateError::Random)?.to_le_bytes());
        }
        Ok(())
    }
}

/// Works `left` times.
struct Failing {
    left: u32,
    source: Seeded,
}

impl RandomSource for Failing {
    fn fill(&mut self, out: &mut [u8]) -> Result<(), GenerateError> {
        self.left = self.left.checked_sub(1).ok_or(GenerateError::Random)?;
        self.source.fill(out)
    }
}

const LOOSE: GeneratorPolicy = GeneratorPolicy {
    length_min: LENGTH_MIN,
    length_default: 20,
    lower: false,
    upper: false,
    digits: false,
    symbols: false,
    exclude_ambiguous: false,
    one_of_each: false,
    strength_min: None,
};

const ALL: PasswordOptions = PasswordOptions {
    length: 20,
    lower: true,
    upper: true,
    digits: true,
    symbols: true,
    exclude_ambiguous: false,
    one_of_each: false,
};

fn made(source: &mut dyn RandomSource, options: PasswordOptions) -> Generated {
    generate_from(source, &Recipe::Password(options), &LOOSE).unwrap()
}

/// Pearson's statistic against an even distribution.
fn chi_squared(counts: impl Iterator<Item = u64>, kinds: usize) -> f64 {
    let counts: Vec<u64> = counts.collect();
    let expected = counts.iter().sum::<u64>() as f64 / kinds as f64;
    let unseen = (kinds - counts.len()) as f64 * expected;
    counts.iter().map(|count| (*count as f64 - expected).powi(2) / expected).sum::<f64>() + unseen
}

/// What the statistic exceeds once in 10,000 times, after Wilson and Hilferty.
fn critical(kinds: usize) -> f64 {
    let free = (kinds - 1) as f64;
    let part = 2.0 / (9.0 * free);
    free * (1.0 - part + 3.719 * part.sqrt()).powi(3)
}

#[test]
fn every_number_below_a_bound_is_as_likely() {
    for bound in [1, 2, 3, 7, 10, 24, 26, 79, 90, 255, 256, 257, 2_048, 40_000, u16::MAX] {
        let mut all = Listed(0..=u16::MAX);
        let mut draws = Draws::new(&mut all);
        let mut counts = vec![0_u32; usize::from(bound)];
        while let Ok(drawn) = draws.below(NonZeroU16::new(bound).unwrap()) {
            counts[usize::from(drawn)] += 1;
        }
        assert!(counts.iter().all(|count| *count == 65_536 / u32::from(bound)), "{bound}");
    }
}

#[test]
fn passwords_are_drawn_evenly() {
    for (exclude_ambiguous, kinds) in [(false, 90), (true, 79)] {
        let mut source = Seeded(1);
        let mut at: Vec<HashMap<u8, u64>> = vec![HashMap::new(); 4];
        for _ in 0..40_000 {
            let text = made(&mut source, PasswordOptions { length: 4, exclude_ambiguous, ..ALL }).text;
            for (place, byte) in text.expose().bytes().enumerate() {
                *at[place].entry(byte).or_default() += 1;
            }
        }
        for counts in at {
            let found = chi_squared(counts.values().copied(), kinds);
            assert!(found < critical(kinds), "{found} with {kinds} characters");
        }
    }
}

#[test]
fn with_one_of_each_every_password_that_is_allowed_is_as_likely() {
    // 4 digits and small letters, with at least one of each: which places hold digits is a pattern.
    let mut source = Seeded(2);
    let options = PasswordOptions { length: 4, upper: false, symbols: false, one_of_each: true, ..ALL };
    let mut patterns: HashMap<Vec<bool>, u64> = HashMap::new();
    let drawn = 60_000_u32;
    for _ in 0..drawn {
        let text = made(&mut source, options).text;
        *patterns.entry(text.expose().bytes().map(|byte| byte.is_ascii_digit()).collect()).or_default() += 1;
    }
    let ways = |pattern: &[bool]| pattern.iter().map(|digit| if *digit { 10.0 } else { 26.0 }).product::<f64>();
    let allowed: f64 = patterns.keys().map(|pattern| ways(pattern)).sum();
    let statistic: f64 = patterns
        .iter()
        .map(|(pattern, count)| {
            let expected = f64::from(drawn) * ways(pattern) / allowed;
            (*count as f64 - expected).powi(2) / expected
        })
        .sum();
    assert_eq!(patterns.len(), 14);
    assert!(statistic < critical(14), "{statistic}");
}

#[test]
fn passphrases_are_drawn_evenly() {
    let mut source = Seeded(3);
    let recipe = Recipe::Passphrase(PassphraseOptions { words: 40, digit: true, ..PassphraseOptions::default() });
    let (mut words, mut digits) = (HashMap::<String, u64>::new(), HashMap::<(usize, char), u64>::new());
    for _ in 0..4_000 {
        let text = generate_from(&mut source, &recipe, &LOOSE).unwrap().text;
        for (place, word) in text.expose().split('-').enumerate() {
            let plain = word.trim_end_matches(|c: char| c.is_ascii_digit());
            *words.entry(plain.to_owned()).or_default() += 1;
            if plain != word {
                *digits.entry((place, word.chars().next_back().unwrap())).or_default() += 1;
            }
        }
    }
    assert!(chi_squared(words.values().copied(), 2_048) < critical(2_048));
    assert!(chi_squared(digits.values().copied(), 400) < critical(400));
}

#[test]
fn the_words_are_short_plain_and_told_apart_by_four_letters() {
    assert_eq!(WORDS.iter().map(|word| &word[..word.len().min(4)]).collect::<HashSet<_>>().len(), WORDS.len());
    for word in WORDS {
        assert!((3..=8).contains(&word.len()) && word.bytes().all(|b| b.is_ascii_lowercase()), "{word}");
    }
    assert!(WORDS.is_sorted());
}

#[test]
fn a_passphrase_has_its_words_separators_capitals_and_digit() {
    let options = PassphraseOptions { words: 5, separator: ' ', capitals: true, digit: true };
    let made = generate_from(&mut Seeded(4), &Recipe::Passphrase(options), &LOOSE).unwrap();
    let text = made.text.expose();
    let words: Vec<&str> = text.split(' ').collect();
    assert_eq!(words.len(), 5);
    assert_eq!(text.bytes().filter(u8::is_ascii_digit).count(), 1);
    for word in words {
        let plain = word.trim_end_matches(|c: char| c.is_ascii_digit());
        assert!(plain.starts_with(|c: char| c.is_ascii_uppercase()));
        assert!(WORDS.contains(&plain.to_lowercase().as_str()), "{plain}");
    }
    assert!((made.entropy_bits - (55.0 + 50_f64.log2())).abs() < 1e-9);
}

/// The entropy again, by counting the passwords place by place: which sets have occurred so far.
fn counted_bits(sizes: &[usize], length: u16, one_of_each: bool) -> f64 {
    let mut ways = vec![0.0_f64; 1 << sizes.len()];
    ways[0] = 1.0;
    for _ in 0..length {
        let mut next = vec![0.0; ways.len()];
        for (seen, count) in ways.iter().enumerate() {
            for (set, size) in sizes.iter().enumerate() {
                next[seen | 1 << set] += count * *size as f64;
            }
        }
        ways = next;
    }
    if one_of_each { ways.last().unwrap().log2() } else { ways.iter().sum::<f64>().log2() }
}

/// What the policy asks of options, once more and one question at a time.
fn accepts(policy: &GeneratorPolicy, options: &PasswordOptions) -> bool {
    let PasswordOptions { length, lower, upper, digits, symbols, exclude_ambiguous, one_of_each } = *options;
    let long_enough = length >= 4 && length >= policy.length_min && length <= 128;
    let sets = (lower || !policy.lower)
        && (upper || !policy.upper)
        && (digits || !policy.digits)
        && (symbols || !policy.symbols)
        && (lower || upper || digits || symbols);
    long_enough && sets && (exclude_ambiguous || !policy.exclude_ambiguous) && (one_of_each || !policy.one_of_each)
}

/// Whether a text is one that the options describe.
fn is_made_by(text: &str, options: &PasswordOptions) -> bool {
    let counts = [
        (options.lower, text.matches(|c: char| c.is_ascii_lowercase()).count()),
        (options.upper, text.matches(|c: char| c.is_ascii_uppercase()).count()),
        (options.digits, text.matches(|c: char| c.is_ascii_digit()).count()),
        (options.symbols, text.matches(|c: char| c.is_ascii_punctuation()).count()),
    ];
    counts.iter().map(|(_, count)| count).sum::<usize>() == usize::from(options.length)
        && text.len() == usize::from(options.length)
        && counts.iter().all(|(used, count)| *used || *count == 0)
        && (!options.one_of_each || counts.iter().all(|(used, count)| !*used || *count > 0))
        && !(options.exclude_ambiguous && text.contains(['l', 'I', 'o', '0', 'O', '1', '|']))
        && !text.contains(['"', '\'', '`', '\\'])
}

fn any_options() -> impl Strategy<Value = PasswordOptions> {
    (0_u16..140, any::<[bool; 6]>()).prop_map(
        |(length, [lower, upper, digits, symbols, exclude_ambiguous, one_of_each])| PasswordOptions {
            length,
            lower,
            upper,
            digits,
            symbols,
            exclude_ambiguous,
            one_of_each,
        },
    )
}

fn any_policy() -> impl Strategy<Value = GeneratorPolicy> {
    (4_u16..=128, any_options()).prop_map(|(length_min, options)| GeneratorPolicy {
        length_min,
        length_default: length_min,
        lower: options.lower,
        upper: options.upper,
        digits: options.digits,
        symbols: options.symbols,
        exclude_ambiguous: options.exclude_ambiguous,
        one_of_each: options.one_of_each,
        strength_min: None,
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn what_the_policy_allows_is_made_as_asked(policy in any_policy(), options in any_options(), seed: u64) {
        match generate_from(&mut Seeded(seed), &Recipe::Password(options), &policy) {
            Ok(made) => {
                prop_assert!(accepts(&policy, &options));
                prop_assert!(is_made_by(made.text.expose(), &options));
                let sizes: Vec<_> = CharacterSet::ALL
                    .into_iter()
                    .filter(|set| options.uses(*set))
                    .map(|set| set.characters(options.exclude_ambiguous).count())
                    .collect();
                let counted = counted_bits(&sizes, options.length, options.one_of_each);
                prop_assert!((made.entropy_bits - counted).abs() < 1e-6, "{} {counted}", made.entropy_bits);
            }
            Err(error) => prop_assert!(!accepts(&policy, &options), "{error}"),
        }
    }
}

#[test]
fn every_bound_holds_exactly() {
    let length = |length| Recipe::Password(PasswordOptions { length, ..ALL }).check(&LOOSE);
    assert_eq!(length(3), Err(GenerateError::TooShort { length: 3, min: 4 }));
    assert_eq!((length(4), length(128)), (Ok(()), Ok(())));
    assert_eq!(length(129), Err(GenerateError::TooLong { length: 129 }));

    let words = |words| Recipe::Passphrase(PassphraseOptions { words, ..PassphraseOptions::default() });
    assert_eq!(words(3).check(&LOOSE), Err(GenerateError::Words { words: 3 }));
    assert_eq!((words(4).check(&LOOSE), words(40).check(&LOOSE)), (Ok(()), Ok(())));
    assert_eq!(words(41).check(&LOOSE), Err(GenerateError::Words { words: 41 }));
    assert_eq!(words(u16::MAX).check(&LOOSE), Err(GenerateError::Words { words: u16::MAX }));
    // Six words have at least 23 characters.
    let min = |length_min| GeneratorPolicy { length_min, ..LOOSE };
    assert_eq!(words(6).check(&min(23)), Ok(()));
    assert_eq!(words(6).check(&min(24)), Err(GenerateError::TooShort { length: 23, min: 24 }));
    assert_eq!(words(40).check(&min(LENGTH_MAX)), Ok(()));

    for separator in (0..=u32::from(u16::MAX)).filter_map(char::from_u32) {
        let recipe = Recipe::Passphrase(PassphraseOptions { separator, ..PassphraseOptions::default() });
        assert_eq!(recipe.check(&LOOSE).is_ok(), " !\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~".contains(separator));
    }

    let policy =
        |length_min, length_default| GeneratorPolicy { length_min, length_default, ..GeneratorPolicy::default() };
    assert_eq!(check_policy(&GeneratorPolicy::default()), Ok(()));
    assert_eq!(check_policy(&policy(3, 20)), Err(GenerateError::PolicyLengthMin { found: 3 }));
    assert_eq!((check_policy(&policy(4, 4)), check_policy(&policy(128, 128))), (Ok(()), Ok(())));
    assert_eq!(check_policy(&policy(129, 129)), Err(GenerateError::PolicyLengthMin { found: 129 }));
    assert_eq!(check_policy(&policy(12, 11)), Err(GenerateError::PolicyLengthDefault { found: 11, min: 12 }));
    assert_eq!(check_policy(&policy(12, 129)), Err(GenerateError::PolicyLengthDefault { found: 129, min: 12 }));
    assert_eq!(check_policy(&LOOSE), Err(GenerateError::NoSet));
    let strength = |strength_min| check_policy(&GeneratorPolicy { strength_min, ..GeneratorPolicy::default() });
    assert_eq!(strength(Some(5)), Err(GenerateError::PolicyStrength { found: 5 }));
    let judged = if cfg!(feature = "strength") { Ok(()) } else { Err(GenerateError::CannotJudge) };
    assert_eq!((strength(Some(0)), strength(Some(4))), (judged, judged));
}

#[test]
fn a_source_that_fails_or_is_stuck_gives_an_error() {
    let recipes = [
        Recipe::Password(PasswordOptions { length: 128, one_of_each: true, ..ALL }),
        Recipe::Passphrase(PassphraseOptions { words: 40, digit: true, ..PassphraseOptions::default() }),
    ];
    for recipe in recipes {
        let enough = (0..).find(|left| {
            let mut source = Failing { left: *left, source: Seeded(5) };
            match generate_from(&mut source, &recipe, &LOOSE) {
                Ok(_) => true,
                Err(error) => {
                    assert_eq!(error, GenerateError::Random);
                    false
                }
            }
        });
        assert!(enough > Some(1));
    }
    let each = Recipe::Password(PasswordOptions { one_of_each: true, ..ALL });
    for stuck in [0, u16::MAX] {
        let answer = generate_from(&mut Listed(std::iter::repeat(stuck)), &each, &LOOSE);
        assert_eq!(answer.unwrap_err(), GenerateError::Random);
    }
}

#[test]
fn the_operating_systems_source_does_not_repeat_itself() {
    let policy = GeneratorPolicy::default();
    let made: HashSet<_> = (0..100)
        .map(|_| generate(&Recipe::Password(PasswordOptions::of(&policy)), &policy).unwrap().text.expose().to_owned())
        .collect();
    assert_eq!(made.len(), 100);
}

#[cfg(feature = "strength")]
mod strength {
    use super::*;
    use crate::secret::SecretString;

    fn judged(text: &SecretString, known: &[&str]) -> Strength {
        strength(text, known).unwrap()
    }

    #[test]
    fn weak_passwords_are_told_from_strong_ones() {
        let cases = [
            ("", 0, None),
            ("password", 0, Some(Weakness::Common)),
            ("qwertyuiop", 0, Some(Weakness::Common)),
            ("sdfghjkl", 1, Some(Weakness::Keyboard)),
            ("aaaaaaaaaaaa", 0, Some(Weakness::Repetition)),
            ("abcdefghijk", 0, Some(Weakness::Sequence)),
            ("25.12.1999", 1, Some(Weakness::Date)),
            ("X7#mQ9!vT2@kLp4$wZ", 4, None),
            ("herald-onyx-uniform-plaid-tuxedo-wombat", 4, None),
        ];
        for (text, score, weakness) in cases {
            let found = judged(&text.into(), &[]);
            assert_eq!((found.score, found.weakness), (score, weakness), "{text}: {found:?}");
        }
    }

    #[test]
    fn what_is_known_of_the_entry_is_guessed_first() {
        let password = "brandtfeldhuber".into();
        let (alone, known) = (judged(&password, &[]), judged(&password, &["https://mail.brandtfeldhuber.example/"]));
        assert!(known.score == 0 && known.guesses_log10 < alone.guesses_log10, "{alone:?} {known:?}");
    }

    #[test]
    fn only_the_first_hundred_characters_are_judged() {
        let hundred = "ä".repeat(100);
        let long = format!("{hundred}{}", "X7#mQ9!vT2@kLp4$wZ".repeat(50_000));
        assert_eq!(judged(&long.into(), &[]), judged(&hundred.into(), &[]));
        let known = "k".repeat(1_000_000);
        assert!(judged(&"X7#mQ9!vT2@kLp4$wZ".into(), &[&known]).score == 4);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(60))]

        #[test]
        fn no_text_is_too_much(
            any in any::<String>(), ascii in "[ -~]{0,120}", leet in "[a4@e3i1!o0s5$]{0,100}",
            same in "(ab|12|qw|é){0,60}", known in any::<Vec<String>>(),
        ) {
            let known: Vec<&str> = known.iter().map(String::as_str).collect();
            for text in [any, ascii, leet, same] {
                let found = judged(&text.into(), &known);
                prop_assert!(found.score <= 4 && found.guesses_log10 >= 0.0 && found.guesses_log10.is_finite());
            }
        }
    }
}
