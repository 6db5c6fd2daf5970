// The two languages of the lessons, and texts that exist in both.

export type Language = 'en' | 'fr';

/** The same text in every language; a lesson without its translation does not compile. */
export type Text = Record<Language, string>;

/** A text without words of either language: notation, names, numbers. */
export const same = (text: string): Text => ({ en: text, fr: text });
