/**
 * Tells answers that were typed into the open form from answers that come from elsewhere (a draft that is taken up or thrown
 * away). Whoever asks may be a moment behind: an answer of before is asked about while the next one is typed already.
 */
export class TypedItems<Items extends object> {
  readonly #typed = new WeakSet<Items>();
  #shown: Items;

  /** @param shown what the form was opened with */
  constructor(shown: Items) {
    this.#shown = shown;
  }

  /** What stands in the form after something was typed. */
  type(items: Items): void {
    this.#typed.add(items);
  }

  /** True when these came from elsewhere and are not shown yet: the form is to be opened with them. */
  isNew(items: Items): boolean {
    const isNew = items !== this.#shown && !this.#typed.has(items);
    this.#shown = items;
    return isNew;
  }
}
