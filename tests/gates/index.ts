/** The gates of `npm test`, cheapest first. */

import { documentGate } from './documents.ts';
import { fileGate } from './files.ts';
import { commandGate, type GateResult } from './gate.ts';
import { licenceListGate } from './licence-list.ts';
import { licenceGate } from './licences.ts';
import { pinnedGate } from './pinned.ts';
import { secretGate } from './secrets.ts';

const FLOORS = ['main', 'web', 'modules', 'engines', 'kernel'];

/** @param root the checkout */
export async function* allGates(root: string): AsyncGenerator<GateResult> {
  yield fileGate(root);
  yield documentGate(root);
  yield licenceGate(root);
  yield licenceListGate(root);
  yield pinnedGate(root);
  yield secretGate(root);
  yield await commandGate('format and lint (biome)', 'biome', ['check', root]);
  yield await commandGate('types (tsc)', 'tsc', ['--noEmit', '-p', root]);
  yield await commandGate('arrows (dependency-cruiser)', 'depcruise', [
    '--config',
    '.dependency-cruiser.cjs',
    ...FLOORS,
  ]);
  yield await commandGate('web bundle builds', 'node', ['web/build.ts']);
  yield await commandGate('bundle size', 'node', ['web/bundle-size.ts']);
}
