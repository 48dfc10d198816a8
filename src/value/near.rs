//! The word that was meant by a misspelt one.

use strsim::osa_distance;

/// Returns the word that is nearest to what was typed; `None` where none is near.
pub fn nearest<'w>(typed: &str, words: impl IntoIterator<Item = &'w str>) -> Option<&'w str> {
    let near = |word: &str| {
        let distance = osa_distance(typed, word);
        // One mistake in a short word, one more for every three letters of a longer one.
        (distance <= (word.len() / 3).max(1)).then_some(distance)
    };
    words.into_iter().filter_map(|word| Some((near(word)?, word))).min().map(|(_, word)| word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_word_is_meant_and_none_that_is_far() {
        let slugs = ["alta-firma", "firma-noua", "firma-nova"];
        assert_eq!(nearest("frima-noua", slugs), Some("firma-noua"));
        assert_eq!(nearest("firma-nov", slugs), Some("firma-nova"));
        assert_eq!(nearest("librarie", slugs), None);
        assert_eq!(nearest("", slugs), None);
    }
}
