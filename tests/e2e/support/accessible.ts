/** What axe-core finds wrong with a page for people who cannot see, point or tell colours apart. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';

const source = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

interface Violation {
  id: string;
  impact: string | null;
  help: string;
  nodes: { target: string[]; failureSummary?: string }[];
}

/** Fails on every serious or critical violation of WCAG 2.2 AA, contrast and names included. */
export async function assertAccessible(page: Page, where: string): Promise<void> {
  // Run through the debugger, not as a script of the page: the page's own policy stays in force.
  await page.evaluate(source);
  const violations = await page.evaluate(async () => {
    const axe = (
      window as unknown as { axe: { run(root: Document, options: object): Promise<{ violations: unknown }> } }
    ).axe;
    const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
    return (await axe.run(document, { runOnly: { type: 'tag', values: tags } })).violations;
  });
  const bad = (violations as Violation[]).filter(
    ({ impact }) => impact === 'serious' || impact === 'critical',
  );
  const lines = bad.flatMap(({ id, help, nodes }) =>
    nodes.map(
      ({ target, failureSummary }) => `${id}: ${help}\n  ${target.join(' ')}\n  ${failureSummary ?? ''}`,
    ),
  );
  assert.equal(lines.length, 0, `${where} is not accessible:\n${lines.join('\n')}`);
}
