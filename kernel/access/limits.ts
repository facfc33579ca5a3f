/** Limits of sign-in and access: dated content, because a circular sets them. */
import type { Content } from '../content/content.ts';

export interface Limits {
  failuresBeforeLock: number;
  lockMinutes: number;
  idleMinutes: number;
  idleMinutesAdministrator: number;
  sessionMinutes: number;
  passwordLength: number;
  passwordClasses: number;
  careDays: number;
  breakGlassMinutes: number;
  tokenMinutes: number;
}

/** The rows of `content/access/limits.csv` in force on an ISO date. Throws a plain Error when one is missing. */
export function readLimits(content: Content, date: string): Limits {
  const rows = new Map(content.inForce('access/limits', date).map((row) => [row.name, Number(row.value)]));
  const value = (name: string): number => {
    const found = rows.get(name);
    if (found === undefined || !Number.isFinite(found))
      throw new Error(`access/limits.csv has no "${name}" on ${date}`);
    return found;
  };
  return {
    failuresBeforeLock: value('failures_before_lock'),
    lockMinutes: value('lock_time'),
    idleMinutes: value('idle_time'),
    idleMinutesAdministrator: value('idle_time_administrator'),
    sessionMinutes: value('session_time'),
    passwordLength: value('password_length'),
    passwordClasses: value('password_classes'),
    careDays: value('care_time'),
    breakGlassMinutes: value('break_glass_time'),
    tokenMinutes: value('token_time'),
  };
}
