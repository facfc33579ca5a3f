/** Content as it is the law today: compiled once for each day, so that it changes at midnight without a restart. */

/**
 * @param today the day in Vietnam, ISO date
 * @param compile makes what is in force on a day
 */
export function dated<T>(today: () => string, compile: (day: string) => T): () => T {
  let known: { day: string; made: T } | undefined;
  return () => {
    const day = today();
    if (known?.day !== day) known = { day, made: compile(day) };
    return known.made;
  };
}
