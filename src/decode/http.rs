//! The start of HTTP/1 messages (RFC 9112), and of the protocols that look like it (RTSP, SIP, SSDP).

const METHODS: [&[u8]; 12] = [
    b"GET ",
    b"POST ",
    b"PUT ",
    b"HEAD ",
    b"DELETE ",
    b"OPTIONS ",
    b"PATCH ",
    b"CONNECT ",
    b"TRACE ",
    b"NOTIFY ",
    b"M-SEARCH ",
    b"SUBSCRIBE ",
];
const VERSION: &[u8] = b"HTTP/1.";

/// Whether the data starts a request or a response.
pub fn starts_message(data: &[u8]) -> bool {
    // Most data is told by its first byte.
    if !data.first().is_some_and(u8::is_ascii_uppercase) {
        return false;
    }
    data.starts_with(VERSION) || METHODS.iter().any(|method| data.starts_with(method))
}

/// The first line, without its end; what there is of it where it is cut.
pub fn first_line(data: &[u8]) -> &[u8] {
    let end = memchr::memchr2(b'\r', b'\n', data).unwrap_or(data.len());
    &data[..end]
}

/// The value of the first header field of that name, whatever the case.
pub fn header<'a>(data: &'a [u8], name: &str) -> Option<&'a [u8]> {
    let lines = data.split(|byte| *byte == b'\n').skip(1);
    // A blank line ends the header.
    let mut fields = lines.take_while(|line| !line.trim_ascii().is_empty());
    fields.find_map(|line| {
        let (field, value) = line.split_at_checked(name.len())?;
        let value = value.strip_prefix(b":")?;
        field
            .eq_ignore_ascii_case(name.as_bytes())
            .then(|| value.trim_ascii())
    })
}

/// Method and target of a request.
pub fn request(data: &[u8]) -> Option<(&[u8], &[u8])> {
    let line = first_line(data);
    if line.starts_with(VERSION) {
        return None;
    }
    let mut words = line.split(|byte| *byte == b' ');
    Some((words.next()?, words.next()?))
}

/// Status code of a response.
pub fn status(data: &[u8]) -> Option<u16> {
    let line = first_line(data).strip_prefix(VERSION)?;
    let digits = line.get(2..5)?;
    std::str::from_utf8(digits).ok()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const REQUEST: &[u8] =
        b"GET /index.html HTTP/1.1\r\nAccept: */*\r\nhost: example.com\r\n\r\nHost: body";

    #[test]
    fn requests_and_responses_are_told_apart() {
        assert_eq!(request(REQUEST), Some((&b"GET"[..], &b"/index.html"[..])));
        assert_eq!(status(b"HTTP/1.1 404 Not Found\r\n"), Some(404));
        assert_eq!(status(REQUEST), None);
        assert_eq!(request(b"HTTP/1.1 200 OK"), None);
    }

    #[test]
    fn header_fields_end_with_the_header() {
        assert_eq!(header(REQUEST, "Host"), Some(&b"example.com"[..]));
        assert_eq!(header(b"GET / HTTP/1.1\r\n\r\nHost: body", "Host"), None);
    }
}
