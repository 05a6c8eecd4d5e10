pub mod client_address;
pub mod config;
pub mod icons;
pub mod logs;
pub mod net;
pub mod passwords;
pub mod tls;
pub mod world;
