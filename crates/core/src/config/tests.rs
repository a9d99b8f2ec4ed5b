//! What looks wrong about a configuration.

use super::*;

#[test]
fn a_sandbox_key_at_another_host_is_told() {
    let mut config = Config::sandbox("SD00000001", "SD00000000000001", "339901999999142");
    assert_eq!(config.warnings(), []);
    config.environment = Environment::Production;
    assert!(config.warnings()[0].en.contains("sandbox key"));
    config.app_key = "10000001".to_owned();
    assert_eq!(config.warnings(), []);
    config.environment = Environment::Sandbox;
    config.tax_num = String::new();
    assert_eq!(config.warnings().len(), 2);
}
