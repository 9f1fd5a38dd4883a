import { InvalidArgumentError } from "commander";

/** An argument that is a whole number from 1. @throws {InvalidArgumentError} where it is none */
export function positive(text: string): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1)
    throw new InvalidArgumentError("Expected a whole number from 1.");
  return number;
}

/** @throws {InvalidArgumentError} where it is none */
export function pullRequestNumber(text: string): number {
  if (!/^[1-9]\d{0,9}$/.test(text)) throw new InvalidArgumentError("Expected the number of a pull request.");
  return Number(text);
}

/** The arguments of an option that is given once per thing. */
export const gathered = (value: string, before: readonly string[] = []): string[] => [...before, value];
