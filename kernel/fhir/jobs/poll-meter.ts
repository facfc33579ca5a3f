/** How often a job is looked at: who asks without a pause is told to wait (Bulk Data Access 2.0, "status request"). */

/** Looks that may come at once, and how many more each second allows. */
const BURST = 200;
const EACH_SECOND = 20;
/** Jobs whose looks are counted; the oldest are forgotten. */
const MOST_JOBS = 1_000;

interface Bucket {
  left: number;
  /** Milliseconds, as `now` counts them. */
  at: number;
}

/** A bucket of looks for each job. In the memory of one program: another one counts its own. */
export class PollMeter {
  readonly #buckets = new Map<string, Bucket>();

  /**
   * @param now milliseconds of any clock that only goes forward
   * @returns seconds to wait, 0 when the look is allowed
   */
  look(job: string, now: number): number {
    const bucket = this.#buckets.get(job) ?? { left: BURST, at: now };
    bucket.left = Math.min(BURST, bucket.left + ((now - bucket.at) / 1_000) * EACH_SECOND);
    bucket.at = now;
    const isAllowed = bucket.left >= 1;
    if (isAllowed) bucket.left -= 1;
    this.#buckets.delete(job);
    this.#buckets.set(job, bucket);
    if (this.#buckets.size > MOST_JOBS) this.#buckets.delete(this.#buckets.keys().next().value!);
    return isAllowed ? 0 : Math.ceil((1 - bucket.left) / EACH_SECOND);
  }
}
