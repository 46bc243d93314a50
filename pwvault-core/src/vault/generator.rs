//! Passwords and passphrases held to the vault's policy, and how strong a text is.

use super::error::VaultError;
use super::session::Session;
use crate::generate::{self, Generated, Recipe, Strength};
use crate::model::GeneratorPolicy;
use crate::secret::SecretString;

/// Generating passwords. Nothing is stored, so nothing is logged.
///
/// # Examples
/// ```
/// # use pwvault_core::{testing::memory_vault, vault::prelude::*, *};
/// # let vault = memory_vault()?;
/// # let anna = vault.session(Principal::client(ClientId::new("anna")?), RequestContext::default());
/// # use pwvault_core::generate::{GenerateError, PassphraseOptions, PasswordOptions, Recipe};
/// let usual = PasswordOptions::of(&anna.generator_policy()?);
/// assert_eq!(anna.generate(&Recipe::Password(usual))?.text.len(), 20);
/// let words = PassphraseOptions { words: 7, ..PassphraseOptions::default() };
/// assert_eq!(anna.generate(&Recipe::Passphrase(words))?.entropy_bits, 77.0);
///
/// let short = anna.generate(&Recipe::Password(PasswordOptions { length: 6, ..usual }));
/// assert!(matches!(short, Err(VaultError::Generate(GenerateError::TooShort { length: 6, min: 12 }))));
/// # Ok::<(), VaultError>(())
/// ```
pub trait Generate {
    /// What the vault asks of passwords: where a form begins.
    ///
    /// # Errors
    /// Those of the store.
    fn generator_policy(&self) -> Result<GeneratorPolicy, VaultError>;

    /// Generates a password or passphrase that the vault's policy allows.
    ///
    /// # Errors
    /// [`VaultError::Generate`] names what the policy asks for, or that the random source failed.
    fn generate(&self, recipe: &Recipe) -> Result<Generated, VaultError>;

    /// How strong a text is; `known` are words that an attacker would try first, such as the user
    /// name. Its first 100 characters are judged.
    ///
    /// # Errors
    /// [`VaultError::Generate`] when the library was built without the feature `strength`.
    fn strength(&self, text: &SecretString, known: &[&str]) -> Result<Strength, VaultError>;
}

impl Generate for Session {
    fn generator_policy(&self) -> Result<GeneratorPolicy, VaultError> {
        self.run(|gate| Ok(gate.snapshot.policy.settings.generator))
    }

    fn generate(&self, recipe: &Recipe) -> Result<Generated, VaultError> {
        let policy = self.generator_policy()?;
        let made = generate::generate(recipe, &policy)?;
        generate::check_strength(&policy, &made.text, &[])?;
        Ok(made)
    }

    fn strength(&self, text: &SecretString, known: &[&str]) -> Result<Strength, VaultError> {
        self.run(|_| Ok(generate::strength(text, known)?))
    }
}
