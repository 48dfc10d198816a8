//! A proxy before the server: a test can count what is sent, cut connections, take the server away,
//! and put it far away.

// Each suite uses only a part of this module.
#![allow(dead_code)]

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
#[cfg(unix)]
use std::os::unix::net::UnixStream;
use std::str::FromStr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, mpsc};
use std::thread;
use std::time::{Duration, Instant};

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
    /// How many connections still get through; `None`: any number.
    left: Option<usize>,
    /// How many were refused since.
    refused: usize,
    /// Whether the server's answers are kept back.
    is_silent: bool,
    /// The words at which the server falls silent.
    silent_at: Option<&'static str>,
    sent: Vec<u8>,
    /// How often a client has waited for the server.
    turns: usize,
    /// Where and at which words connections are cut, and how many are still to be cut.
    cut: Option<(Cut, &'static str, u32)>,
}

impl Proxy {
    /// Begins to forward to the server of this URL.
    pub fn new(server: &str) -> Self {
        Self::far(server, Duration::ZERO)
    }

    /// Begins to forward to the server of this URL, as if a word took so long to get there, and as
    /// long to come back.
    pub fn far(server: &str, distance: Duration) -> Self {
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
                let mut watched = watching.lock().unwrap();
                if watched.is_away {
                    continue;
                }
                if watched.left == Some(0) {
                    watched.refused += 1;
                    refuse(client);
                    continue;
                }
                watched.left = watched.left.map(|left| left - 1);
                drop(watched);
                forward(client, Stream::to(&options), distance, Arc::clone(&watching));
            }
        });
        Self { url, watched }
    }

    /// Returns the URL under which the server is reached through the proxy.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Lets so many connections through from now on; whoever connects after them hears that there
    /// are too many.
    pub fn allow(&self, connections: usize) {
        self.watched.lock().unwrap().left = Some(connections);
    }

    /// Returns how many connections were refused so.
    pub fn refused(&self) -> usize {
        self.watched.lock().unwrap().refused
    }

    /// Takes the server away from whoever connects from now on.
    pub fn take_away(&self) {
        self.watched.lock().unwrap().is_away = true;
    }

    /// Lets clients through again.
    pub fn give_back(&self) {
        self.watched.lock().unwrap().is_away = false;
    }

    /// Keeps back what the server answers, on all connections, as soon as a client sends these words.
    pub fn fall_silent_at(&self, words: &'static str) {
        self.watched.lock().unwrap().silent_at = Some(words);
    }

    /// Hands over what the server has answered meanwhile.
    pub fn speak_again(&self) {
        self.watched.lock().unwrap().is_silent = false;
    }

    /// Cuts the next connections on which a client sends these words, so many of them.
    pub fn cut(&self, cut: Cut, words: &'static str, times: u32) {
        self.watched.lock().unwrap().cut = Some((cut, words, times));
    }

    /// Returns how often clients began to speak after the server had: each time one had waited for the
    /// server, or said goodbye.
    pub fn turns(&self) -> usize {
        self.watched.lock().unwrap().turns
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
        let says = |words: &str| sent.windows(words.len()).any(|it| it == words.as_bytes());
        if self.silent_at.take_if(|words| says(words)).is_some() {
            self.is_silent = true;
        }
        let (cut, words, times) = self.cut.as_mut()?;
        (says(words) && *times > 0).then(|| {
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

/// Answers as a server or pooler does that has no connection to give.
fn refuse(mut client: TcpStream) {
    let mut start = [0; 1 << 10];
    drop(client.read(&mut start));
    let fields = b"SFATAL\0VFATAL\0C53300\0Msorry, too many clients already\0\0";
    let mut answer = vec![b'E'];
    answer.extend_from_slice(&u32::try_from(fields.len() + 4).unwrap().to_be_bytes());
    answer.extend_from_slice(fields);
    drop(client.write_all(&answer));
}

fn forward(client: TcpStream, server: Stream, distance: Duration, watched: Arc<Mutex<Watched>>) {
    client.set_nodelay(true).unwrap();
    let (mut from_server, to_server, close_server) = server.split();
    let (mut from_client, to_client) = (client.try_clone().unwrap(), client);
    let close_client = to_client.try_clone().unwrap();
    let close_client = move || drop(close_client.shutdown(Shutdown::Both));
    let mut to_server = Way::new(Box::new(to_server), distance, close_server);
    let mut to_client = Way::new(Box::new(to_client), distance, Box::new(close_client));
    let is_cut = Arc::new(Mutex::new(false));
    let is_cut_there = Arc::clone(&is_cut);
    let has_answered = Arc::new(AtomicBool::new(true));
    let answers = Arc::clone(&has_answered);
    let keeps_back = Arc::clone(&watched);
    thread::spawn(move || {
        let mut piece = [0; 1 << 16];
        while let Ok(count @ 1..) = from_client.read(&mut piece) {
            let mut watched = watched.lock().unwrap();
            watched.turns += usize::from(has_answered.swap(false, Ordering::SeqCst));
            let cut = watched.take(&piece[..count]);
            drop(watched);
            if cut == Some(Cut::Behind) {
                *is_cut.lock().unwrap() = true;
            }
            if cut == Some(Cut::Before) || !to_server.put(&piece[..count]) {
                break;
            }
            if cut == Some(Cut::Behind) {
                // The other thread closes both when the answer has come.
                to_server.stays_open();
                return;
            }
        }
        drop(from_client.shutdown(Shutdown::Both));
    });
    thread::spawn(move || {
        let mut piece = [0; 1 << 16];
        while let Ok(count @ 1..) = from_server.read(&mut piece) {
            while keeps_back.lock().unwrap().is_silent {
                thread::sleep(Duration::from_millis(10));
            }
            answers.store(true, Ordering::SeqCst);
            if *is_cut_there.lock().unwrap() || !to_client.put(&piece[..count]) {
                break;
            }
        }
    });
}

/// One direction of a connection. Its end is closed together with it, once all has arrived.
enum Way {
    Near {
        end: Box<dyn Write + Send>,
        close: Option<Box<dyn Fn() + Send>>,
    },
    /// What is on its way, each piece with the moment at which it arrives.
    Far {
        on_its_way: mpsc::Sender<(Instant, Vec<u8>)>,
        distance: Duration,
    },
}

impl Way {
    fn new(
        mut end: Box<dyn Write + Send>,
        distance: Duration,
        close: Box<dyn Fn() + Send>,
    ) -> Self {
        if distance.is_zero() {
            return Self::Near { end, close: Some(close) };
        }
        let (on_its_way, arriving) = mpsc::channel::<(Instant, Vec<u8>)>();
        thread::spawn(move || {
            for (moment, piece) in arriving {
                thread::sleep(moment.saturating_duration_since(Instant::now()));
                if end.write_all(&piece).is_err() {
                    break;
                }
            }
            close();
        });
        Self::Far { on_its_way, distance }
    }

    /// Sends a piece; returns whether the end still takes it.
    fn put(&mut self, piece: &[u8]) -> bool {
        match self {
            Self::Near { end, .. } => end.write_all(piece).is_ok(),
            Self::Far { on_its_way, distance } => {
                on_its_way.send((Instant::now() + *distance, piece.to_vec())).is_ok()
            }
        }
    }

    /// Leaves the end open when this way is closed.
    fn stays_open(&mut self) {
        if let Self::Near { close, .. } = self {
            *close = None;
        }
    }
}

impl Drop for Way {
    fn drop(&mut self) {
        if let Self::Near { close: Some(close), .. } = self {
            close();
        }
    }
}
