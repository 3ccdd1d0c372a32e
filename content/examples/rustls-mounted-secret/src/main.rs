//! Certificate and key from a directory that changes as the kubelet changes a mounted Secret.
//! What can be served is served, and what cannot leaves the old certificate in its place.

use std::error::Error;
use std::fs::{self, File};
use std::os::unix::fs::{MetadataExt, symlink};
use std::path::{Path, PathBuf};
use std::sync::{Arc, RwLock};

use rcgen::generate_simple_self_signed;
use rustls::crypto::{CryptoProvider, aws_lc_rs};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject};
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;

type Outcome<T> = Result<T, Box<dyn Error>>;
/// Certificate and key.
type Pem = (String, String);

/// What `ServerConfig::with_cert_resolver` takes.
#[derive(Debug)]
struct Rotating(RwLock<Arc<CertifiedKey>>);

impl ResolvesServerCert for Rotating {
    fn resolve(&self, _hello: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        self.0.read().ok().map(|current| current.clone())
    }
}

struct Secret {
    mount: PathBuf,
    loaded: Pem,
    provider: CryptoProvider,
}

impl Secret {
    /// Called every minute, say. `None` means that the files hold what is served already.
    fn reload(&mut self) -> Outcome<Option<CertifiedKey>> {
        // Follow the links once and read both files there, or the kubelet might exchange them
        // between the two reads. It may still delete them; that is an error, and passes.
        let certificate = fs::canonicalize(self.mount.join("tls.crt"))?;
        let key = certificate.with_file_name("tls.key");
        let pem = (fs::read_to_string(certificate)?, fs::read_to_string(key)?);
        if pem == self.loaded {
            return Ok(None);
        }
        let chain = CertificateDer::pem_slice_iter(pem.0.as_bytes()); // the leaf comes first
        let chain = chain.collect::<Result<_, _>>()?;
        let key = PrivateKeyDer::from_pem_slice(pem.1.as_bytes())?;
        let certified = CertifiedKey::from_der(chain, key, &self.provider)?;
        self.loaded = pem; // only now: what was refused is tried, and reported, again
        Ok(Some(certified))
    }
}

/// A new directory, a new link to it, and one `rename` that puts this in the place of `..data`.
fn kubelet_writes(mount: &Path, version: &str, (certificate, key): (&str, &str)) -> Outcome<()> {
    let old = fs::canonicalize(mount.join("..data"));
    fs::create_dir(mount.join(version))?;
    fs::write(mount.join(version).join("tls.crt"), certificate)?;
    fs::write(mount.join(version).join("tls.key"), key)?;
    symlink(version, mount.join("..data_tmp"))?;
    fs::rename(mount.join("..data_tmp"), mount.join("..data"))?;
    match old {
        Ok(old) => fs::remove_dir_all(old)?,
        // The first time. These two links are never touched again.
        Err(_) => {
            symlink("..data/tls.crt", mount.join("tls.crt"))?;
            symlink("..data/tls.key", mount.join("tls.key"))?;
        }
    }
    Ok(())
}

fn main() -> Outcome<()> {
    let issue = || -> Outcome<(CertificateDer<'static>, Pem)> {
        let made = generate_simple_self_signed(["server.example".to_string()])?;
        let pem = (made.cert.pem(), made.signing_key.serialize_pem());
        Ok((made.cert.into(), pem))
    };
    let ((a, a_pem), (_, b_pem)) = (issue()?, issue()?);
    let mount = std::env::temp_dir().join(format!("mounted-secret-{}", std::process::id()));
    fs::create_dir(&mount)?;

    kubelet_writes(&mount, "..2026_11_01", (&a_pem.0, &a_pem.1))?;
    let mut secret = Secret {
        mount: mount.clone(),
        loaded: Pem::default(),
        provider: aws_lc_rs::default_provider(),
    };
    // At the start an error is fatal: there is nothing else to serve.
    let first = secret.reload()?.ok_or("nothing to serve")?;
    let resolver = Rotating(RwLock::new(first.into()));
    let served = || -> Outcome<&str> {
        let current = resolver.0.read().map_err(|error| error.to_string())?;
        Ok(if current.cert[0] == a { "A" } else { "B" })
    };
    println!("loaded {}", served()?);

    let mut tick = || -> Outcome<()> {
        match secret.reload() {
            Ok(None) => println!("unchanged, {}", served()?),
            Ok(Some(new)) => {
                *resolver.0.write().map_err(|error| error.to_string())? = new.into();
                println!("loaded {}", served()?);
            }
            // Count these: the clock of the old certificate is running.
            Err(error) => println!("refused: {error}, still {}", served()?),
        }
        Ok(())
    };
    tick()?;
    // What a watch on the path of the file would hold on to.
    let watched = File::open(mount.join("tls.crt"))?;
    println!("the kubelet writes B, with the key of A");
    kubelet_writes(&mount, "..2026_11_02", (&b_pem.0, &a_pem.1))?;
    let names = watched.metadata()?.nlink();
    println!("names left of the file that was open: {names}");
    tick()?;
    tick()?;
    println!("the kubelet writes B");
    kubelet_writes(&mount, "..2026_11_03", (&b_pem.0, &b_pem.1))?;
    tick()?;
    fs::remove_dir_all(&mount)?;
    Ok(())
}
