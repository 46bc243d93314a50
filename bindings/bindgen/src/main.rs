//! Writes the bindings of Python and Kotlin from the built library.

fn main() {
    uniffi::uniffi_bindgen_main();
}
