/** When followers of the change feed are worth a thread of their own. Pure. */

/** By itself the program is small and follows the feed beside its answers; a thread costs some 200 MB. */
export interface BusyLimits {
  /** Versions a second from which on much is written … */
  busy: number;
  /** … when it lasts for so many seconds. */
  busySeconds: number;
  /** Versions a second below which little is written … */
  quiet: number;
  /** … for so many seconds. */
  quietSeconds: number;
}

/** Much: some 40 visits a second, a third of what one thread can take in with its followers. */
export const BUSY_LIMITS: BusyLimits = { busy: 500, busySeconds: 5, quiet: 50, quietSeconds: 600 };

export class Busy {
  readonly #limits: BusyLimits;
  #isBusy = false;
  #seconds = 0;

  constructor(limits: BusyLimits = BUSY_LIMITS) {
    this.#limits = limits;
  }

  /** Told once a second how many versions were written in it. @returns whether much is being written */
  second(written: number): boolean {
    const { busy, busySeconds, quiet, quietSeconds } = this.#limits;
    const otherwise = this.#isBusy ? written < quiet : written >= busy;
    this.#seconds = otherwise ? this.#seconds + 1 : 0;
    if (this.#seconds < (this.#isBusy ? quietSeconds : busySeconds)) return this.#isBusy;
    this.#isBusy = !this.#isBusy;
    this.#seconds = 0;
    return this.#isBusy;
  }
}
