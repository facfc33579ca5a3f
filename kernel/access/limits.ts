/** Limits of sign-in and access: dated content, because a circular sets them. */
import type { Content } from '../content/content.ts';

/** Each limit and its row in `content/access/limits.csv`. Times are minutes, days or months, as the name says. */
const ROWS = {
  failuresBeforeLock: 'failures_before_lock',
  lockMinutes: 'lock_time',
  idleMinutes: 'idle_time',
  idleMinutesAdministrator: 'idle_time_administrator',
  idleMinutesCitizen: 'idle_time_citizen',
  sessionMinutes: 'session_time',
  sessionMinutesCitizen: 'session_time_citizen',
  halfSessionMinutes: 'half_session_time',
  passwordLength: 'password_length',
  passwordClasses: 'password_classes',
  passwordLengthSecondFactor: 'password_length_second_factor',
  passwordBits: 'password_bits',
  passwordDaysAdministrator: 'password_age_administrator',
  passwordHistoryAdministrator: 'password_history_administrator',
  firstPasswordDays: 'first_password_time',
  unusedDays: 'unused_time',
  reviewMonths: 'review_time',
  challengeMinutes: 'challenge_time',
  proofMinutes: 'proof_time',
  oneTimeCodeMinutes: 'one_time_code_time',
  oneTimeCodeTries: 'one_time_code_tries',
  oneTimeCodesByPhone: 'one_time_codes_by_phone',
  oneTimeCodesByPhoneInADay: 'one_time_codes_by_phone_in_a_day',
  oneTimeCodesByAddress: 'one_time_codes_by_address',
  careDays: 'care_time',
  breakGlassMinutes: 'break_glass_time',
  tokenMinutes: 'token_time',
  personTokenMinutes: 'person_token_time',
  offlineDays: 'offline_access_time',
  signingKeyDays: 'signing_key_age',
} as const;

export type Limits = Record<keyof typeof ROWS, number>;

/** The rows of `content/access/limits.csv` in force on an ISO date. Throws a plain Error when one is missing. */
export function readLimits(content: Content, date: string): Limits {
  const rows = new Map(content.inForce('access/limits', date).map((row) => [row.name, Number(row.value)]));
  const value = (name: string): number => {
    const found = rows.get(name);
    if (found === undefined || !Number.isFinite(found))
      throw new Error(`access/limits.csv has no "${name}" on ${date}`);
    return found;
  };
  return Object.fromEntries(Object.entries(ROWS).map(([key, row]) => [key, value(row)])) as Limits;
}
