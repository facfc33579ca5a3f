/** What the caller knows beyond the form itself. */
export interface CheckWith {
  /** Does anybody know this value set? Null when the caller cannot tell. */
  knowsValueSet?(address: string): boolean | null;
}
