//! Conversations that are over, on their way out.

use std::ops::Deref;

use super::conversation::Conversation;

/// A conversation that is over or given up. It is not handed out itself: most are only looked at, and to move one takes
/// longer.
pub struct Leaving<'a> {
    place: &'a mut Option<Conversation>,
}

impl Leaving<'_> {
    /// Shows the conversation in `place` to `done`, if there is one, and empties that.
    pub(super) fn tell(place: &mut Option<Conversation>, done: &mut dyn FnMut(Leaving<'_>)) {
        if place.is_some() {
            done(Leaving { place });
        }
        *place = None;
    }

    /// Moves it out.
    pub fn keep(self) -> Conversation {
        self.place.take().expect(HELD)
    }
}

const HELD: &str = "it is told of where there is one, and kept once";

impl Deref for Leaving<'_> {
    type Target = Conversation;

    fn deref(&self) -> &Conversation {
        self.place.as_ref().expect(HELD)
    }
}
