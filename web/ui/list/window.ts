/** Which rows of a long list are drawn. Pure. */

export interface Window {
  first: number;
  /** One past the last. */
  end: number;
}

/** The rows in sight and a few beyond, so that a quick scroll meets no gap. */
export function windowOf(
  scrollTop: number,
  height: number,
  rowHeight: number,
  count: number,
  beyond = 8,
): Window {
  const first = Math.max(0, Math.floor(scrollTop / rowHeight) - beyond);
  const end = Math.min(count, Math.ceil((scrollTop + height) / rowHeight) + beyond);
  return { first: Math.min(first, end), end };
}

/** Where to scroll so that a row is in sight under a head of `headHeight`; the same place when it already is. */
export function scrollFor(
  row: number,
  rowHeight: number,
  scrollTop: number,
  height: number,
  headHeight: number,
): number {
  const top = row * rowHeight;
  const room = height - headHeight;
  if (top < scrollTop) return top;
  return top + rowHeight > scrollTop + room ? top + rowHeight - room : scrollTop;
}

/** Arrow, page, home and end keys: the next selected row; null for other keys. */
export function moveSelection(key: string, selected: number, count: number, page: number): number | null {
  const last = count - 1;
  const to: Record<string, number> = {
    ArrowDown: selected + 1,
    ArrowUp: selected - 1,
    PageDown: selected + page,
    PageUp: selected - page,
    Home: 0,
    End: last,
  };
  return key in to && count > 0 ? Math.min(Math.max(to[key]!, 0), last) : null;
}
