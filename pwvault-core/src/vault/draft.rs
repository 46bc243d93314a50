//! From what a host writes to what is stored: checks every input and splits it into overview and
//! secret. Text is taken as it is given: nothing is trimmed, decoded or normalised.

use super::error::VaultError;
use crate::clock::Timestamp;
use crate::generate::{self, GenerateError};
use crate::id::FieldId;
use crate::model::{
    EntryDraft, EntryHead, EntryPatch, FieldDraft, FieldHead, FieldValue, GeneratorPolicy, Owner, Person, Secret,
    SecretField, check_address, limits,
};
use crate::otp;
use crate::secret::SecretString;

/// Splits a draft into the head and secret of a new entry.
pub(super) fn new_entry(
    draft: &EntryDraft,
    owner: Owner,
    by: &Person,
    now: Timestamp,
    policy: &GeneratorPolicy,
) -> Result<(EntryHead, Secret), VaultError> {
    let EntryDraft {
        name,
        kind,
        username,
        website,
        login_url,
        password,
        notes,
        totp,
        fields,
        private,
        keys: _,
        owner: _,
        service,
    } = draft;
    let (heads, secrets) = split_fields(fields, now)?;
    let secret = Secret { password: password.clone(), notes: notes.clone(), totp: totp.clone(), fields: secrets };
    let mut head = EntryHead {
        name: checked_name("name", name)?,
        kind: *kind,
        username: checked_text("username", username)?,
        website: checked_url("website", website)?,
        login_url: checked_url("login_url", login_url)?,
        fields: heads,
        private: *private,
        service: service.clone(),
        ..EntryHead::blank(owner, by.clone(), now)
    };
    head.secret.has_totp = !totp.is_empty();
    check_seed(totp)?;
    check_secret(&secret)?;
    check_total(&head, &secret)?;
    check_strength(policy, &head, &secret.password)?;
    Ok((head, secret))
}

/// Applies the part of a patch that concerns the overview.
pub(super) fn patch_overview(head: &mut EntryHead, patch: &EntryPatch) -> Result<(), VaultError> {
    let EntryPatch { name, kind, username, website, login_url, password: _, notes: _, totp: _, fields: _, private } =
        patch;
    if let Some(name) = name {
        head.name = checked_name("name", name)?;
    }
    if let Some(kind) = kind {
        head.kind = *kind;
    }
    if let Some(username) = username {
        head.username = checked_text("username", username)?;
    }
    if let Some(website) = website {
        head.website = checked_url("website", website)?;
    }
    if let Some(login_url) = login_url {
        head.login_url = checked_url("login_url", login_url)?;
    }
    if let Some(private) = private {
        head.private = *private;
    }
    Ok(())
}

/// Applies the part of a patch that concerns the secret to the secret as it was.
pub(super) fn patch_secret(
    head: &mut EntryHead,
    mut secret: Secret,
    patch: &EntryPatch,
    now: Timestamp,
    policy: &GeneratorPolicy,
) -> Result<Secret, VaultError> {
    if let Some(password) = &patch.password {
        if password.expose() != secret.password.expose() {
            check_strength(policy, head, password)?;
        }
        secret.password = password.clone();
    }
    if let Some(notes) = &patch.notes {
        secret.notes = notes.clone();
    }
    if let Some(totp) = &patch.totp {
        check_seed(totp)?;
        secret.totp = totp.clone();
    }
    if let Some(fields) = &patch.fields {
        (head.fields, secret.fields) = split_fields(fields, now)?;
    }
    head.secret.has_totp = !secret.totp.is_empty();
    check_secret(&secret)?;
    check_total(head, &secret)?;
    Ok(secret)
}

/// A name: 1 to [`limits::NAME_MAX`] bytes without control characters.
pub(super) fn checked_name(field: &'static str, name: &str) -> Result<String, VaultError> {
    if name.is_empty() {
        return Err(VaultError::invalid(field, "it is empty; a name has at least one character"));
    }
    check_length(field, name.len(), limits::NAME_MAX)?;
    if name.chars().any(char::is_control) {
        return Err(VaultError::invalid(field, "it holds a control character, such as a line end; take it out"));
    }
    Ok(name.to_owned())
}

/// A passphrase or master password.
pub(super) fn check_passphrase(field: &'static str, length: usize) -> Result<(), VaultError> {
    if length == 0 || length > limits::PASSPHRASE_MAX {
        let rule = format!("it has {length} bytes; 1 to {} are accepted", limits::PASSPHRASE_MAX);
        return Err(VaultError::invalid(field, rule));
    }
    Ok(())
}

fn checked_text(field: &'static str, text: &str) -> Result<String, VaultError> {
    check_length(field, text.len(), limits::FIELD_MAX)?;
    Ok(text.to_owned())
}

fn checked_url(field: &'static str, text: &str) -> Result<Option<String>, VaultError> {
    if text.is_empty() {
        return Ok(None);
    }
    check_address(text).map_err(|error| VaultError::invalid(field, error.to_string()))?;
    Ok(Some(text.to_owned()))
}

fn split_fields(drafts: &[FieldDraft], now: Timestamp) -> Result<(Vec<FieldHead>, Vec<SecretField>), VaultError> {
    check_field_count(drafts.len())?;
    let mut heads = Vec::with_capacity(drafts.len());
    let mut secrets = Vec::new();
    for FieldDraft { name, value, secret } in drafts {
        check_length("fields", value.len(), limits::FIELD_MAX)?;
        let id = FieldId::generate(now)?;
        let shown = if *secret {
            secrets.push(SecretField { id, value: value.clone() });
            FieldValue::Secret
        } else {
            FieldValue::Visible(value.expose().to_owned())
        };
        heads.push(FieldHead { id, name: checked_name("field name", name)?, value: shown });
    }
    Ok((heads, secrets))
}

fn check_secret(secret: &Secret) -> Result<(), VaultError> {
    check_length("password", secret.password.len(), limits::FIELD_MAX)?;
    check_length("notes", secret.notes.len(), limits::FIELD_MAX)?;
    check_length("totp", secret.totp.len(), limits::FIELD_MAX)
}

/// A TOTP seed that is not clearly something else.
fn check_seed(totp: &SecretString) -> Result<(), VaultError> {
    if totp.is_empty() {
        return Ok(());
    }
    otp::check_stored(totp.expose()).map_err(|error| VaultError::invalid("totp", error.to_string()))
}

/// Refuses an entry that is larger, or has more custom fields, than one may be.
pub(super) fn check_whole(head: &EntryHead, secret: &Secret) -> Result<(), VaultError> {
    check_field_count(head.fields.len())?;
    check_total(head, secret)
}

fn check_field_count(count: usize) -> Result<(), VaultError> {
    if count > limits::FIELDS_MAX {
        let rule = format!("there are {count}; at most {} are accepted", limits::FIELDS_MAX);
        return Err(VaultError::invalid("fields", rule));
    }
    Ok(())
}

/// How many bytes of text an overview holds.
pub(super) fn overview_len(head: &EntryHead) -> usize {
    let shown: usize = head
        .fields
        .iter()
        .map(|field| {
            field.name.len()
                + match &field.value {
                    FieldValue::Visible(value) => value.len(),
                    FieldValue::Secret => 0,
                }
        })
        .sum();
    let urls = [&head.website, &head.login_url].into_iter().flatten().map(String::len).sum::<usize>();
    head.name.len() + head.username.len() + urls + shown
}

fn check_total(head: &EntryHead, secret: &Secret) -> Result<(), VaultError> {
    let hidden = secret.fields.iter().map(|field| field.value.len()).sum::<usize>();
    let texts = secret.password.len() + secret.notes.len() + secret.totp.len();
    check_length("entry", overview_len(head) + hidden + texts, limits::ENTRY_MAX)
}

/// Refuses a new password that is weaker than the vault asks for. What stands in the overview is
/// guessed first.
pub(super) fn check_strength(
    policy: &GeneratorPolicy,
    head: &EntryHead,
    password: &SecretString,
) -> Result<(), VaultError> {
    let addresses = [&head.website, &head.login_url].into_iter().flatten().map(String::as_str);
    let known: Vec<&str> = [head.username.as_str(), &head.name].into_iter().chain(addresses).collect();
    match generate::check_strength(policy, password, &known) {
        Err(weak @ GenerateError::TooWeak { .. }) => Err(VaultError::invalid("password", weak.to_string())),
        done => Ok(done?),
    }
}

/// Refuses what is longer than `max` bytes.
pub(super) fn check_length(field: &'static str, length: usize, max: usize) -> Result<(), VaultError> {
    if length > max {
        return Err(VaultError::invalid(field, format!("it has {length} bytes; at most {max} are accepted")));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_hold_at_their_bound() {
        assert!(checked_name("name", &"n".repeat(limits::NAME_MAX - 1)).is_ok());
        assert!(checked_name("name", &"n".repeat(limits::NAME_MAX)).is_ok());
        assert!(checked_name("name", &"n".repeat(limits::NAME_MAX + 1)).is_err());
    }

    #[test]
    fn a_refused_name_says_what_is_wrong_with_it() {
        let problem = |name: &str| match checked_name("name", name) {
            Err(VaultError::Invalid { field: "name", problem }) => problem,
            other => format!("{other:?}"),
        };
        assert!(problem("").contains("empty"));
        assert!(problem("a\u{0}b").contains("control character"));
        assert!(problem(&"n".repeat(600)).contains("600 bytes; at most 512"));
    }
}
