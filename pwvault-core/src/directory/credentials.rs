//! What a person signs in with. Sealed apart from the person's head, so that lists never open it.

use std::fmt;

use serde::{Deserialize, Serialize};
use subtle::ConstantTimeEq;
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use super::token::{Token, TokenUse};
use crate::clock::Timestamp;
use crate::crypto::{self, CryptoError};
use crate::envelope::EnvelopeError;
use crate::model::KdfParams;
use crate::otp::Totp;
use crate::secret::{SecretBytes, SecretString};

/// A password as it is kept: stretched by Argon2id.
#[derive(Clone, Serialize, Deserialize, Zeroize, ZeroizeOnDrop)]
pub struct Verifier {
    #[zeroize(skip)]
    params: KdfParams,
    salt: [u8; 16],
    output: [u8; 32],
}

/// A typed password, stretched as a [`Verifier`] asks; kept while an operation is run again, so that
/// the work is done once.
#[derive(Debug)]
pub struct Stretched {
    params: KdfParams,
    salt: [u8; 16],
    output: SecretBytes,
}

impl Verifier {
    /// Stretches a new password.
    ///
    /// # Errors
    /// [`CryptoError`] when `params` are out of bounds or randomness or memory fail.
    pub fn new(password: &SecretString, params: KdfParams) -> Result<Self, CryptoError> {
        let salt = crypto::random_array()?;
        let stretched = crypto::argon2id(password.expose().as_bytes(), &salt, params)?;
        let mut output = [0; 32];
        output.iter_mut().zip(stretched.expose()).for_each(|(to, from)| *to = *from);
        Ok(Self { params, salt, output })
    }

    /// Whether a stretched password is the one kept, in constant time.
    #[must_use]
    pub fn fits(&self, stretched: &Stretched) -> bool {
        stretched.is_for(Some(self), self.params) && bool::from(self.output.ct_eq(stretched.output.expose()))
    }

    /// Whether it should be stretched anew, since more work is asked for now.
    #[must_use]
    pub fn is_cheaper_than(&self, params: KdfParams) -> bool {
        self.params.cost_less_than(params)
    }
}

impl Stretched {
    /// Stretches a typed password as the verifier asks; without one the same work is done for
    /// nothing, at the cost of `params`.
    ///
    /// # Errors
    /// As [`Verifier::new`].
    pub fn new(password: &SecretString, verifier: Option<&Verifier>, params: KdfParams) -> Result<Self, CryptoError> {
        let (params, salt) = verifier.map_or((params, [0; 16]), |verifier| (verifier.params, verifier.salt));
        let output = crypto::argon2id(password.expose().as_bytes(), &salt, params)?;
        Ok(Self { params, salt, output })
    }

    /// Whether it was made as the verifier asks, or without one at the cost of `params`.
    #[must_use]
    pub fn is_for(&self, verifier: Option<&Verifier>, params: KdfParams) -> bool {
        let (params, salt) = verifier.map_or((params, [0; 16]), |verifier| (verifier.params, verifier.salt));
        self.params == params && self.salt == salt
    }
}

/// A second factor by time (RFC 6238, SHA-1, 6 digits, 30 seconds).
#[derive(Clone, Serialize, Deserialize, Zeroize, ZeroizeOnDrop)]
struct Factor {
    key: [u8; FACTOR_KEY_LEN],
    /// The step of the last code accepted.
    last_step: Option<u64>,
}

impl Factor {
    fn accept(&mut self, code: &str, now: Timestamp) -> bool {
        let step = self.totp().check(code, now, FACTOR_WINDOW, self.last_step);
        self.last_step = step.or(self.last_step);
        step.is_some()
    }

    fn totp(&self) -> Totp {
        Totp::new(SecretBytes::from_slice(&self.key))
    }
}

/// The hash of a token, and when it ends.
#[derive(Clone, Serialize, Deserialize)]
struct Waiting {
    hash: [u8; 32],
    since: Timestamp,
    until: Timestamp,
}

/// What answered for the second factor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FactorAnswer {
    /// A code by time.
    Code,
    /// A recovery code, which is used up.
    RecoveryCode,
}

/// Recovery codes, shown once.
#[derive(Clone)]
#[cfg_attr(feature = "crossing", derive(serde::Serialize, schemars::JsonSchema))]
pub struct RecoveryCodes(Vec<SecretString>);

impl RecoveryCodes {
    /// The codes, each four groups of four letters and digits.
    ///
    /// # Security
    /// Each one stands in for the second factor, once.
    #[must_use]
    pub fn expose(&self) -> &[SecretString] {
        &self.0
    }
}

impl fmt::Debug for RecoveryCodes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RecoveryCodes({} redacted)", self.0.len())
    }
}

/// Everything a person signs in with.
#[derive(Clone, Default, Serialize, Deserialize)]
pub struct Credentials {
    password: Option<Verifier>,
    factor: Option<Factor>,
    /// Set up and not confirmed yet.
    new_factor: Option<Factor>,
    /// SHA-256 of those not used yet.
    recovery_codes: Vec<[u8; 32]>,
    second_step: Option<Waiting>,
    reset: Option<Waiting>,
}

impl Credentials {
    /// The password kept, if one is set.
    #[must_use]
    pub const fn password(&self) -> Option<&Verifier> {
        self.password.as_ref()
    }

    /// Sets a password. Steps and resets under way end.
    pub fn set_password(&mut self, verifier: Verifier) {
        self.password = Some(verifier);
        self.second_step = None;
        self.reset = None;
    }

    /// Keeps the same password at another cost.
    ///
    /// # Errors
    /// As [`Verifier::new`].
    pub fn restretch_password(&mut self, password: &SecretString, params: KdfParams) -> Result<(), CryptoError> {
        self.password = Some(Verifier::new(password, params)?);
        Ok(())
    }

    /// Whether a second factor is asked for.
    #[must_use]
    pub const fn has_factor(&self) -> bool {
        self.factor.is_some()
    }

    /// Begins a second factor, which counts once it is confirmed.
    ///
    /// # Errors
    /// [`CryptoError::Random`] when the operating system gives no randomness.
    pub fn begin_factor(&mut self) -> Result<Totp, CryptoError> {
        let factor = self.new_factor.insert(Factor { key: crypto::random_array()?, last_step: None });
        Ok(factor.totp())
    }

    /// Confirms the second factor with its first code, and makes recovery codes. `None` for a code
    /// that does not fit.
    ///
    /// # Errors
    /// As [`begin_factor`](Self::begin_factor).
    pub fn confirm_factor(&mut self, code: &str, now: Timestamp) -> Result<Option<RecoveryCodes>, CryptoError> {
        if !self.new_factor.as_mut().is_some_and(|factor| factor.accept(code, now)) {
            return Ok(None);
        }
        let codes = self.renew_recovery_codes()?;
        self.factor = self.new_factor.take();
        Ok(Some(codes))
    }

    /// Makes new recovery codes in place of those left.
    ///
    /// # Errors
    /// As [`begin_factor`](Self::begin_factor).
    pub fn renew_recovery_codes(&mut self) -> Result<RecoveryCodes, CryptoError> {
        let mut codes = Vec::with_capacity(RECOVERY_CODES);
        for _ in 0..RECOVERY_CODES {
            let bytes = Zeroizing::new(crypto::random_array::<10>()?);
            let text = Totp::new(SecretBytes::from_slice(bytes.as_slice())).to_base32();
            codes.push(grouped(&text));
        }
        self.recovery_codes = codes.iter().map(recovery_hash).collect();
        Ok(RecoveryCodes(codes))
    }

    /// How many recovery codes are left.
    #[must_use]
    pub fn recovery_codes_left(&self) -> u8 {
        u8::try_from(self.recovery_codes.len()).unwrap_or(u8::MAX)
    }

    /// Takes the second factor off, with its recovery codes.
    pub fn remove_factor(&mut self) {
        self.factor = None;
        self.new_factor = None;
        self.recovery_codes.clear();
        self.second_step = None;
    }

    /// What an answer to the second factor is, and uses it up; `None` when it does not fit.
    pub fn answer_factor(&mut self, answer: &SecretString, now: Timestamp) -> Option<FactorAnswer> {
        let factor = self.factor.as_mut()?;
        if factor.accept(answer.expose(), now) {
            return Some(FactorAnswer::Code);
        }
        let hash = recovery_hash(answer);
        let left = self.recovery_codes.len();
        self.recovery_codes.retain(|kept| !bool::from(kept.ct_eq(&hash)));
        (self.recovery_codes.len() < left).then_some(FactorAnswer::RecoveryCode)
    }

    /// Notes that a token was given out, in place of one before.
    pub fn await_token(&mut self, token: &Token, good_for: TokenUse, now: Timestamp) {
        let hash = token.hash(good_for);
        if let Some((place, lasts)) = self.place_of(good_for) {
            *place = Some(Waiting { hash, since: now, until: now.plus_millis(lasts) });
        }
    }

    /// Whether a token is the one waited for and not over.
    #[must_use]
    pub fn awaits(&mut self, token: &Token, good_for: TokenUse, now: Timestamp) -> bool {
        let waiting = self.place_of(good_for).and_then(|(place, _)| place.as_ref());
        waiting.is_some_and(|waiting| now < waiting.until && token.fits(good_for, &waiting.hash))
    }

    /// Ends a token.
    pub fn end_token(&mut self, good_for: TokenUse) {
        if let Some((place, _)) = self.place_of(good_for) {
            *place = None;
        }
    }

    /// Whether a reset was asked for less than a minute ago, so that another would only take the
    /// first one's place.
    #[must_use]
    pub fn was_reset_just_now(&self, now: Timestamp) -> bool {
        self.reset.as_ref().is_some_and(|reset| now < reset.since.plus_millis(RESET_AGAIN_MS))
    }

    const fn place_of(&mut self, good_for: TokenUse) -> Option<(&mut Option<Waiting>, i64)> {
        match good_for {
            TokenUse::SecondFactor => Some((&mut self.second_step, SECOND_STEP_MS)),
            TokenUse::Reset => Some((&mut self.reset, RESET_MS)),
            TokenUse::Invite | TokenUse::Link | TokenUse::Request => None,
        }
    }

    /// As bytes to be sealed.
    ///
    /// # Errors
    /// [`EnvelopeError::TooLarge`] never in practice: there is room for every field.
    pub fn encode(&self) -> Result<SecretBytes, EnvelopeError> {
        // A buffer of its own, so that no copy is left behind by growing.
        let mut buffer = Zeroizing::new([0_u8; ENCODED_MAX]);
        let used = postcard::to_slice(self, buffer.as_mut_slice())
            .map_err(|_| EnvelopeError::TooLarge { what: "the credentials" })?;
        Ok(SecretBytes::from_slice(used))
    }

    /// From the bytes of [`encode`](Self::encode).
    ///
    /// # Errors
    /// [`EnvelopeError::BadPayload`] for others.
    pub fn decode(bytes: &SecretBytes) -> Result<Self, EnvelopeError> {
        match postcard::take_from_bytes(bytes.expose()) {
            Ok((credentials, [])) => Ok(credentials),
            _ => Err(EnvelopeError::BadPayload { what: "credentials" }),
        }
    }
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Credentials(redacted)")
    }
}

impl fmt::Debug for Verifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Verifier").field("params", &self.params).finish_non_exhaustive()
    }
}

fn grouped(text: &SecretString) -> SecretString {
    let mut out = String::with_capacity(text.len() + text.len() / 4);
    for (at, letter) in text.expose().chars().enumerate() {
        if at > 0 && at % 4 == 0 {
            out.push('-');
        }
        out.push(letter);
    }
    SecretString::new(out)
}

/// Of a code as people type it: case, spaces and hyphens do not count.
fn recovery_hash(code: &SecretString) -> [u8; 32] {
    let mut text = Zeroizing::new(String::with_capacity(code.len()));
    text.extend(code.expose().chars().filter(|c| !matches!(c, ' ' | '-')).map(|c| c.to_ascii_uppercase()));
    crypto::sha256(&[b"pwvault recovery code", text.as_bytes()])
}

const FACTOR_KEY_LEN: usize = 20;
/// Steps before and after the current one whose codes are accepted.
const FACTOR_WINDOW: u32 = 1;
const RECOVERY_CODES: usize = 10;
/// How long the second step of a sign-in may take.
const SECOND_STEP_MS: i64 = 5 * 60_000;
/// How long a reset may take.
const RESET_MS: i64 = 60 * 60_000;
const RESET_AGAIN_MS: i64 = 60_000;
const ENCODED_MAX: usize = 4096;
