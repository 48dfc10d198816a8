//! What a TCP connection to the server is told: to send at once, and to notice a silent other end.
//!
//! Version 0.9.0 of the driver leaves the system's settings as they are (its issue 4335, mended
//! behind that release) and gives nobody its socket. By those settings a small packet waits until
//! the one before it is acknowledged, which the other end puts off for 40 ms; every COPY ends with
//! two small packets. So the socket is looked for among the open files of this process. Where this
//! fails, or on Windows, all works as before, and each COPY takes 40 ms to 200 ms longer.

use std::io;
use std::time::Duration;

use rustix::fd::BorrowedFd;
use rustix::net::sockopt;
use rustix::net::{AddressFamily, getpeername};

/// How long a connection may be silent before the other end is asked whether it is there.
const SILENCE: Duration = Duration::from_secs(15);

/// How long the answer to that may take before it is asked again.
const AGAIN: Duration = Duration::from_secs(5);

/// How often it is asked.
const ASKED: u32 = 3;

/// Sets the options of every TCP connection of this process to a server on that port. Returns how
/// many there are.
pub(crate) fn set_options(port: u16) -> io::Result<usize> {
    let mut set = 0;
    for file in std::fs::read_dir("/dev/fd")? {
        let Some(number) = file?.file_name().to_str().and_then(|it| it.parse().ok()) else {
            continue;
        };
        set += usize::from(set_options_of(number, port).unwrap_or(false));
    }
    Ok(set)
}

/// Sets the options of an open file where it is a TCP connection to that port.
#[allow(unsafe_code, reason = "the driver does not give its socket away")]
fn set_options_of(number: i32, port: u16) -> rustix::io::Result<bool> {
    // SAFETY: the number is that of a file that is open at this moment, and is used for nothing but
    // these calls. Should another thread close it meanwhile, they fail, or set the same options of
    // another connection to the same port.
    let socket = unsafe { BorrowedFd::borrow_raw(number) };
    let Some(peer) = getpeername(socket)? else { return Ok(false) };
    let is_ip = matches!(peer.address_family(), AddressFamily::INET | AddressFamily::INET6);
    let peer = std::net::SocketAddr::try_from(peer);
    if !is_ip || !peer.is_ok_and(|peer| peer.port() == port) {
        return Ok(false);
    }
    // The user time-out (TCP_USER_TIMEOUT) stays as it is: it would end a COPY that the server does not
    // read for a while, since it waits for a lock.
    sockopt::set_tcp_nodelay(socket, true)?;
    sockopt::set_socket_keepalive(socket, true)?;
    sockopt::set_tcp_keepidle(socket, SILENCE)?;
    sockopt::set_tcp_keepintvl(socket, AGAIN)?;
    sockopt::set_tcp_keepcnt(socket, ASKED)?;
    Ok(true)
}

#[cfg(test)]
mod tests {
    use std::net::{TcpListener, TcpStream};

    use super::*;

    #[test]
    fn only_connections_to_the_port_are_told() {
        let (here, there) = (TcpListener::bind("127.0.0.1:0"), TcpListener::bind("[::1]:0"));
        for listener in [here.unwrap()].into_iter().chain(there.ok()) {
            let address = listener.local_addr().unwrap();
            let connection = TcpStream::connect(address).unwrap();
            assert!(!connection.nodelay().unwrap());
            assert_eq!(set_options(address.port()).unwrap(), 1);
            assert!(connection.nodelay().unwrap());
            assert!(sockopt::socket_keepalive(&connection).unwrap());
            let accepted = listener.accept().unwrap().0;
            assert!(!accepted.nodelay().unwrap());
        }
    }
}
