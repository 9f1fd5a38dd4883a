/** What could move the cursor, color the terminal, or turn the direction of a text. */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\u2028\u2029]/gu;

/** Text of others on one line of a terminal. */
export const printable = (text: string): string => text.replace(UNPRINTABLE, "\ufffd");
