//! Email addresses as people type them.

const LONGEST: usize = 254;

/// An address in the spelling that is kept; none when mail can't go there. Whether somebody reads it is not known here.
pub fn normalize(typed: &str) -> Option<String> {
    let typed = typed.trim();
    let (name, host) = typed.rsplit_once('@')?;
    let is_plain = |text: &str, more: &str| {
        !text.is_empty() && text.chars().all(|letter| letter.is_ascii_alphanumeric() || more.contains(letter))
    };
    let is_dotted = |text: &str| !text.starts_with('.') && !text.ends_with('.') && !text.contains("..");
    let fits = typed.len() <= LONGEST && name.len() <= 64 && is_dotted(name) && is_dotted(host) && host.contains('.');
    let is_host = host.split('.').all(|label| !label.starts_with('-') && !label.ends_with('-'));
    let is_address = fits && is_host && is_plain(name, ".!#$%&'*+-/=?^_`{|}~") && is_plain(host, ".-");
    is_address.then(|| format!("{name}@{}", host.to_ascii_lowercase()))
}

/// Enough to know one's own address by.
pub fn masked(address: &str) -> String {
    let (name, host) = address.rsplit_once('@').unwrap_or((address, ""));
    format!("{}***@{host}", name.chars().take(1).collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_read_and_what_could_be_a_header_is_not() {
        assert_eq!(normalize(" Zhang.San+home@Example.COM "), Some("Zhang.San+home@example.com".to_owned()));
        let long = format!("{}@example.com", "a".repeat(65));
        for wrong in [
            "",
            "zhang",
            "@example.com",
            "zhang@",
            "a@b",
            "a b@example.com",
            "a@example..com",
            "a@-x.com",
            "a\r\nBcc: b@example.com",
            "<a@example.com>",
            "张@example.com",
            &long,
        ] {
            assert_eq!(normalize(wrong), None, "{wrong:?}");
        }
        assert_eq!(masked("zhang@example.com"), "z***@example.com");
    }
}
