//! Whom calls out believe beside the authorities that this machine knows: the company's own, for servers inside it. And what
//! was wrong with a certificate that nobody vouched for.

use std::{error::Error, io};

use entity::vocab::CertificateFault;
use reqwest::{Certificate, Client, ClientBuilder};
use rustls::CertificateError;

/// The certificates of a company's own authorities.
#[derive(Clone, Debug, Default)]
pub struct Authorities {
    pem: Vec<u8>,
    certificates: Vec<Certificate>,
}

/// A file of certificates that can't be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadAuthorities {
    #[error(
        "it holds no certificate; it must be PEM, `-----BEGIN CERTIFICATE-----` and so on, one after another; \
         `openssl x509 -inform der -in ca.cer -out ca.pem` makes it of a file in DER"
    )]
    None,
    #[error("a certificate in it can't be read; each must be whole, as the authority gave it out")]
    Broken,
}

impl Authorities {
    /// Those of a file in PEM, each of which must be usable.
    pub fn from_pem(pem: &[u8]) -> Result<Self, BadAuthorities> {
        let certificates = Certificate::from_pem_bundle(pem).map_err(|_| BadAuthorities::Broken)?;
        if certificates.is_empty() {
            return Err(BadAuthorities::None);
        }
        // Certificates are read when a client is made of them.
        let probe = Client::builder().tls_certs_only(certificates.iter().cloned()).build();
        probe.map_err(|_| BadAuthorities::Broken)?;
        Ok(Self { pem: pem.to_owned(), certificates })
    }

    pub fn is_empty(&self) -> bool {
        self.certificates.is_empty()
    }

    /// All of them, as the file said.
    pub fn pem(&self) -> &[u8] {
        &self.pem
    }

    /// Lets a client believe them too.
    pub fn trusted_by(&self, client: ClientBuilder) -> ClientBuilder {
        client.tls_certs_merge(self.certificates.iter().cloned())
    }
}

/// What was wrong with the other side's certificate, when a call failed by that.
pub fn certificate_fault(error: &(dyn Error + 'static)) -> Option<CertificateFault> {
    if let Some(rustls::Error::InvalidCertificate(fault)) = error.downcast_ref() {
        return Some(named(fault));
    }
    // What went wrong with a connection lies inside of an error of input and output, perhaps of several, and is no cause of it.
    let inner = error.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
    let found = inner.and_then(|inner| certificate_fault(inner));
    found.or_else(|| certificate_fault(error.source()?))
}

fn named(fault: &CertificateError) -> CertificateFault {
    use CertificateError::{
        Expired, ExpiredContext, NotValidForName, NotValidForNameContext, NotValidYet, NotValidYetContext,
        UnknownIssuer,
    };
    match fault {
        NotValidForName | NotValidForNameContext { .. } => CertificateFault::WrongName,
        Expired | ExpiredContext { .. } => CertificateFault::Expired,
        NotValidYet | NotValidYetContext { .. } => CertificateFault::NotYetValid,
        UnknownIssuer => CertificateFault::UnknownAuthority,
        _ => CertificateFault::Other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_without_a_certificate_is_refused_with_what_to_do() {
        for (text, expected) in [
            ("", BadAuthorities::None),
            ("0\u{1}binary", BadAuthorities::None),
            ("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", BadAuthorities::Broken),
            ("-----BEGIN CERTIFICATE-----\n?\n-----END CERTIFICATE-----\n", BadAuthorities::Broken),
        ] {
            assert_eq!(Authorities::from_pem(text.as_bytes()).err(), Some(expected), "{text}");
        }
    }

    #[test]
    fn only_what_is_about_a_certificate_is_told_of_it() {
        let about = |error: rustls::Error| certificate_fault(&io::Error::other(error));
        assert_eq!(
            about(rustls::Error::InvalidCertificate(CertificateError::NotValidYet)),
            Some(CertificateFault::NotYetValid)
        );
        assert_eq!(about(rustls::Error::InvalidCertificate(CertificateError::Revoked)), Some(CertificateFault::Other));
        let nested =
            io::Error::other(io::Error::other(rustls::Error::InvalidCertificate(CertificateError::UnknownIssuer)));
        assert_eq!(certificate_fault(&nested), Some(CertificateFault::UnknownAuthority));
        assert_eq!(about(rustls::Error::DecryptError), None);
        assert_eq!(certificate_fault(&io::Error::other("broken pipe")), None);
    }
}
