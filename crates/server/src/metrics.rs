#[derive(Default)]
pub struct Metrics;
pub async fn serve(
    _: tokio::net::TcpListener,
    _: crate::app::Shared,
    stop: impl Future,
) -> anyhow::Result<()> {
    stop.await;
    Ok(())
}
impl Metrics {
    pub fn request(
        &self,
        _route: &str,
        _method: &str,
        _status: u16,
        _elapsed: std::time::Duration,
    ) {
    }
    pub fn bearer(&self, _outcome: &'static str) {}
    pub fn refusal(&self, _endpoint: &'static str, _cause: &'static str) {}
    pub fn issued(&self, _kind: &'static str) {}
    pub fn login(&self, _outcome: &'static str) {}
}
