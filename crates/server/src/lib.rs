pub mod client_address;
pub mod world;
