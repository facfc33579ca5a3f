/** Narratives of a summary: small tables in XHTML, as FHIR's `div` allows them. Pure. */
import type { Narrative, Resource } from '../../../kernel/fhir/types.ts';
import { factOf } from './facts.ts';

/** One row a resource; `none` when there is none. */
export function tableOf(
  resources: readonly Resource[],
  columns: readonly [string, string, string],
  none: string,
): Narrative {
  if (resources.length === 0) return narrative(`<p>${escaped(none)}</p>`);
  const head = columns.map((column) => `<th>${escaped(column)}</th>`).join('');
  const rows = resources.map((resource) => {
    const { date, what, detail } = factOf(resource);
    return `<tr><td>${escaped(dayOf(date))}</td><td>${escaped(what)}</td><td>${escaped(detail)}</td></tr>`;
  });
  return narrative(`<table><thead><tr>${head}</tr></thead><tbody>${rows.join('')}</tbody></table>`);
}

export function narrative(content: string): Narrative {
  return {
    status: 'generated',
    div: `<div xmlns="http://www.w3.org/1999/xhtml" lang="vi" xml:lang="vi">${content}</div>`,
  };
}

/** `2026-11-22T…` → `22/11/2026`, with the precision that was recorded. */
function dayOf(date: string): string {
  return date.slice(0, 10).split('-').reverse().join('/');
}

export function escaped(text: string): string {
  return text.replace(
    /[&<>"]/g,
    (sign) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[sign]!,
  );
}
