import { useLayoutEffect, useState } from 'react';

/** Two lines and their margins. */
const LEAST = 64;

/**
 * Height of the rows on a phone, where cells wrap: what the tallest of those drawn so far asks for. It only grows, so that
 * nothing jumps back while scrolling.
 */
export function useNarrowHeight(scroll: { current: HTMLDivElement | null }, narrow: boolean): number {
  const [height, setHeight] = useState(LEAST);
  useLayoutEffect(() => {
    if (!narrow) return;
    const rows = scroll.current?.querySelectorAll('.yb-list-body > [data-narrow]') ?? [];
    const tallest = Math.max(height, ...[...rows].map((row) => row.scrollHeight + 1));
    if (tallest > height) setHeight(tallest);
  });
  return height;
}
