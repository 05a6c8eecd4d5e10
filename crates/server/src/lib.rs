pub mod client_address;
pub mod passwords;
pub mod tls;
pub mod world;
