//! Authorities of the tests' own, the certificates that they give out, and servers that show them.

use std::{io, path::PathBuf, sync::Arc};

use anju::authorities::Authorities;
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair, date_time_ymd};
use tempfile::TempDir;
use tokio::net::TcpStream;
use tokio_rustls::{
    TlsAcceptor,
    rustls::{
        ServerConfig,
        crypto::aws_lc_rs,
        pki_types::{CertificateDer, PrivateKeyDer},
    },
    server::TlsStream,
};

use super::browser::pem;

/// Whoever gives certificates out.
pub struct Authority(CertifiedIssuer<'static, KeyPair>);

/// A certificate and its key, as a server shows them.
pub struct Shown {
    chain: Vec<CertificateDer<'static>>,
    key: PrivateKeyDer<'static>,
}

impl Authority {
    /// One whom nobody knows yet.
    pub fn found(name: &str) -> Self {
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.distinguished_name.push(DnType::CommonName, name);
        Self(CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap())
    }

    /// A certificate for a name.
    pub fn vouch(&self, name: &str) -> Shown {
        self.give(CertificateParams::new(vec![name.to_owned()]).unwrap())
    }

    /// A certificate for a name that has expired.
    pub fn vouched_once(&self, name: &str) -> Shown {
        let mut params = CertificateParams::new(vec![name.to_owned()]).unwrap();
        params.not_before = date_time_ymd(2020, 1, 1);
        params.not_after = date_time_ymd(2020, 12, 31);
        self.give(params)
    }

    fn give(&self, params: CertificateParams) -> Shown {
        let key = KeyPair::generate().unwrap();
        let certificate = params.signed_by(&key, &self.0).unwrap();
        let key = PrivateKeyDer::Pkcs8(key.serialize_der().into());
        Shown { chain: vec![certificate.der().clone()], key }
    }

    /// For whoever is to believe it.
    pub fn pem(&self) -> String {
        pem("CERTIFICATE", self.0.der())
    }

    pub fn believed(&self) -> Authorities {
        Authorities::from_pem(self.pem().as_bytes()).unwrap()
    }

    /// The same as a file, for a server that is started with it.
    pub fn file(&self, folder: &TempDir) -> PathBuf {
        let path = folder.path().join("authority.pem");
        std::fs::write(&path, self.pem()).unwrap();
        path
    }
}

/// Speaks TLS with those who believe the certificate.
#[derive(Clone)]
pub struct Secure(TlsAcceptor);

impl Secure {
    /// Over what is offered, such as `h2`; over anything when nothing is.
    pub fn showing(shown: Shown, protocols: &[&str]) -> Self {
        let mut config = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(shown.chain, shown.key)
            .unwrap();
        config.alpn_protocols = protocols.iter().map(|name| name.as_bytes().to_vec()).collect();
        Self(TlsAcceptor::from(Arc::new(config)))
    }

    pub async fn accept(&self, stream: TcpStream) -> io::Result<TlsStream<TcpStream>> {
        self.0.accept(stream).await
    }
}
