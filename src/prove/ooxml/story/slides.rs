//! Objects of which only the picture counts: on slides it stands in their place, in Word beside them.

use super::{Frame, Story};
use crate::prove::ooxml::objects;
use crate::prove::ooxml::slide_objects::{LegacyPicture, Picture, is_around_picture};
use crate::prove::xml::namespace::Ns;
use crate::prove::xml::{Element, XmlReader};
use crate::refusal::Refusal;

impl<'x> Story<'_, '_, 'x> {
    /// Passes over what is no picture of an object; true for an element that counts as usual.
    pub(super) fn enter_object(&mut self, element: &Element<'x>) -> Result<bool, Refusal> {
        let depth = self.reader.depth();
        self.in_picture = self.in_picture.filter(|picture| depth > *picture);
        self.in_frame = self.in_frame.filter(|frame| depth > *frame);
        if element.is(Ns::Slide, "spTree") && self.shapes.is_none() {
            self.shapes = Some(depth);
        }
        if element.is(Ns::Slide, "controls") {
            self.frames.push(Frame::Unwrapped);
            return Ok(false);
        }
        if self.objects.controls.contains(&self.reader.position()) {
            self.reader.skip();
            return Ok(false);
        }
        match self.objects.frames.remove(&self.reader.position()) {
            Some(Picture::Own(_)) => self.in_frame = Some(depth),
            Some(Picture::Legacy(picture)) => {
                self.legacy_picture(&picture)?;
                self.reader.skip();
                return Ok(false);
            }
            None => {}
        }
        let is_name = element.is(Ns::Slide, "cNvPr");
        if self.in_frame.is_some() && self.in_picture.is_none() {
            if element.is(Ns::Slide, "pic") {
                self.in_picture = Some(depth);
                return Ok(true);
            }
            if is_around_picture(element) {
                self.frames.push(Frame::Unwrapped);
                return Ok(false);
            }
            self.count(element);
            if is_name {
                // Links in it are counted.
                self.frame_name = Some(*element);
                self.frames.push(Frame::Unwrapped);
                return Ok(false);
            }
            self.reader.skip();
            return Ok(false);
        }
        if self.in_frame.is_some()
            && is_name
            && self.in_picture.is_some_and(|picture| depth == picture.saturating_add(2))
        {
            // The picture takes the name of its frame, which was counted there.
            let name = self.frame_name.take();
            self.counted(name.as_ref().unwrap_or(element))?;
            return Ok(false);
        }
        if objects::goes(element, self.walk.package.part(self.part)?, self.walk.context) {
            self.reader.skip();
            return Ok(false);
        }
        if element.ns == Ns::Word && matches!(element.local, "object" | "pict") {
            self.frames.push(Frame::Unwrapped);
            return Ok(false);
        }
        Ok(true)
    }

    /// After the last shape of a slide, when the end of the tree was read, come the pictures of its controls.
    pub(super) fn end_shapes(&mut self) -> Result<(), Refusal> {
        if self.shapes != Some(self.reader.depth().saturating_add(1)) {
            return Ok(());
        }
        for picture in std::mem::take(&mut self.objects.last) {
            match picture {
                Picture::Own(own) => {
                    let (element, reader) = *own;
                    self.read_elsewhere(&element, reader)?;
                }
                Picture::Legacy(picture) => self.legacy_picture(&picture)?,
            }
        }
        Ok(())
    }

    /// Reads an element that stands somewhere else: `reader` is behind its start.
    fn read_elsewhere(&mut self, element: &Element<'x>, reader: XmlReader<'x>) -> Result<(), Refusal> {
        let here = std::mem::replace(&mut self.reader, reader);
        let outside = self.reader.depth().saturating_sub(1);
        self.start(element)?;
        while self.reader.depth() > outside {
            let Some(token) = self.reader.next() else { break };
            self.token(token)?;
        }
        self.reader = here;
        Ok(())
    }

    /// Counts the picture of a VML shape as the picture that takes the place of the object.
    fn legacy_picture(&mut self, picture: &LegacyPicture<'x>) -> Result<(), Refusal> {
        let image = self.walk.part(picture.image)?;
        let image = image.ok_or_else(|| Refusal::unprovable("the picture of an object on a slide cannot be read"))?;
        for element in picture.name.iter().chain(&picture.links) {
            self.count(element);
        }
        self.walk.seen.pictures = self.walk.seen.pictures.saturating_add(1);
        picture.write(&image, &mut self.out);
        Ok(())
    }
}
