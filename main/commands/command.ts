/** The shape of a command, and what several of them share. */
import type { ParseArgsOptionsConfig } from 'node:util';
import { type House, openHouse } from '../house.ts';
import { runningDatabase } from '../running.ts';
import { readSettings } from '../settings.ts';

export interface Command {
  name: string;
  summary: string;
  /** Printed by `--help`; ends with a line break. */
  help: string;
  options: ParseArgsOptionsConfig;
  /** @returns exit status */
  run(values: Record<string, unknown>, words: string[]): Promise<number>;
}

/** The command was called wrongly: one sentence, status 1. */
export class UsageError extends Error {}

/** Opens the record, does the work, closes it. Joins the embedded database of a program that is running. */
export async function withHouse<T>(work: (house: House) => Promise<T>): Promise<T> {
  const { settings } = readSettings(process.env, process.cwd());
  settings.databaseUrl ??= runningDatabase(settings.dataFolder);
  const house = await openHouse({ settings, log: tellOperator, issuer: () => '' });
  try {
    return await work(house);
  } finally {
    await house.close();
  }
}

export function tellOperator(sentence: string, error?: unknown): void {
  const detail = error instanceof Error ? `\n${error.stack ?? error.message}` : '';
  process.stderr.write(`${sentence}${detail}\n`);
}

export function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

export function required(value: unknown, name: string): string {
  if (typeof value === 'string' && value !== '') return value;
  throw new UsageError(`--${name} is missing.`);
}
