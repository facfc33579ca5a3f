/** The shape of a command, and what several of them share. */
import type { ParseArgsOptionsConfig } from 'node:util';
import { BackupFault } from '../../kernel/backup/fault.ts';
import { Failure } from '../../kernel/failure.ts';
import type { House } from '../house.ts';
import { contentInUse } from '../kept-content.ts';
import { runningDatabase } from '../running.ts';
import { readSettings, SettingError } from '../settings.ts';

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
export async function withHouse<T>(work: (house: House) => Promise<T>, loading = false): Promise<T> {
  const { settings } = readSettings(process.env, process.cwd());
  const joined = settings.databaseUrl === null ? runningDatabase(settings.dataFolder) : null;
  settings.databaseUrl ??= joined;
  settings.content = contentInUse(settings.dataFolder) ?? settings.content;
  // Loaded here, so that the process that only keeps the others stays small.
  const { openHouse } = await import('../house.ts');
  const house = await openHouse({
    settings,
    loading,
    log: tellOperator,
    issuer: () => '',
    embedded: joined !== null,
  });
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

/** What the operator can mend is one sentence; a defect shows where it is. */
export function tellFault(error: unknown): void {
  if (error instanceof SettingError || error instanceof UsageError || error instanceof BackupFault)
    process.stderr.write(`yba: ${error.message}\n`);
  else if (error instanceof Failure)
    process.stderr.write(`yba: ${error.issues[0]?.text ?? error.message} ${error.message}\n`);
  else
    process.stderr.write(`yba: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
}

export function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

export function required(value: unknown, name: string): string {
  if (typeof value === 'string' && value !== '') return value;
  throw new UsageError(`--${name} is missing.`);
}
