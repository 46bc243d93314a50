//! What a column holds.

/// What a column of a file holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Target {
    /// The entry's name.
    Name,
    /// The kind of the entry: `login`, `note`, `server` or `licence_key`.
    Kind,
    /// The user name.
    Username,
    /// The password or licence key.
    Password,
    /// The website.
    Website,
    /// Where to sign in.
    LoginUrl,
    /// Notes.
    Notes,
    /// The TOTP seed.
    Totp,
    /// `true` for nobody but the owner.
    Private,
    /// A folder or group of the other product.
    Folder,
    /// Tags or labels, separated by `,` or `;`.
    Tags,
    /// When the entry was created.
    CreatedAt,
    /// When the entry last changed.
    UpdatedAt,
    /// A custom field that lists may show, named after the column.
    Visible,
    /// A custom field held with the secret, named after the column.
    Secret,
    /// A visible custom field that is dropped when it is empty, `0` or `false`.
    Flag,
    /// Nothing worth keeping.
    Ignore,
}
