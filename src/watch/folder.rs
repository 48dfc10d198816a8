//! A folder by its handle: no call on it follows a link or leaves the folder.

use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::io::{self, Read, Write};
use std::path::Path;
use std::time::SystemTime;

use cap_fs_ext::{
    DirExt, FileTypeExt, FollowSymlinks, MetadataExt, OpenOptionsFollowExt, OpenOptionsSyncExt,
};
use cap_std::ambient_authority;
use cap_std::fs::{Dir, Metadata, OpenOptions};

use super::rename::rename;
use super::writers::FileId;

/// Which file it is, and in which state. Another file has another fingerprint, and so has the same
/// file when it was written to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Fingerprint {
    device: u64,
    inode: u64,
    /// How many bytes it has.
    pub(super) bytes: u64,
    modified: Option<SystemTime>,
}

impl Fingerprint {
    fn of(metadata: &Metadata) -> Self {
        Self {
            device: metadata.dev(),
            inode: metadata.ino(),
            bytes: metadata.len(),
            modified: metadata.modified().ok().map(cap_std::time::SystemTime::into_std),
        }
    }

    /// Returns which file it is, whatever its state.
    pub(super) fn id(&self) -> FileId {
        (self.device, self.inode)
    }

    /// Returns whether size and time are the same, whichever file it is.
    pub(super) fn is_like(&self, other: &Self) -> bool {
        (self.bytes, self.modified) == (other.bytes, other.modified)
    }

    /// Returns the fingerprint of an open file.
    pub(super) fn of_file(file: &File) -> io::Result<Self> {
        let file = cap_std::fs::File::from_std(file.try_clone()?);
        Ok(Self::of(&file.metadata()?))
    }
}

/// Which folder it is, whatever its name. A folder that was made anew under the same name has
/// another identity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Identity(u64, u64, Option<SystemTime>);

/// What stands under a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    File,
    Folder,
    /// `symbolic link`, `pipe` and so on.
    Other(&'static str),
}

impl Kind {
    fn of(metadata: &Metadata) -> Self {
        let kind = metadata.file_type();
        if kind.is_file() {
            Self::File
        } else if kind.is_dir() {
            Self::Folder
        } else if kind.is_symlink() {
            Self::Other("symbolic link")
        } else if kind.is_fifo() {
            Self::Other("pipe")
        } else if kind.is_socket() {
            Self::Other("socket")
        } else {
            Self::Other("device")
        }
    }
}

/// A folder.
#[derive(Debug)]
pub(super) struct Folder(Dir);

impl Folder {
    /// Opens the folder that the user named, through links as the system does.
    pub(super) fn open(path: &Path) -> io::Result<Self> {
        Ok(Self(Dir::open_ambient_dir(path, ambient_authority())?))
    }

    /// Opens a folder inside this one; a link is refused.
    pub(super) fn below(&self, name: &OsStr) -> io::Result<Self> {
        Ok(Self(self.0.open_dir_nofollow(name)?))
    }

    /// Opens a folder inside this one, and makes it where it is missing; returns whether it was
    /// made.
    pub(super) fn made(&self, name: &OsStr) -> io::Result<(Self, bool)> {
        match self.below(name) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            there => return Ok((there?, false)),
        }
        let is_new = match self.0.create_dir(name) {
            // Another watcher made it first.
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => false,
            made => made.map(|()| true)?,
        };
        Ok((self.below(name)?, is_new))
    }

    /// Returns which folder it is.
    pub(super) fn identity(&self) -> io::Result<Identity> {
        let metadata = self.0.dir_metadata()?;
        // The file system soon gives the number of a removed folder to another, so the number alone
        // is not enough.
        let made = metadata.created().ok().map(cap_std::time::SystemTime::into_std);
        Ok(Identity(metadata.dev(), metadata.ino(), made))
    }

    /// Returns the names in the folder.
    pub(super) fn names(&self) -> io::Result<Vec<OsString>> {
        self.0.entries()?.map(|entry| Ok(entry?.file_name())).collect()
    }

    /// Looks at what stands under a name, not at what it links to.
    pub(super) fn look(&self, name: &OsStr) -> io::Result<(Kind, Fingerprint)> {
        let metadata = self.0.symlink_metadata(name)?;
        Ok((Kind::of(&metadata), Fingerprint::of(&metadata)))
    }

    /// Returns whether anything stands under the name, as far as that can be known.
    pub(super) fn has(&self, name: &OsStr) -> bool {
        !matches!(self.look(name), Err(error) if error.kind() == io::ErrorKind::NotFound)
    }

    /// Opens a file to read it; never through a link, and never waiting for the other end of a pipe.
    pub(super) fn file(&self, name: &OsStr) -> io::Result<File> {
        let mut options = OpenOptions::new();
        options.read(true).follow(FollowSymlinks::No).nonblock(true);
        Ok(self.0.open_with(name, &options)?.into_std())
    }

    /// Moves a file into another folder; see [`rename`].
    pub(super) fn pass(&self, name: &OsStr, to: &Self, new_name: &OsStr) -> io::Result<()> {
        rename(&self.0, name, &to.0, new_name)
    }

    /// Writes a text file; a file that has the name already is overwritten.
    pub(super) fn write(&self, name: &OsStr, text: &str) -> io::Result<()> {
        let mut options = OpenOptions::new();
        options.write(true).create(true).truncate(true).follow(FollowSymlinks::No).nonblock(true);
        self.0.open_with(name, &options)?.write_all(text.as_bytes())
    }

    /// Returns whether there is a file of that name which begins with the text.
    pub(super) fn begins_with(&self, name: &OsStr, start: &str) -> bool {
        let mut head = vec![0; start.len()];
        matches!(self.look(name), Ok((Kind::File, _)))
            && self.file(name).and_then(|mut file| file.read_exact(&mut head)).is_ok()
            && head == start.as_bytes()
    }

    /// Removes a file.
    pub(super) fn remove(&self, name: &OsStr) -> io::Result<()> {
        self.0.remove_file(name)
    }
}
