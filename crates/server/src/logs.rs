pub fn start(_: &crate::config::Logs) -> anyhow::Result<()> {
    tracing_subscriber::fmt().json().init();
    Ok(())
}
