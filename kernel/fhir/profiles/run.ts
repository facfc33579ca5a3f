/** What one check of a resource carries along: where it is, in which resource, by which profile, what it found. */
import type { Issue } from '../../failure.ts';
import { type Environment, Work } from '../path/index.ts';
import { isObject, type Json, shortName } from './definition.ts';

/** Enough to repair a resource; the same bound as of the base validation. */
const MOST_ISSUES = 100;
/** Elements looked at for one resource: lists × slices × profiles of profiles. */
const MOST_STEPS = 2_000_000;
/** Profiles within profiles (references among the entries of a Bundle). */
const DEEPEST = 60;

/** Where a resource stands: what its references may lead to. */
export interface Place {
  /** The resource itself. */
  resource: Json;
  /** The one that carries `contained`: the resource, or the one around a contained one. */
  container: Json;
  /** The Bundle that it is an entry of. */
  bundle: Json | null;
  fullUrl: string | null;
}

/** What invariants may ask; `unknown`: one has asked for what nobody here knows. */
export type Answers = Environment & { unknown: boolean };

export class Run {
  readonly issues: Issue[] = [];
  readonly path: (string | number)[] = [];
  place: Place;
  /** The profile that is checked, and the slice within it. */
  profile = '';
  slice: string | null = null;
  /** Bounds what the invariants cost together. */
  readonly work = new Work();
  /** Made by the first invariant. */
  answers: Answers | null = null;
  readonly warnings: boolean;
  /** True while something is only tried: nothing is told. */
  #quiet = false;
  #failed = false;
  #steps = 0;
  #depth = 0;
  /** Profiles that are being checked on a value, so that a circle ends where it began. */
  readonly #open = new Map<unknown, Set<string>>();
  readonly #told = new Set<string>();
  /** Extensions whose own definition has had its say. */
  readonly #seen = new Set<unknown>();

  constructor(resource: Json, warnings: boolean) {
    this.place = { resource, container: resource, bundle: null, fullUrl: null };
    this.warnings = warnings;
  }

  get full(): boolean {
    return this.issues.length >= MOST_ISSUES;
  }

  /** True when nothing that is found any more would change the answer. */
  get decided(): boolean {
    return this.#quiet ? this.#failed : this.full;
  }

  /** Counts the work; false when the resource has cost too much, which is told once. */
  spend(steps: number): boolean {
    this.#steps += steps;
    if (this.#steps <= MOST_STEPS) return true;
    this.#quiet = false;
    if (!this.#told.has('cost')) {
      this.#told.add('cost');
      this.report(
        'too-costly',
        'Kiểm tra theo hồ sơ mẫu tốn quá nhiều việc với tài nguyên này; hãy chia nhỏ tài nguyên hoặc viết lại hồ sơ mẫu.',
        'Checking this resource by the profile costs too much: split the resource, or write the profile narrower.',
      );
    }
    this.#failed = true;
    return false;
  }

  /** @param key the property at fault below the present place; none = the place itself */
  report(
    code: string,
    text: string,
    textEn: string,
    key?: string,
    severity: Issue['severity'] = 'error',
  ): void {
    if (severity === 'error') this.#failed = true;
    if (this.#quiet || this.full || (severity !== 'error' && !this.warnings)) return;
    const name = shortName(this.profile);
    const slice = this.slice === null ? '' : `, lát cắt ${this.slice}`;
    const sliceEn = this.slice === null ? '' : `, slice ${this.slice}`;
    const issue: Issue = {
      severity,
      code,
      text: `${text} (hồ sơ mẫu ${name}${slice})`,
      textEn: `${textEn} (profile ${this.profile}${sliceEn})`,
      expression: this.expression(key),
    };
    const same = `${issue.expression}\n${code}\n${textEn}`;
    if (this.#told.has(same)) return;
    this.#told.add(same);
    this.issues.push(issue);
  }

  /** `Patient.name[0].family` */
  expression(key?: string): string {
    let text = '';
    for (const step of key === undefined ? this.path : [...this.path, key]) {
      text += typeof step === 'number' ? `[${step}]` : text === '' ? step : `.${step}`;
    }
    return text;
  }

  /** Whether a check finds no error; nothing is told. */
  holds(check: () => void): boolean {
    const quiet = this.#quiet;
    const failed = this.#failed;
    this.#quiet = true;
    this.#failed = false;
    check();
    const held = !this.#failed;
    this.#quiet = quiet;
    this.#failed = failed;
    return held;
  }

  /** Runs a check in the name of a profile; a circle of profiles on one value ends. */
  within(profile: string, value: unknown, check: () => void): void {
    const open = this.#open.get(value) ?? new Set();
    if (open.has(profile) || this.#depth >= DEEPEST) return;
    if (!this.#quiet && isObject(value) && value.url === profile) this.#seen.add(value);
    const before = this.profile;
    const slice = this.slice;
    this.#open.set(value, open.add(profile));
    this.#depth++;
    this.profile = profile;
    this.slice = null;
    check();
    this.profile = before;
    this.slice = slice;
    this.#depth--;
    open.delete(profile);
    if (open.size === 0) this.#open.delete(value);
  }

  /** Whether an extension was checked by its own definition, and not only tried. */
  hasSeen(extension: unknown): boolean {
    return this.#seen.has(extension);
  }

  /** Runs a check with the place of another resource: contained, an entry, or where a reference leads. */
  at(place: Place, check: () => void): void {
    const before = this.place;
    this.place = place;
    check();
    this.place = before;
  }

  /** Runs a check at another path. */
  elsewhere(path: readonly (string | number)[], check: () => void): void {
    const before = this.path.splice(0);
    this.path.push(...path);
    check();
    this.path.length = 0;
    this.path.push(...before);
  }
}
