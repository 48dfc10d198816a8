//! A proxy before the server: a test can count what is sent, cut connections, and take the server
//! away.

// Each suite uses only a part of this module.
#![allow(dead_code)]

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
#[cfg(unix)]
use std::os::unix::net::UnixStream;
use std::str::FromStr;
use std::sync::{Arc, Mutex};
use std::thread;

use sqlx::postgres::PgConnectOptions;

/// Where a connection is cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cut {
    /// Before the words: the server does not get them.
    Before,
    /// Behind the words: the server gets them and does what they say; its answer is lost.
    Behind,
}

/// Forwards connections to the server, until it is taken away.
pub struct Proxy {
    url: String,
    watched: Arc<Mutex<Watched>>,
}

/// What clients have sent, and the words at which connections are cut.
#[derive(Default)]
struct Watched {
    /// Whether nobody gets through.
    is_away: bool,
    sent: Vec<u8>,
    /// Where and at which words connections are cut, and how many are still to be cut.
    cut: Option<(Cut, &'static str, u32)>,
}

impl Proxy {
    /// Begins to forward to the server of this URL.
    pub fn new(server: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let options = PgConnectOptions::from_str(server).unwrap();
        let user = options.get_username();
        let database = options.get_database().unwrap_or("postgres");
        let url = format!("postgres://{user}@127.0.0.1:{port}/{database}?sslmode=disable");
        let watched = Arc::new(Mutex::new(Watched::default()));
        let watching = Arc::clone(&watched);
        // Ends with the test's process, as do the threads that forward.
        thread::spawn(move || {
            for client in listener.incoming().map_while(Result::ok) {
                if !watching.lock().unwrap().is_away {
                    forward(client, Stream::to(&options), Arc::clone(&watching));
                }
            }
        });
        Self { url, watched }
    }

    /// Returns the URL under which the server is reached through the proxy.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Takes the server away from whoever connects from now on.
    pub fn take_away(&self) {
        self.watched.lock().unwrap().is_away = true;
    }

    /// Lets clients through again.
    pub fn give_back(&self) {
        self.watched.lock().unwrap().is_away = false;
    }

    /// Cuts the next connections on which a client sends these words, so many of them.
    pub fn cut(&self, cut: Cut, words: &'static str, times: u32) {
        self.watched.lock().unwrap().cut = Some((cut, words, times));
    }

    /// Returns how often clients have sent these words.
    pub fn count(&self, words: &str) -> usize {
        let watched = self.watched.lock().unwrap();
        watched.sent.windows(words.len()).filter(|it| *it == words.as_bytes()).count()
    }
}

impl Watched {
    /// Takes in what a client sends; returns where its connection is cut.
    fn take(&mut self, sent: &[u8]) -> Option<Cut> {
        self.sent.extend_from_slice(sent);
        let (cut, words, times) = self.cut.as_mut()?;
        let has_words = sent.windows(words.len()).any(|it| it == words.as_bytes());
        (has_words && *times > 0).then(|| {
            *times -= 1;
            *cut
        })
    }
}

/// A connection to the server.
enum Stream {
    Tcp(TcpStream),
    #[cfg(unix)]
    Unix(UnixStream),
}

/// The two ends of a connection, and what closes it.
type Ends = (Box<dyn Read + Send>, Box<dyn Write + Send>, Box<dyn Fn() + Send>);

impl Stream {
    fn to(options: &PgConnectOptions) -> Self {
        #[cfg(unix)]
        if let Some(folder) = options.get_socket() {
            let socket = folder.join(format!(".s.PGSQL.{}", options.get_port()));
            return Self::Unix(UnixStream::connect(socket).unwrap());
        }
        Self::Tcp(TcpStream::connect((options.get_host(), options.get_port())).unwrap())
    }

    /// Returns its two ends, and what closes it.
    fn split(self) -> Ends {
        match self {
            Self::Tcp(stream) => {
                stream.set_nodelay(true).unwrap();
                let (read, write) = (stream.try_clone().unwrap(), stream.try_clone().unwrap());
                (
                    Box::new(read),
                    Box::new(write),
                    Box::new(move || {
                        drop(stream.shutdown(Shutdown::Both));
                    }),
                )
            }
            #[cfg(unix)]
            Self::Unix(stream) => {
                let (read, write) = (stream.try_clone().unwrap(), stream.try_clone().unwrap());
                (
                    Box::new(read),
                    Box::new(write),
                    Box::new(move || {
                        drop(stream.shutdown(Shutdown::Both));
                    }),
                )
            }
        }
    }
}

fn forward(client: TcpStream, server: Stream, watched: Arc<Mutex<Watched>>) {
    client.set_nodelay(true).unwrap();
    let (mut from_server, mut to_server, close_server) = server.split();
    let (mut from_client, mut to_client) = (client.try_clone().unwrap(), client);
    let is_cut = Arc::new(Mutex::new(false));
    let is_cut_there = Arc::clone(&is_cut);
    thread::spawn(move || {
        let mut piece = [0; 1 << 16];
        while let Ok(count @ 1..) = from_client.read(&mut piece) {
            let cut = watched.lock().unwrap().take(&piece[..count]);
            if cut == Some(Cut::Behind) {
                *is_cut.lock().unwrap() = true;
            }
            if cut == Some(Cut::Before) || to_server.write_all(&piece[..count]).is_err() {
                break;
            }
            if cut == Some(Cut::Behind) {
                // The other thread closes both when the answer has come.
                return;
            }
        }
        drop(from_client.shutdown(Shutdown::Both));
        close_server();
    });
    thread::spawn(move || {
        let mut piece = [0; 1 << 16];
        while let Ok(count @ 1..) = from_server.read(&mut piece) {
            if *is_cut_there.lock().unwrap() || to_client.write_all(&piece[..count]).is_err() {
                break;
            }
        }
        drop(to_client.shutdown(Shutdown::Both));
    });
}
