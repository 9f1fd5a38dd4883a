/** Whether the answer to a question that ends in `[y/N]` is a yes. */
export const isYes = (answer: string): boolean => /^y(?:es)?$/i.test(answer.trim());
