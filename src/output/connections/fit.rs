//! Tables whose least important columns go where there is no room, so that a row stays a line.

/// How wide a table may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Room {
    /// The usual columns, as wide as they are: for pipes and files.
    Usual,
    /// As many as fit a terminal of this width, the most important first.
    Terminal(usize),
    /// All of them, as wide as they are.
    Wide,
}

/// One column of a table over `Row`s.
pub(super) struct Column<Row> {
    pub name: &'static str,
    /// How soon it goes where there is no room: 0 never, up to [`USUAL`] those that are usual.
    pub rank: u8,
    pub cell: fn(&Row) -> String,
}

/// The last rank that is usual.
pub(super) const USUAL: u8 = 6;

/// A table, and the usual columns that had to go.
pub(super) struct Fitted {
    pub text: String,
    pub left_out: Vec<&'static str>,
}

/// What a column shows, and how wide it is. Cells lie one behind the other: a list may have a hundred thousand rows.
struct Filled {
    place: usize,
    cells: String,
    /// Where each cell ends.
    ends: Vec<usize>,
    width: usize,
}

impl Filled {
    fn new<Row>(place: usize, column: &Column<Row>, rows: &[Row]) -> Self {
        let mut filled = Self {
            place,
            cells: String::new(),
            ends: Vec::with_capacity(rows.len()),
            width: width(column.name),
        };
        for row in rows {
            let cell = (column.cell)(row);
            let lines = cell.split('\n').map(width);
            filled.width = lines.fold(filled.width, usize::max);
            filled.cells.push_str(&cell);
            filled.ends.push(filled.cells.len());
        }
        filled
    }

    fn cell(&self, row: usize) -> &str {
        let start = row.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.cells[start..self.ends[row]]
    }
}

const GAP: usize = 2;

/// Columns in the order given. Those that are empty everywhere tell nothing and are left out.
pub(super) fn table<Row>(columns: &[Column<Row>], rows: &[Row], room: Room) -> Fitted {
    let mut ranked: Vec<usize> = (0..columns.len()).collect();
    ranked.sort_by_key(|place| columns[*place].rank);
    let (mut shown, mut left_out): (Vec<Filled>, Vec<&str>) = (Vec::new(), Vec::new());
    let (mut total, mut is_full) = (0, false);
    for place in ranked {
        let Column { name, rank, .. } = &columns[place];
        if *rank > USUAL && (is_full || room == Room::Usual) {
            break;
        }
        let column = Filled::new(place, &columns[place], rows);
        if column.cells.is_empty() {
            continue;
        }
        // The last column needs no gap behind it, but the rows begin with a space.
        let fits = match room {
            Room::Terminal(room) => total + column.width < room,
            Room::Usual | Room::Wide => true,
        };
        if *rank > 0 && !fits {
            is_full = true;
            if *rank <= USUAL {
                left_out.push(name);
            }
            continue;
        }
        total += column.width + GAP;
        shown.push(column);
    }
    shown.sort_by_key(|column| column.place);
    let mut text = String::new();
    push_line(&mut text, &shown, |column| columns[column.place].name);
    let rule = match room {
        Room::Terminal(room) => total.min(room),
        Room::Usual | Room::Wide => total,
    };
    text.extend(std::iter::repeat_n('─', rule));
    text.push('\n');
    for row in 0..rows.len() {
        push_row(&mut text, &shown, row);
    }
    Fitted { text, left_out }
}

/// A row takes as many lines as its highest cell.
fn push_row(out: &mut String, shown: &[Filled], row: usize) {
    let height = |column: &Filled| column.cell(row).split('\n').count();
    for line in 0..shown.iter().map(height).max().unwrap_or(0) {
        push_line(out, shown, |column| {
            column.cell(row).split('\n').nth(line).unwrap_or_default()
        });
    }
}

fn push_line<'a>(out: &mut String, shown: &'a [Filled], cell: impl Fn(&'a Filled) -> &'a str) {
    for column in shown {
        let cell = cell(column);
        out.push(' ');
        out.push_str(cell);
        push_blanks(out, column.width + 1 - width(cell));
    }
    out.truncate(out.trim_end_matches(' ').len());
    out.push('\n');
}

fn push_blanks(out: &mut String, mut count: usize) {
    const BLANKS: &str = "                                ";
    while count > 0 {
        let some = count.min(BLANKS.len());
        out.push_str(&BLANKS[..some]);
        count -= some;
    }
}

/// How many columns of a terminal a text takes.
pub(super) fn width(text: &str) -> usize {
    if text.is_ascii() {
        text.len()
    } else {
        text.chars().count()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const COLUMNS: &[Column<u32>] = &[
        Column {
            name: "n",
            rank: 0,
            cell: |n| n.to_string(),
        },
        Column {
            name: "twice",
            rank: 2,
            cell: |n| (2 * n).to_string(),
        },
        Column {
            name: "none",
            rank: 1,
            cell: |_| String::new(),
        },
        Column {
            name: "words",
            rank: 1,
            cell: |n| format!("no. {n}"),
        },
        Column {
            name: "rest",
            rank: USUAL + 1,
            cell: |n| format!("{}\nand more", n % 10),
        },
    ];

    fn shown(room: Room) -> (String, Vec<&'static str>) {
        let Fitted { text, left_out } = table(COLUMNS, &[7, 12], room);
        (text, left_out)
    }

    #[test]
    fn the_least_important_goes_first() {
        let usual =
            " n   twice  words\n───────────────────\n 7   14     no. 7\n 12  24     no. 12\n";
        assert_eq!(shown(Room::Usual), (usual.to_owned(), vec![]));
        assert_eq!(shown(Room::Terminal(19)).0, usual);
        let (narrow, left_out) = shown(Room::Terminal(12));
        assert_eq!(narrow.lines().next(), Some(" n   words"));
        assert_eq!(left_out, ["twice"]);
        // What can't go stays.
        assert_eq!(shown(Room::Terminal(1)).0.lines().next(), Some(" n"));
    }

    #[test]
    fn a_cell_may_have_two_lines() {
        let (wide, _) = shown(Room::Wide);
        let lines: Vec<&str> = wide.lines().collect();
        assert_eq!(lines[2], " 7   14     no. 7   7");
        assert_eq!(lines[3], "                    and more");
        assert_eq!(shown(Room::Terminal(40)).0, wide);
    }
}
