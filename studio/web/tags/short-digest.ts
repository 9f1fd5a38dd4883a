/** Enough of a digest to tell two images apart; also of one at the end of a reference. */
export const shortDigest = (text: string): string =>
  text.replace(/(sha256:[0-9a-f]{12})[0-9a-f]+$/, (_, digits: string) => `${digits}…`);
