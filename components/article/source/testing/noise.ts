/** Letters and digits that look random, put together here so that no scanner takes this file for a leak. */
export function noise(length: number, alphabet = "aZ3kQ9xB7mR1pL5wN8vC2tJ6yD4hF0gS"): string {
  return Array.from({ length }, (_, index) => alphabet[(index * 7 + (index >> 2)) % alphabet.length]).join(
    "",
  );
}
