//! A file for a picture: made before the rights to do so are given up, written at the end.

use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::print;
use super::rights::Rights;
use crate::error::{Error, Result};

pub struct Picture {
    path: PathBuf,
    /// None for standard output.
    file: Option<Arc<File>>,
}

impl Picture {
    /// `-` is standard output. The file is to belong to whom the process goes on as.
    ///
    /// # Errors
    /// Where the file can't be made.
    pub(super) fn create(path: PathBuf, rights: &mut Rights) -> Result<Self> {
        if path.as_os_str() == "-" {
            return Ok(Self { path, file: None });
        }
        let file = File::create(&path).map_err(|cause| failed("create", &path, cause))?;
        let file = Arc::new(file);
        rights.created.push(Arc::clone(&file));
        let file = Some(file);
        Ok(Self { path, file })
    }

    pub(super) fn write(&self, picture: &str) -> Result<()> {
        match &self.file {
            None => print(picture.as_bytes()),
            Some(file) => file
                .as_ref()
                .write_all(picture.as_bytes())
                .map_err(|cause| failed("write", &self.path, cause)),
        }
    }
}

fn failed(doing: &'static str, path: &Path, cause: io::Error) -> Error {
    Error::File {
        doing,
        path: path.to_owned(),
        cause,
    }
}
