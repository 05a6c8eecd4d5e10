//! Three nodes on one PostgreSQL, each at a port of its own, which end and begin anew
//! under the hands of a test.

use crate::{
    actor::{Browser, Program, Wire},
    chance::Chance,
    cluster::Cluster,
    nodes::{KEY, database, home},
    port::quiet_port,
    process::{App, Home, Server},
};

pub const NODES: usize = 3;

pub struct Fleet {
    pub home: Home,
    settings: Vec<String>,
    /// The ways to the nodes.
    pub wires: Vec<Wire>,
    servers: Vec<Option<Server>>,
    ports: Vec<u16>,
}

impl Fleet {
    /// `settings`: further flags of every node.
    pub fn start(settings: &[&str]) -> Self {
        Self::behind(None, settings)
    }

    /// What the world knows them by: the port of a balancer, or that of the first.
    pub fn behind(balancer: Option<u16>, settings: &[&str]) -> Self {
        let home = home(&database(Cluster::get()), KEY);
        // With an administrator no start has anything to print but its log.
        let operator = "user add --email operator@example.org --name Operator --admin";
        home.run(&operator.split(' ').collect::<Vec<_>>(), "");
        let ports: Vec<_> = std::iter::repeat_with(quiet_port).take(NODES).collect();
        let public = format!("127.0.0.1:{}", balancer.unwrap_or(ports[0]));
        let wire = |port: &u16| {
            let mut wire = Wire::new(&format!("http://127.0.0.1:{port}"));
            wire.host = Some(public.clone());
            wire
        };
        let mut fleet = Self {
            settings: std::iter::once(format!("--public-url=http://{public}"))
                .chain(settings.iter().map(|it| (*it).to_owned()))
                .collect(),
            wires: ports.iter().map(wire).collect(),
            servers: ports.iter().map(|_| None).collect(),
            home,
            ports,
        };
        (0..NODES).for_each(|node| fleet.begin(node));
        fleet
    }

    /// Starts a node, at the port that it always had.
    pub fn begin(&mut self, node: usize) {
        self.begin_with(node, &[]);
    }

    /// The same with these variables.
    pub fn begin_with(&mut self, node: usize, variables: &[(&str, &str)]) {
        let settings: Vec<_> = self.settings.iter().map(String::as_str).collect();
        let mut command = Server::command(&self.home, self.ports[node], &settings);
        command.envs(variables.iter().copied());
        let server = Server::launch(command, self.ports[node]);
        self.servers[node] = Some(server.expect("a node starts"));
    }

    pub fn server(&self, node: usize) -> &Server {
        self.servers[node].as_ref().expect("a node that runs")
    }

    /// A node that runs; the caller ends it.
    pub fn take(&mut self, node: usize) -> Server {
        self.servers[node].take().expect("a node that runs")
    }

    pub fn browser(&self, node: usize) -> Browser {
        let mut browser = Browser::new(&self.wires[node].origin);
        browser.wire = self.wires[node].clone();
        browser
    }

    pub fn program(&self, node: usize, app: &App) -> Program {
        Program {
            wire: self.wires[node].clone(),
            app: app.clone(),
        }
    }

    /// The same user at another node.
    pub fn moved(&self, browser: &Browser, node: usize) -> Browser {
        Browser {
            wire: self.wires[node].clone(),
            cookies: browser.cookies.clone(),
        }
    }

    /// Any node.
    pub fn any(chance: &mut Chance) -> usize {
        chance.below(NODES)
    }

    /// Ends every node in order.
    pub fn stop(self) {
        for server in self.servers.into_iter().flatten() {
            assert!(server.stop().success());
        }
    }
}
