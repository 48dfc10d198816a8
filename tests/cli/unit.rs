//! The unit that runs `vama watch` as a service, as systemd judges it.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::tools::tool;

/// How exposed the service may be, in tenths: systemd calls 100 dangerous.
const EXPOSURE_MAX: &str = "20";

/// Where the unit expects the program.
const PROGRAM: &str = "/usr/local/bin/vama";

fn unit() -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    fs::read_to_string(root.join("contrib/vama-watch.service")).unwrap()
}

/// Runs systemd-analyze on the unit, its program replaced by the one that is tested.
fn analyze(arguments: &[&str]) {
    if !tool("systemd-analyze") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("vama-watch.service");
    let program = assert_cmd::cargo::cargo_bin("vama");
    fs::write(&file, unit().replace(PROGRAM, program.to_str().unwrap())).unwrap();
    let output = Command::new("systemd-analyze").args(arguments).arg(&file).output().unwrap();
    let said = [output.stdout, output.stderr].map(|it| String::from_utf8_lossy(&it).into_owned());
    assert!(output.status.success(), "{}", said.concat());
    // What systemd says of other units of the machine does not matter.
    let complaint = said[1].lines().find(|line| line.contains("vama"));
    assert_eq!(complaint, None);
}

#[test]
fn systemd_finds_no_fault_with_the_unit() {
    analyze(&["verify", "--man=no"]);
}

#[test]
fn the_service_is_well_fenced_in() {
    analyze(&["security", "--no-pager", "--offline=true", "--threshold", EXPOSURE_MAX]);
}

#[test]
fn the_unit_waits_for_vama_and_lets_it_write_to_the_inbox_alone() {
    let unit = unit();
    let value = |key: &str| {
        let mut values = unit.lines().filter_map(|line| line.strip_prefix(key)?.strip_prefix('='));
        let value = values.next().unwrap_or_else(|| panic!("{key} is not set"));
        assert_eq!(values.next(), None, "{key} is set twice");
        value.to_owned()
    };
    assert_eq!(value("Type"), "notify");
    assert_eq!(value("NotifyAccess"), "main");
    let inbox = value("ReadWritePaths");
    assert_eq!(value("ExecStart"), format!("{PROGRAM} watch {inbox}"));
    // The head of the unit tells how to install it, by the same names.
    for name in [PROGRAM, &inbox, &value("EnvironmentFile"), &value("User")] {
        let told = unit.lines().any(|line| line.starts_with("#   ") && line.contains(name));
        assert!(told, "{name}");
    }
}
