//! What a process can still do after `privilege::drop`: tried from inside, in a process of its own.

use std::env;
use std::fs::{self, File};
use std::io::{ErrorKind, Read, Write};
use std::net::{TcpStream, UdpSocket};
use std::os::fd::AsRawFd;
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::process::Command;

use netinspect::privilege::{self, Needs, Wish};

/// The folder in which the test below is to try things; only set in the process that is to lose its rights.
const FOLDER: &str = "NETINSPECT_SANDBOX_FOLDER";

#[test]
fn only_what_is_needed_is_left() {
    let folder = tempfile::tempdir().expect("a folder");
    for name in ["kept", "other"] {
        fs::create_dir(folder.path().join(name)).expect("a folder");
    }
    fs::write(folder.path().join("needed"), "needed").expect("a file");
    fs::write(folder.path().join("secret"), "secret").expect("a file");
    let done = Command::new(env::current_exe().expect("this program"))
        .args(["--exact", "inside", "--ignored", "--nocapture"])
        .env(FOLDER, folder.path())
        .env_remove("SUDO_UID")
        .output()
        .expect("it runs");
    let said = String::from_utf8_lossy(&done.stdout) + String::from_utf8_lossy(&done.stderr);
    assert!(done.status.success(), "{said}");
    assert!(said.contains("tried everything"), "it did not run: {said}");
}

#[test]
#[ignore = "loses its rights; run by the test above"]
fn inside() {
    let Some(folder) = env::var_os(FOLDER) else {
        return;
    };
    let folder = Path::new(&folder);
    let (kept, other) = (folder.join("kept"), folder.join("other"));
    let mut open_before = File::create(folder.join("open")).expect("a file");
    // As good as a packet socket: what counts is the number.
    let (mut receiver, mut sender) = UnixStream::pair().expect("sockets");
    let needs = Needs {
        reads: vec![folder.join("needed"), folder.join("missing")],
        folders: vec![kept.clone()],
        created: Vec::new(),
        receivers: vec![receiver.as_raw_fd()],
    };
    let dropped = privilege::drop(&Wish::default(), &needs).expect("it drops");
    let gone = dropped.describe();

    // What is needed still works.
    open_before.write_all(b"more").expect("it is open");
    assert_eq!(fs::read(folder.join("needed")).expect("named"), b"needed");
    for _ in 0..2 {
        fs::write(kept.join("new"), "new").expect("in the folder, also over what is there");
    }
    fs::rename(kept.join("new"), kept.join("renamed")).expect("in the folder");
    fs::remove_file(kept.join("renamed")).expect("in the folder");
    std::thread::spawn(|| ()).join().expect("threads can start");

    // The rest does not. Whatever the kernel lacks was said.
    let status = fs::read_to_string("/proc/thread-self/status");
    if gone.contains("Landlock") {
        let denied = |error: std::io::Error| error.kind() == ErrorKind::PermissionDenied;
        assert!(status.is_err_and(denied), "/proc can be read");
        let read = File::open(folder.join("secret")).and_then(|mut file| file.read(&mut [0]));
        assert!(read.is_err_and(denied), "another file can be read");
        assert!(fs::write(folder.join("needed"), "x").is_err_and(denied));
        assert!(fs::write(other.join("new"), "x").is_err_and(denied));
        assert!(fs::create_dir(kept.join("folder")).is_err_and(denied));
        assert!(fs::remove_file(folder.join("secret")).is_err_and(denied));
    } else {
        assert!(gone.contains("no Landlock"), "{gone}");
    }
    if gone.contains("seccomp)") && !gone.contains("no seccomp") {
        assert!(UdpSocket::bind("127.0.0.1:0").is_err(), "a socket opens");
        assert!(TcpStream::connect("127.0.0.1:9").is_err_and(|error| {
            // Not "refused", which would be an answer from the network.
            error.kind() == ErrorKind::PermissionDenied
        }));
        sender.write_all(b"frame").expect("other sockets send");
        let mut bytes = [0; 5];
        receiver.read_exact(&mut bytes).expect("it receives");
        let denied = |error: std::io::Error| error.kind() == ErrorKind::PermissionDenied;
        assert!(receiver.write(b"x").is_err_and(denied), "it sends");
        assert!(receiver.try_clone().is_err_and(denied), "it is doubled");
        let duplicated = rustix::io::dup(&receiver);
        assert_eq!(duplicated.err(), Some(rustix::io::Errno::PERM));
        let sent = rustix::net::send(&receiver, b"x", rustix::net::SendFlags::empty());
        assert_eq!(sent.err(), Some(rustix::io::Errno::PERM));
        let empty = &mut rustix::net::SendAncillaryBuffer::default();
        let message = [std::io::IoSlice::new(b"x")];
        let sent = rustix::net::sendmsg(&sender, &message, empty, rustix::net::SendFlags::empty());
        assert_eq!(sent.err(), Some(rustix::io::Errno::PERM));
        // Its number is never another file's, which then could not be written.
        let number = receiver.as_raw_fd();
        drop(receiver);
        let mut next = File::create(kept.join("next")).expect("in the folder");
        assert_ne!(next.as_raw_fd(), number);
        next.write_all(b"written").expect("it is another");
    }
    assert!(
        Command::new("/bin/true").status().is_err(),
        "a program starts"
    );
    println!("tried everything");
}
