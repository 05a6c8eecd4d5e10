//! A machine of a node's own: a network namespace with a cable to the clients and one to the
//! database. The latter can be cut without a sound: packets go to a station that is not there.

use std::{
    fs,
    net::Ipv4Addr,
    process::{Child, Command, Stdio},
    sync::atomic::{AtomicU32, Ordering::Relaxed},
};

/// For measurements between networks (RFC 2544): nobody else has it.
const FIRST: Ipv4Addr = Ipv4Addr::new(198, 18, 0, 0);
const NOBODY: &str = "lladdr 02:00:00:00:00:01 nud permanent";
/// CAP_NET_ADMIN and CAP_SYS_ADMIN.
const NEEDED: u64 = 1 << 12 | 1 << 21;

const MAKE: &str = "set -e; ip netns add $name
    for cable in 0 1; do
        ip link add $name.$cable type veth peer name cable$cable netns $name
    done
    ip addr add $ours0/30 dev $name.0; ip addr add $ours1/30 dev $name.1
    ip link set $name.0 up; ip link set $name.1 up
    ip -n $name addr add $its0/30 dev cable0; ip -n $name addr add $its1/30 dev cable1
    for device in lo cable0 cable1; do ip -n $name link set $device up; done";

/// What does not arrive.
#[derive(Clone, Copy, Debug)]
pub enum Cut {
    Everything,
    /// What is asked does, and is done.
    Answers,
}

pub struct Machine {
    number: u32,
    /// Its input ends with this process, however that ends.
    guard: Child,
}

/// Whether machines can be made here; says so where not.
pub fn is_allowed() -> bool {
    let status = fs::read_to_string("/proc/self/status").expect("who I am");
    let line = status.lines().find_map(|it| it.strip_prefix("CapEff:"));
    let held = line.and_then(|it| u64::from_str_radix(it.trim(), 16).ok());
    let allowed = held.is_some_and(|it| it & NEEDED == NEEDED);
    if !allowed {
        println!("PASSED OVER: only root may make network namespaces");
    }
    allowed
}

impl Machine {
    pub fn new() -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let first = std::process::id().wrapping_mul(37);
        let number = first.wrapping_add(NEXT.fetch_add(1, Relaxed)) % (1 << 14);
        let guard = Command::new("sh")
            .args(["-c", "read end; ip netns del \"$1\"", "sh", &name(number)])
            .stdin(Stdio::piped())
            .spawn();
        let machine = Self {
            number,
            guard: guard.expect("a shell"),
        };
        machine.shell(MAKE);
        machine
    }

    /// Where it finds us, the database.
    pub fn database(&self) -> Ipv4Addr {
        self.address(0, 1)
    }

    /// Where the database finds it.
    pub fn its(&self) -> Ipv4Addr {
        self.address(0, 2)
    }

    /// Where we find it, the clients.
    pub fn clients(&self) -> Ipv4Addr {
        self.address(1, 2)
    }

    fn address(&self, cable: u32, end: u32) -> Ipv4Addr {
        Ipv4Addr::from(u32::from(FIRST) + self.number * 8 + cable * 4 + end)
    }

    /// The same command, on it.
    pub fn command(&self, inner: &Command) -> Command {
        let mut command = Command::new("ip");
        command.args(["netns", "exec", &name(self.number)]);
        command.arg(inner.get_program()).args(inner.get_args());
        for (name, value) in inner.get_envs() {
            match value {
                Some(value) => command.env(name, value),
                None => command.env_remove(name),
            };
        }
        if let Some(folder) = inner.get_current_dir() {
            command.current_dir(folder);
        }
        command
    }

    pub fn cut(&self, what: Cut) {
        if matches!(what, Cut::Everything) {
            self.shell(&format!(
                "ip -n $name neigh replace $ours0 {NOBODY} dev cable0"
            ));
        }
        self.shell(&format!("ip neigh replace $its0 {NOBODY} dev $name.0"));
    }

    pub fn mend(&self, what: Cut) {
        if matches!(what, Cut::Everything) {
            self.shell("ip -n $name neigh del $ours0 dev cable0");
        }
        self.shell("ip neigh del $its0 dev $name.0");
    }

    fn shell(&self, line: &str) {
        let mut shell = Command::new("sh");
        shell.args(["-c", line]).env("name", name(self.number));
        for cable in [0, 1] {
            for (whose, end) in [("ours", 1), ("its", 2)] {
                let address = self.address(cable, end).to_string();
                shell.env(format!("{whose}{cable}"), address);
            }
        }
        assert!(shell.status().expect("a shell").success(), "{line}");
    }
}

impl Drop for Machine {
    fn drop(&mut self) {
        drop(self.guard.stdin.take());
        let _ = self.guard.wait();
    }
}

/// Short enough for a device of its own.
fn name(number: u32) -> String {
    format!("grantor{number}")
}
