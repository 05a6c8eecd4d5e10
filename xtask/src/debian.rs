//! What Debian provides and a fresh machine lacks.

use crate::shell::{command, run, succeeds};
use anyhow::{Context, bail};

/// A package, and how to see that what it brings is there, from wherever.
#[derive(Clone, Copy)]
pub struct Package {
    name: &'static str,
    why: &'static str,
    check: &'static str,
}

pub const BROWSER: &[Package] = &[
    Package {
        name: "chromium",
        why: "the browser of the browser tests",
        check: "chromium --version",
    },
    Package {
        name: "chromium-driver",
        why: "drives that browser",
        check: "chromedriver --version",
    },
];

pub const NODES: &[Package] = &[
    Package {
        name: "postgresql",
        why: "the shared database, of which the tests start their own",
        check: "test -e /usr/bin/pg_ctlcluster",
    },
    Package {
        name: "haproxy",
        why: "the load balancer in front of several servers",
        check: "haproxy -v",
    },
    Package {
        name: "faketime",
        why: "gives a server a clock that is wrong",
        check: "faketime --version",
    },
    Package {
        name: "nginx-light",
        why: "the other one",
        check: "nginx -v",
    },
    Package {
        name: "prometheus",
        why: "its promtool reads the alerting rules",
        check: "promtool --version",
    },
    Package {
        name: "python3-aiosmtpd",
        why: "the mail server that takes what the tests send",
        check: "test -e /usr/lib/python3/dist-packages/aiosmtpd",
    },
    Package {
        name: "rsyslog",
        why: "a syslog for the audit log",
        check: "test -e /usr/sbin/rsyslogd",
    },
    Package {
        name: "iproute2",
        why: "networks that the tests cut",
        check: "ip -V",
    },
];

pub const INTEROP: &[Package] = &[
    Package {
        name: "python3-venv",
        why: "runs the Python clients of the interop tests",
        check: "python3 -m ensurepip --version",
    },
    Package {
        name: "nodejs",
        why: "runs the Node clients of the interop tests",
        check: "node --version",
    },
    Package {
        name: "npm",
        why: "installs those Node clients",
        check: "npm --version",
    },
    Package {
        name: "golang-go",
        why: "runs the Go client of the interop tests",
        check: "go version",
    },
    Package {
        name: "default-jdk-headless",
        why: "runs the Java client of the interop tests",
        check: "javac -version",
    },
    Package {
        name: "maven",
        why: "installs the libraries of that Java client",
        check: "mvn --version",
    },
    Package {
        name: "libapache2-mod-auth-openidc",
        why: "a web server's login module, for the interop tests",
        check: "test -e /usr/lib/apache2/modules/mod_auth_openidc.so",
    },
    Package {
        name: "apache2",
        why: "the web server of that module",
        check: "apache2 -v",
    },
];

pub const FUZZ: &[Package] = &[Package {
    name: "g++",
    why: "compiles libFuzzer",
    check: "c++ --version",
}];

pub const INSTRUCTIONS: &[Package] = &[Package {
    name: "valgrind",
    why: "counts the instructions of a request",
    check: "valgrind --version",
}];

/// What the peers of the benchmark run on.
pub const PEERS: &[Package] = &[
    Package {
        name: "nodejs",
        why: "runs a peer of the benchmark",
        check: "node --version",
    },
    Package {
        name: "npm",
        why: "installs that peer",
        check: "npm --version",
    },
    Package {
        name: "glewlwyd",
        why: "a peer of the benchmark",
        check: "glewlwyd --version",
    },
    Package {
        name: "sqlite3",
        why: "makes that peer's database",
        check: "sqlite3 --version",
    },
    Package {
        name: "openssl",
        why: "makes its key",
        check: "openssl version",
    },
    Package {
        name: "curl",
        why: "sets it up",
        check: "curl --version",
    },
];

/// Installs those that are missing; says so, and why.
pub fn install(wanted: &[Package]) -> anyhow::Result<()> {
    let missing = || wanted.iter().filter(|package| !succeeds(package.check));
    let names: Vec<_> = missing().map(|package| package.name).collect();
    if names.is_empty() {
        return Ok(());
    }
    println!("\nMissing on this machine:");
    for package in missing() {
        println!("  {:<16} {}", package.name, package.why);
    }
    let install = format!(
        "apt-get install --yes --no-install-recommends {}",
        names.join(" ")
    );
    if !succeeds("apt-get --version") {
        bail!("this is not Debian: install {} by hand", names.join(", "));
    }
    if !is_root()? {
        bail!("only root may install them: sudo apt-get update && sudo {install}");
    }
    let apt = |line: &str| run(command(line).env("DEBIAN_FRONTEND", "noninteractive"));
    apt("apt-get update --quiet=2")?;
    apt(&format!("{install} --quiet=2"))?;
    match missing().next() {
        None => Ok(()),
        Some(package) => bail!(
            "{} is installed, but `{}` fails",
            package.name,
            package.check
        ),
    }
}

fn is_root() -> anyhow::Result<bool> {
    let status = std::fs::read_to_string("/proc/self/status").context("cannot see who I am")?;
    let line = status.lines().find_map(|line| line.strip_prefix("Uid:"));
    Ok(line.and_then(|line| line.split_whitespace().nth(1)) == Some("0"))
}
